import os
import sys
from pathlib import Path

import pytest

from orchestration.cli.environment import prepare_home, tool_environment
from orchestration.settings import PROJECT_DIR, Settings


@pytest.fixture
def settings(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("C360_")]:
        monkeypatch.delenv(name)
    return Settings(home=tmp_path / "home")


def test_programs_of_this_environment_are_found_first(settings):
    programs = str(Path(sys.executable).parent)
    variables = tool_environment(settings, {"PATH": f"/usr/bin:{programs}:/bin"})
    assert variables["PATH"] == f"{programs}:/usr/bin:/bin"


def test_folders_are_absolute_for_tools_that_work_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    variables = tool_environment(Settings(home=Path("state")), {})
    assert variables["C360_HOME"] == str(tmp_path / "state")
    assert variables["DAGSTER_HOME"] == str(tmp_path / "state" / "dagster")
    assert variables["C360_INBOX"] == str(tmp_path / "state" / "inbox")


def test_company_is_passed_on_only_when_there_is_one(settings, tmp_path):
    assert "C360_COMPANY" not in tool_environment(settings, {})
    (tmp_path / "acme" / "sources").mkdir(parents=True)
    company = Settings(home=tmp_path, company=tmp_path / "acme")
    assert tool_environment(company, {})["C360_COMPANY"] == str(tmp_path / "acme")


def test_nothing_phones_home(settings):
    variables = tool_environment(settings, {})
    assert variables["DO_NOT_TRACK"] == "1"
    assert variables["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"
    assert variables["RUNTIME__DLTHUB_TELEMETRY"] == "false"
    assert variables["GX_ANALYTICS_ENABLED"] == "false"


def test_instance_gets_the_settings_of_the_repository_also_over_an_old_copy(settings, monkeypatch):
    monkeypatch.setattr(os, "environ", os.environ.copy())
    settings.dagster_dir.mkdir(parents=True)
    copy = settings.dagster_dir / "dagster.yaml"
    copy.write_text("telemetry: {enabled: true}", encoding="utf-8")

    prepare_home(settings)

    assert copy.read_bytes() == (PROJECT_DIR / "dagster.yaml").read_bytes()
    assert settings.inbox_dir.is_dir()
    assert os.environ["DAGSTER_HOME"] == str(settings.dagster_dir)
