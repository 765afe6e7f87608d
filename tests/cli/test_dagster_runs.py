import shutil
import subprocess
import sys
from datetime import datetime

import pytest

from orchestration.cli.dagster_runs import DagsterRuns
from orchestration.cli.errors import HistoryDamagedError, NothingToResumeError
from orchestration.cli.run_events import StepBegun, TableMade
from orchestration.cli.run_outcome import RunOutcome
from orchestration.settings import PROJECT_DIR

AS_OF = datetime.fromisoformat("2026-11-22T03:00:00")
FIRST = "00000000-0000-4000-8000-000000000001"
SECOND = "00000000-0000-4000-8000-000000000002"


@pytest.fixture
def fault(tmp_path, monkeypatch):
    path = tmp_path / "fault"
    monkeypatch.setenv("SMALL_PIPELINE_FAULT", str(path))
    return path


@pytest.fixture
def runs(tmp_path, fault):
    shutil.copy(PROJECT_DIR / "dagster.yaml", tmp_path)
    with DagsterRuns(tmp_path, "tests.cli.small_pipeline") as runs:
        yield runs


def followed(events) -> tuple[RunOutcome, list]:
    outcome, seen = RunOutcome(), []
    for event in events:
        outcome.note(event)
        seen.append(event)
    outcome.end()
    return outcome, seen


def test_run_tells_what_it_plans_and_what_it_makes(runs):
    outcome, events = followed(runs.run(FIRST, AS_OF))

    assert (outcome.status, outcome.run_id, outcome.as_of) == ("success", FIRST, AS_OF)
    assert events[0].planned == {
        "landing": 1,
        "staging": 1,
        "conformed": 1,
        "publishing": 1,
        "checks": 1,
    }
    assert [event.table for event in events if isinstance(event, TableMade)] == [
        "crm_contacts",
        "stg_crm__contacts",
        "int_person_records__normalised",
        "snapshot",
    ]
    assert set(outcome.stages) == {
        "landing",
        "conformed",
        "checks",
        "publishing",
        "orchestration",
    }


def test_run_is_known_to_the_instance_under_its_id_and_as_of(runs):
    followed(runs.run(FIRST, AS_OF))

    (past,) = runs.recent()
    assert (past.run_id, past.status, past.as_of) == (FIRST, "success", AS_OF)
    assert past.seconds is not None


def test_dagster_prints_nothing_of_its_own(runs, capfd):
    followed(runs.run(FIRST, AS_OF))
    assert "RUN_START" not in "".join(capfd.readouterr())


def test_failed_gate_stops_the_run_before_the_snapshot(runs, fault):
    fault.write_text("gate", encoding="utf-8")
    outcome, events = followed(runs.run(FIRST, AS_OF))

    assert outcome.status == "stopped by a gate"
    assert [(check.layer, check.table) for check in outcome.stopped_by] == [
        ("landing", "crm_contacts")
    ]
    assert "snapshot" not in [event.table for event in events if isinstance(event, TableMade)]


def test_failure_of_ours_is_quoted(runs, fault):
    fault.write_text("ours", encoding="utf-8")
    outcome, _ = followed(runs.run(FIRST, AS_OF))

    assert outcome.status == "failed"
    assert [(failure.step, failure.reason) for failure in outcome.failures] == [
        ("conformed", "crm.contacts is not delivered: look into the inbox")
    ]


def test_failure_of_a_library_is_named_without_its_words(runs, fault):
    fault.write_text("library", encoding="utf-8")
    outcome, _ = followed(runs.run(FIRST, AS_OF))

    assert [failure.reason for failure in outcome.failures] == ["ValueError"]


def test_resumed_run_does_what_was_left_and_names_what_it_continues(runs, fault):
    fault.write_text("ours", encoding="utf-8")
    followed(runs.run(FIRST, AS_OF))
    fault.unlink()
    outcome, events = followed(runs.resume(SECOND))

    assert (outcome.status, outcome.as_of, outcome.continued) == ("success", AS_OF, (FIRST,))
    assert [event.step for event in events if isinstance(event, StepBegun)] == [
        "conformed",
        "publishing__snapshot",
    ]
    assert [(past.run_id, past.continues_run_id) for past in runs.recent()] == [
        (SECOND, FIRST),
        (FIRST, None),
    ]


@pytest.mark.parametrize(
    ("decided", "redone"), [(set(), []), ({"identifier"}, ["conformed"]), ({"incident"}, [])]
)
def test_resumed_run_does_again_what_a_steward_has_decided_on(runs, fault, decided, redone):
    fault.write_text("late", encoding="utf-8")
    followed(runs.run(FIRST, AS_OF))
    fault.unlink()
    outcome, events = followed(runs.resume(SECOND, lambda _: decided))

    assert outcome.status == "success"
    done = [event.step for event in events if isinstance(event, StepBegun)]
    assert done == [*redone, "publishing__snapshot"]


def test_waived_gate_is_asked_again_by_the_resumed_run(runs, fault):
    fault.write_text("gate", encoding="utf-8")
    followed(runs.run(FIRST, AS_OF))
    fault.unlink()
    outcome, events = followed(runs.resume(SECOND, lambda _: {"incident"}))

    assert outcome.status == "success"
    done = [event.step for event in events if isinstance(event, StepBegun)]
    assert done[0] == "landing__crm_contacts_gate"


def test_there_is_nothing_to_resume_after_a_success_or_before_the_first_run(runs):
    with pytest.raises(NothingToResumeError, match="did not fail"):
        followed(runs.resume(FIRST))
    followed(runs.run(FIRST, AS_OF))
    with pytest.raises(NothingToResumeError, match="did not fail"):
        followed(runs.resume(SECOND))


FOLLOW_ENDLESSLY = """
import sys
from datetime import datetime
from pathlib import Path
from orchestration.cli.dagster_runs import DagsterRuns
with DagsterRuns(Path(sys.argv[1]), "tests.cli.small_pipeline") as runs:
    for event in runs.run(sys.argv[2], datetime.fromisoformat(sys.argv[3])):
        sys.stderr.write(f"{event}\\n")
"""


def test_run_whose_process_was_killed_is_marked_and_can_be_resumed(runs, fault, tmp_path):
    fault.write_text("endless", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", FOLLOW_ENDLESSLY, str(tmp_path), FIRST, AS_OF.isoformat()],
        cwd=PROJECT_DIR,
        stderr=subprocess.PIPE,
        text=True,
    )
    while "StepBegun(step='conformed')" not in process.stderr.readline():
        assert process.poll() is None
    process.kill()
    process.communicate()
    fault.unlink()

    assert [past.status for past in runs.recent()] == ["started"]
    assert runs.close_orphans() == [FIRST]
    assert runs.close_orphans() == []
    outcome, events = followed(runs.resume(SECOND))
    assert (outcome.status, outcome.continued) == ("success", (FIRST,))
    assert "landing" not in [event.layer for event in events if isinstance(event, TableMade)]


@pytest.mark.parametrize("file", ["history/runs.db", "schedules/schedules.db"])
def test_damaged_database_of_dagster_is_told_with_the_way_out(tmp_path, file):
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text("no database" * 1_000, encoding="utf-8")
    with pytest.raises(HistoryDamagedError, match="move the folder away"):
        DagsterRuns(tmp_path, "tests.cli.small_pipeline")
