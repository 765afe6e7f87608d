import json
import socket
import subprocess
import sys

import pytest

from orchestration.run_lock import RunLock

HOLD = """
import sys, time
from pathlib import Path
from orchestration.warehouse import Warehouse
with Warehouse(Path(sys.argv[1]), Path(sys.argv[2])).connect():
    sys.stdout.write("held\\n")
    sys.stdout.flush()
    time.sleep(60)
"""


def test_help_of_every_verb_says_what_it_reads_and_writes(c360):
    for verb in ("run", "ui", "status", "snapshots", "rollback"):
        shown = c360(verb, "--help")
        assert shown.exit_code == 0
        assert "Reads" in shown.output
        assert "rite" in shown.output
        assert "--json" in shown.output


def test_help_names_the_exit_codes(c360):
    assert "3 a gate stopped the run" in c360("--help").output


def test_unknown_verb_is_wrong_usage(c360):
    assert c360("nonsense").exit_code == 2


def test_status_before_the_first_run_says_how_to_start(c360):
    shown = c360("status")
    assert shown.exit_code == 0
    assert "`c360 run` starts the daily run" in shown.output


def test_status_for_machines_before_the_first_run(c360):
    assert json.loads(c360("status", "--json").output) == {
        "running": None,
        "runs": [],
        "snapshot": None,
        "snapshot_problem": None,
        "targets": [],
        "warehouse": "free",
        "findings": [],
        "quarantine": [],
        "incidents": [],
        "unclaimed_files": [],
    }


def test_status_names_the_snapshot_that_readers_see(c360, two_snapshots):
    assert "Readers see snapshot 2026-11-22-000002" in c360("status").output
    assert json.loads(c360("status", "--json").output)["snapshot"]["run_id"] == "run-2"


def test_status_while_a_run_holds_the_warehouse_shows_what_it_can(c360, home, two_snapshots):
    warehouse = (str(home / "warehouse.duckdb"), str(home / "tmp"))
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, *warehouse], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with RunLock(home).acquire("the-run-at-work"):
            shown = c360("status")
    finally:
        holder.kill()
        holder.communicate()
    assert shown.exit_code == 0
    assert "Run the-run- is at work" in shown.output
    assert "Readers see snapshot" in shown.output
    assert "when the warehouse is free again" in shown.output


def test_status_does_not_take_the_warehouse_between_two_steps_of_a_run(c360, home, two_snapshots):
    with RunLock(home).acquire("the-run-at-work"):
        shown = json.loads(c360("status", "--json").output)
    assert (shown["running"]["run_id"], shown["warehouse"]) == ("the-run-at-work", "held by a run")
    assert json.loads(c360("status", "--json").output)["warehouse"] == "free"


def test_snapshots_are_listed_newest_first(c360, two_snapshots):
    listed = json.loads(c360("snapshots", "--json").output)["snapshots"]
    assert [(item["run_id"], item["is_current"]) for item in listed] == [
        ("run-2", True),
        ("run-1", False),
    ]
    assert listed[0]["tables"] == {"customer_360": 50, "customer_timeline": 150}
    assert "current" in c360("snapshots").output


def test_no_snapshots_is_no_error(c360):
    assert json.loads(c360("snapshots", "--json").output) == {"snapshots": [], "problem": None}
    assert "Nothing is published yet" in c360("snapshots").output


def test_rollback_says_what_readers_see_now(c360, two_snapshots):
    shown = c360("rollback")
    assert shown.exit_code == 0
    assert "Readers now see snapshot 2026-11-22-000001" in shown.output
    assert "withdrawn" in c360("snapshots").output


def test_rollback_forward_by_name(c360, two_snapshots):
    c360("rollback")
    shown = json.loads(c360("rollback", "--to", "2026-11-22-000002", "--json").output)
    assert shown["snapshot"]["run_id"] == "run-2"


def test_error_is_one_sentence_with_the_way_out_and_no_traceback(c360, two_snapshots):
    shown = c360("rollback", "--to", "2020-01-01-000001")
    assert shown.exit_code == 2
    assert (
        shown.output
        == "c360: there is no snapshot 2020-01-01-000001: `c360 snapshots` lists them\n"
    )


def test_error_for_machines_is_a_json_object(c360):
    shown = c360("rollback", "--json")
    assert shown.exit_code == 2
    assert json.loads(shown.stdout) == {"error": "nothing is published yet"}


def test_debug_shows_the_traceback_wherever_it_stands(c360):
    assert isinstance(c360("rollback", "--debug").exception, RuntimeError)
    assert isinstance(c360("--debug", "rollback").exception, RuntimeError)


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--as-of", "tomorrow"),
        ("run", "--resume", "--as-of", "2026-11-22"),
        ("ui", "--port", "0"),
    ],
)
def test_wrong_usage_has_exit_code_2(c360, arguments):
    assert c360(*arguments).exit_code == 2


def test_ui_refuses_a_taken_port(c360):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        shown = c360("ui", "--port", str(port))
    assert shown.exit_code == 1
    assert f"port {port} of 127.0.0.1 is taken" in shown.output


@pytest.mark.parametrize(
    ("as_of", "said"), [("yesterday", "is not a date"), ("9999-12-31", "more than a year ahead")]
)
def test_run_as_of_no_possible_moment_is_wrong_usage(c360, home, as_of, said):
    shown = c360("run", "--as-of", as_of)
    assert shown.exit_code == 2
    assert said in " ".join(shown.output.replace("│", " ").split())
    assert not (home / "warehouse.duckdb").exists()


def test_a_slip_in_the_engines_settings_is_told_before_anything_is_landed(c360, home, monkeypatch):
    own = home / "identity.yml"
    own.write_text("clustering:\n  treshold: 0.5\n", encoding="utf-8")
    monkeypatch.setenv("C360_IDENTITY_SETTINGS", str(own))
    for verb in (["run"], ["run", "--resume"]):
        shown = c360(*verb)
        assert shown.exit_code == 2
        assert "clustering.treshold" in shown.output
        assert [path.name for path in home.iterdir()] == ["identity.yml"]
