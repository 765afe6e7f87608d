"""A wrong setting is named before anything is done, and its value is not repeated."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli.main import app
from orchestration.settings import Settings, SettingsError


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("C360_THREADS", "many"),
        ("C360_THREADS", "0"),
        ("C360_MEMORY_LIMIT", "lots"),
        ("C360_SNAPSHOTS_KEPT", "0"),
        ("C360_SETTLE_SECONDS", "-1"),
        ("C360_COMPANY", "nowhere"),
        ("C360_DOCS_ADDRESS", "nowhere"),
    ],
)
def test_setting_that_can_mean_nothing_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=f"^{variable}: "):
        Settings()


@pytest.mark.parametrize("size", ["6GB", "512 MB", "0.5gb", "6GiB"])
def test_memory_may_be_said_in_each_way_that_duckdb_reads(size: str) -> None:
    assert Settings(memory_limit=size).memory_limit == size


def test_wrong_setting_is_wrong_input_of_every_verb(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("C360_HOME", str(tmp_path))
    monkeypatch.setenv("C360_THREADS", "Wanjiru")
    result = CliRunner().invoke(app, ["run"])
    assert result.exit_code == 2
    assert "C360_THREADS" in result.stderr
    assert "Wanjiru" not in result.stderr
    assert not [*tmp_path.iterdir()]
