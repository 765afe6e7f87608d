"""The verb `quarantine` as typed: where a row stands, who has decided, and while a run works."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli.main import app
from orchestration.gates.quarantine_tables import create_quarantine_tables
from orchestration.landing.runs import begin_run
from orchestration.run_lock import RunLock
from orchestration.settings import Settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.warehouse import Warehouse

MOMENT = datetime(2026, 11, 21)  # noqa: DTZ001
DOOR, GATE = "unreadable value", "expectation expect_column_values_to_be_in_set"
SET_ASIDE = """
    insert into quality.quarantine values
        ('L1', 'crm', 'contacts', 'contacts.csv', ?, 'email', ?, 'why', '{"email": "x"}', ?)
"""
REASON = ("--reason", "asked the shop")


def typed(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


def in_the_warehouse(query: str) -> None:
    with Warehouse.of(Settings()).connect() as connection:
        connection.execute(query)


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Return the row that the door has set aside, and that of a gate."""
    monkeypatch.setenv("C360_HOME", str(tmp_path))
    monkeypatch.setenv("C360_STEWARD", "ann")
    with Warehouse.of(Settings()).connect() as connection:
        begin_run(connection, "run-1", MOMENT)
        for rule, line in ((DOOR, 52), (GATE, 51)):
            connection.execute(SET_ASIDE, [line, rule, MOMENT])
        create_quarantine_tables(connection)
    listed = json.loads(typed("quarantine", "list", "--json")[1])["rows"]
    return {row["rule"]: row["quarantine_id"] for row in listed}


def decisions() -> list[tuple[str, str]]:
    return [(made.kind, made.subject) for made in DecisionStore.of(Settings()).decisions()]


def test_line_of_the_file_is_told_where_it_is_known_and_else_the_row(rows: dict[str, str]) -> None:
    listed = typed("quarantine", "list")[1]
    assert ("contacts.csv:52" in listed, "contacts.csv, row 51" in listed) == (True, True)
    shown = typed("quarantine", "show", rows[GATE], "--json")[1]
    told = json.loads(shown)
    assert (told["line"], told["row"], told["content"]) == (None, 51, {"email": "x"})


def test_who_decides_second_sees_what_was_decided_first(rows: dict[str, str]) -> None:
    assert typed("quarantine", "refuse", rows[GATE], *REASON)[0] == 0
    listed = typed("quarantine", "list")[1]
    assert "waiting, ann: refuse" in listed
    until = ("--until", "2999-01-01", "--as", "bob")
    code, told = typed("quarantine", "waive", rows[GATE], *REASON, *until)
    assert (code, "ann had decided before you (refuse)" in told) == (0, True)
    assert "waiting, bob: waive" in typed("quarantine", "list")[1]


def test_row_that_does_not_wait_any_more_is_not_decided_on(rows: dict[str, str]) -> None:
    in_the_warehouse(
        "insert into quality.quarantine_events "
        "(quarantine_id, decision_order, outcome, event_order) "
        f"values ('{rows[DOOR]}', 1, 'replayed', 1)"
    )
    code, told = typed("quarantine", "refuse", rows[DOOR], *REASON)
    assert (code, "does not wait any more (replayed)" in told) == (1, True)
    assert decisions() == []


def test_decision_is_made_while_a_run_is_at_work_and_says_what_nobody_could_check(
    rows: dict[str, str], tmp_path: Path
) -> None:
    with RunLock(tmp_path).acquire("the-run-at-work"):
        for words in (
            ("correct", rows[GATE], "--set", "email=a@b.de"),
            ("waive", rows[GATE], "--until", "2999-01-01"),
            ("refuse", "Q999"),
            ("accept", "L999"),
            ("hold", "L999"),
        ):
            code, told = typed("quarantine", *words, *REASON)
            assert (code, "nobody could look" in told) == (0, True)
        for words in (("list",), ("loads",), ("show", rows[GATE])):
            code, told = typed("quarantine", *words)
            assert (code, "a run is at work" in told) == (1, True)
    assert [kind for kind, _ in decisions()] == [
        *("quarantine.correct", "quarantine.waive", "quarantine.refuse", "quarantine.accept"),
        "load.hold",
    ]


def test_what_could_not_be_carried_out_is_told(rows: dict[str, str], tmp_path: Path) -> None:
    with RunLock(tmp_path).acquire("the-run-at-work"):
        typed("quarantine", "refuse", "Q999", *REASON)
        typed("quarantine", "hold", "L999", *REASON)
    replayed = typed("quarantine", "replay")[1]
    assert "Q999  void: nothing of this name" in replayed
    assert "load:L999  void: there is no such load" in replayed
    listed = typed("quarantine", "list")[1]
    assert "decided and not carried out: Q999: nothing of this name is in quarantine" in listed
    assert "Nothing is left" in typed("quarantine", "replay")[1]
