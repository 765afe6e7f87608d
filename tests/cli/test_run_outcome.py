from datetime import datetime

from orchestration.cli.run_events import (
    CheckEvaluated,
    RunInterrupted,
    RunPlanned,
    StepBegun,
    StepEnded,
    StepFailed,
    stage_of,
)
from orchestration.cli.run_outcome import RunOutcome

PLANNED = RunPlanned(
    "run-1",
    datetime.fromisoformat("2026-11-22T03:00:00"),
    {"crm": "landing", "web": "landing", "dbt": "conformed"},
    {"landing": 2, "conformed": 1},
)


def outcome_of(*events_and_times) -> RunOutcome:
    """Note events, given as (seconds since the start, event)."""
    times = iter([0.0])
    now = 0.0

    def clock() -> float:
        nonlocal now
        now = next(times, now)
        return now

    outcome = RunOutcome(clock)
    for moment, event in events_and_times:
        times = iter([moment])
        clock()
        outcome.note(event)
    outcome.end()
    return outcome


def test_seconds_are_added_up_per_stage_and_the_rest_is_orchestration():
    outcome = outcome_of(
        (0.0, PLANNED),
        (1.0, StepBegun("crm")),
        (3.0, StepEnded("crm")),
        (3.0, StepBegun("web")),
        (4.0, StepEnded("web")),
        (5.0, StepBegun("dbt")),
        (9.0, StepEnded("dbt")),
        (10.0, StepEnded("unknown")),
    )
    assert outcome.seconds == 10.0
    assert outcome.stages == {"landing": 3.0, "conformed": 4.0, "orchestration": 3.0}
    assert outcome.status == "success"


def test_failed_step_fails_the_run_and_its_time_counts():
    failed = StepFailed("crm", "no header")
    outcome = outcome_of((0.0, PLANNED), (1.0, StepBegun("crm")), (2.0, failed))
    assert (outcome.status, outcome.failures) == ("failed", [failed])
    assert outcome.stages["landing"] == 1.0


def test_severe_check_makes_it_a_stop_by_a_gate_and_not_a_failure():
    check = CheckEvaluated("landing", "crm_contacts", "gate", passed=False, stops_the_run=True)
    outcome = outcome_of((0.0, PLANNED), (1.0, check), (2.0, StepFailed("crm", "check failed")))
    assert (outcome.status, outcome.stopped_by) == ("stopped by a gate", [check])


def test_warning_does_not_stop_a_run():
    check = CheckEvaluated("landing", "crm_contacts", "gate", passed=False, stops_the_run=False)
    assert outcome_of((0.0, PLANNED), (1.0, check)).status == "success"


def test_interrupted_run_is_no_success():
    assert outcome_of((0.0, PLANNED), (1.0, RunInterrupted())).status == "interrupted"


def test_stage_of_a_step_is_the_last_layer_it_makes():
    assert stage_of({"staging", "conformed"}) == "conformed"
    assert stage_of({"landing"}) == "landing"
    assert stage_of(set()) == "checks"


def test_failure_beside_a_gate_is_told_apart_from_the_gate_itself():
    crm = StepFailed("landing__crm_contacts", "crm.contacts: the source could not be read")
    stops = CheckEvaluated("landing", "web_events", "gate", passed=False, stops_the_run=True)
    gate = StepFailed("landing__web_events_gate", "stopped")
    outcome = outcome_of((0.0, PLANNED), (1.0, crm), (2.0, stops), (3.0, gate))
    assert outcome.status == "stopped by a gate"
    assert outcome.failures_beside_gates == [crm]
