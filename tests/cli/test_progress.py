import io
from datetime import datetime

from orchestration.cli.progress import LiveDisplay, PlainDisplay, display_on
from orchestration.cli.run_events import (
    CheckEvaluated,
    RunPlanned,
    StepBegun,
    StepEnded,
    StepFailed,
    StepRetried,
    TableMade,
)

EVENTS = (
    RunPlanned(
        "run-1",
        datetime.fromisoformat("2026-11-22T03:00:00"),
        {"crm": "landing", "web": "landing", "gate": "checks", "dbt": "conformed"},
        {"landing": 2, "staging": 1, "conformed": 1, "checks": 1},
    ),
    StepBegun("crm"),
    TableMade("landing", "crm_contacts"),
    StepEnded("crm"),
    StepBegun("gate"),
    CheckEvaluated("landing", "crm_contacts", "gate", passed=False, stops_the_run=False),
    StepEnded("gate"),
    StepBegun("web"),
    StepRetried("web"),
    TableMade("landing", "web_events"),
    StepEnded("web"),
    StepBegun("dbt"),
    TableMade("staging", "stg_crm__contacts"),
    StepFailed("dbt", "no disk"),
)


def test_plain_lines_name_each_stage_once_and_what_goes_wrong():
    stream = io.StringIO()
    display = PlainDisplay(stream)
    for event in EVENTS:
        display.show(event)

    lines = [line.partition(" s  ")[2] for line in stream.getvalue().splitlines()]
    assert lines == [
        "4 tables to make, 1 checks to pass",
        "landing",
        "checks",
        "check gate of landing.crm_contacts warns",
        "web failed and is tried again",
        "conformed",
        "dbt failed",
    ]


def test_bars_count_what_is_made_per_layer():
    display = LiveDisplay()
    for event in EVENTS:
        display.show(event)

    bars = {task.description: (task.completed, task.total) for task in display.tasks}
    assert bars == {
        "landing": (2, 2),
        "staging": (1, 1),
        "conformed": (0, 1),
        "checks": (1, 1),
    }


def test_stream_that_is_no_terminal_gets_plain_lines_and_no_stream_gets_nothing():
    stream = io.StringIO()
    with display_on(stream) as display:
        display.show(EVENTS[0])
    assert "4 tables to make" in stream.getvalue()
    with display_on(None) as display:
        display.show(EVENTS[0])
