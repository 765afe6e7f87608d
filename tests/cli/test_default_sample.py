from datetime import datetime

import pytest

from orchestration.cli import default_sample
from orchestration.cli.default_sample import deliver_sample_if_empty, has_deliveries
from orchestration.settings import Settings

MOMENT = datetime.fromisoformat("2026-11-22T03:00:00")


@pytest.fixture
def settings(tmp_path, monkeypatch):
    for name in ("C360_INBOX", "C360_COMPANY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(default_sample, "CUSTOMERS", 400)
    settings = Settings(home=tmp_path / "home")
    settings.inbox_dir.mkdir(parents=True)
    return settings


def test_empty_folders_are_no_delivery(settings):
    (settings.inbox_dir / "crm" / "contacts").mkdir(parents=True)
    assert not has_deliveries(settings)
    (settings.inbox_dir / "crm" / "contacts" / "day.csv").touch()
    assert has_deliveries(settings)


def test_empty_inbox_gets_a_sample_up_to_the_date_of_the_run(settings, capsys):
    deliver_sample_if_empty(settings, MOMENT, quiet=False)

    files = {path.name for path in settings.inbox_dir.rglob("*") if path.is_file()}
    assert any("2026-11-22" in name for name in files)
    assert sorted(path.name for path in settings.home_dir.iterdir()) == [
        "inbox",
        "sample.json",
        "truth",
    ]
    assert "making the sample company" in capsys.readouterr().out


def test_attempt_that_was_killed_is_begun_again(settings):
    unfinished = settings.home_dir / ".sample-being-made" / "inbox"
    unfinished.mkdir(parents=True)
    (unfinished / "half.csv").touch()

    deliver_sample_if_empty(settings, MOMENT, quiet=True)

    assert not unfinished.exists()
    assert "half.csv" not in {path.name for path in settings.inbox_dir.rglob("*")}


def test_inbox_with_a_delivery_is_left_alone(settings):
    (settings.inbox_dir / "day.csv").touch()
    deliver_sample_if_empty(settings, MOMENT, quiet=True)
    assert [path.name for path in settings.home_dir.rglob("*")] == ["inbox", "day.csv"]


def test_inbox_elsewhere_and_a_company_are_never_filled(settings, tmp_path):
    (tmp_path / "acme" / "sources").mkdir(parents=True)
    for own in ({"inbox": tmp_path / "drop"}, {"company": tmp_path / "acme"}):
        deliver_sample_if_empty(Settings(home=settings.home, **own), MOMENT, quiet=True)
    assert not has_deliveries(settings)
    assert not (tmp_path / "drop").exists()
