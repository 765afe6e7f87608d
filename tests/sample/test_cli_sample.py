import json

from typer.testing import CliRunner

from orchestration.cli.main import app

runner = CliRunner()


def made(*options):
    result = runner.invoke(app, ["sample", *options, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_sample_is_made_and_a_day_is_added(tmp_path):
    out = str(tmp_path)
    first = made("--customers", "60", "--days", "1", "--end-date", "2026-11-19", "--out", out)
    assert first["customers"] == 60
    assert first["rows"]["webshop/customers"] > 0
    second = made("--add-day", "--out", out)
    assert (second["first_day"], second["last_day"]) == ("2026-11-19", "2026-11-20")


def test_a_sample_goes_to_the_home_unless_told_otherwise(tmp_path, monkeypatch):
    monkeypatch.setenv("C360_HOME", str(tmp_path))
    made("--customers", "60", "--days", "1", "--end-date", "2026-11-19")
    assert (tmp_path / "inbox" / "crm" / "crm.sqlite").exists()


def test_a_sample_says_how_to_run_a_day_to_come(tmp_path):
    past, to_come = "2026-01-31", "2100-01-31"
    for day in (past, to_come):
        made = ["sample", "--customers", "60", "--days", "1", "--end-date", day]
        result = runner.invoke(app, [*made, "--out", str(tmp_path)])
        assert result.exit_code == 0, result.output
        assert (f"c360 run --as-of {day}" in result.stdout) == (day == to_come)


def test_size_and_seed_cannot_change_when_a_day_is_added(tmp_path):
    result = runner.invoke(app, ["sample", "--add-day", "--seed", "3", "--out", str(tmp_path)])
    assert result.exit_code == 2


def test_adding_a_day_to_nothing_is_wrong_input(tmp_path):
    result = runner.invoke(app, ["sample", "--add-day", "--out", str(tmp_path)])
    assert result.exit_code == 2
