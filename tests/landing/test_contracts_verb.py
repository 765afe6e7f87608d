"""`c360 contracts` checks the contracts of a company, and writes what dbt has to know."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli.main import app
from orchestration.settings import PROJECT_DIR

ONLINE_RETAIL = PROJECT_DIR / "tests" / "companies" / "online_retail"


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A company of its own, with one contract and a dbt project without a source."""
    company = tmp_path / "company"
    shutil.copytree(ONLINE_RETAIL / "sources", company / "sources")
    (company / "dbt_project" / "models").mkdir(parents=True)
    monkeypatch.setenv("C360_COMPANY", str(company))
    return company


def test_dbt_file_that_is_missing_is_an_error_and_can_be_written(company: Path) -> None:
    runner = CliRunner()
    missing = runner.invoke(app, ["contracts"])
    assert missing.exit_code == 1
    assert "c360 contracts --write-dbt-sources" in missing.stderr
    assert runner.invoke(app, ["contracts", "--write-dbt-sources"]).exit_code == 0
    assert (company / "dbt_project" / "models" / "staging" / "_landing__sources.yml").is_file()
    checked = runner.invoke(app, ["contracts", "check", "--json"])
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["contracts"] == [
        {"table": "retail_invoice_lines", "delivery": "full", "columns": 8}
    ]


def test_contract_with_an_unknown_key_is_wrong_input(company: Path) -> None:
    contract = company / "sources" / "retail" / "invoice_lines.yml"
    text = contract.read_text(encoding="utf-8").replace("delivery:", "delivry:")
    contract.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["contracts"])
    assert result.exit_code == 2
    assert "retail/invoice_lines.yml: " in result.stderr
    assert "did you mean delivery?" in result.stderr
