"""The verbs of a steward, as typed; decisions need no warehouse."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli.main import app
from orchestration.gates.failing_key_table import FAILING_KEYS
from orchestration.gates.incidents import incidents_of
from orchestration.landing.runs import begin_run
from orchestration.run_lock import RunLock
from orchestration.settings import Settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Draft
from orchestration.steward.landed_decisions import land_decisions
from orchestration.warehouse import Warehouse

MOMENT = datetime(2026, 11, 21)  # noqa: DTZ001
OPENED = {
    "label": "landing.crm_contacts",
    "column": "email",
    "cause": "missing values",
    "severity": "critical",
    "why": "nobody can be reached",
    "what_to_do": "ask the source",
    "owner": "team:x",
    "run_id": "run-1",
    "rows_failing": 7,
    "customers": 7,
    "hangs_on": ["customer_360"],
    "failing_keys": ["CT1"],
}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DecisionStore:
    monkeypatch.setenv("C360_HOME", str(tmp_path))
    monkeypatch.setenv("C360_STEWARD", "ann")
    store = DecisionStore.of(Settings())
    opened = Draft("incident.open", "I1", "gates", "nobody can be reached", OPENED)
    store.append(opened, decided_at=MOMENT)
    return store


def typed(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


def test_incident_is_listed_shown_and_decided_on(store: DecisionStore) -> None:
    assert "I1" in typed("incidents", "list")[1]
    assert typed("incidents", "ack", "I1")[0] == 0
    assert typed("incidents", "assign", "I1", "--to", "bob")[0] == 0
    code, shown = typed("incidents", "show", "I1")
    assert (code, "assigned" in shown, "ask the source" in shown) == (0, True, True)
    assert typed("incidents", "resolve", "I1", "--reason", "mended")[0] == 0
    assert incidents_of(store.decisions())[0].state == "resolved"
    assert json.loads(typed("incidents", "list", "--json")[1]) == {"incidents": []}
    code, refused = typed("incidents", "ack", "I1")
    assert (code, "nothing is left to decide" in refused) == (1, True)
    assert incidents_of(store.decisions())[0].state == "resolved"


def test_waiver_needs_a_day_to_come_and_a_reason(store: DecisionStore) -> None:
    past = ("incidents", "waive", "I1", "--until", "2020-01-01", "--reason", "known")
    assert typed(*past)[0] == 2
    assert typed("incidents", "waive", "I1", "--until", "2999-01-01")[0] == 2
    assert typed(*past[:4], "2999-01-01", *past[5:])[0] == 0
    assert incidents_of(store.decisions())[0].state == "waived"


def test_waived_incident_that_somebody_takes_stays_waived(store: DecisionStore) -> None:
    typed("incidents", "waive", "I1", "--until", "2999-01-01", "--reason", "known")
    assert (
        "waived until 2999-01-01, assigned to bob"
        in typed("incidents", "assign", "I1", "--to", "bob")[1]
    )
    listed = typed("incidents", "list")[1]
    assert ("waived until 2999-01-01" in listed, "stops the run" in listed) == (True, False)


def test_all_keys_of_an_incident_are_read_from_the_warehouse_unless_a_run_has_it(
    store: DecisionStore, tmp_path: Path
) -> None:
    assert typed("incidents", "keys", "I1") == (0, "CT1\n")
    with Warehouse.of(Settings()).connect() as connection:
        connection.execute(FAILING_KEYS)
        connection.execute(
            "insert into quality.failing_keys (incident_id, failing_key) "
            "select 'I' || n % 2, 'CT' || n from range(10, 40) as numbers (n)"
        )
    code, printed = typed("incidents", "keys", "I1")
    assert (code, printed.split()) == (0, [f"CT{n}" for n in range(11, 40, 2)])
    assert len(json.loads(typed("incidents", "keys", "I1", "--json")[1])["failing_keys"]) == 15
    with RunLock(tmp_path).acquire("the-run-at-work"):
        code, refused = typed("incidents", "keys", "I1")
    assert (code, "the-run- is at work" in refused) == (1, True)


def test_incident_and_row_that_are_not_there_are_told(store: DecisionStore) -> None:
    for words in (
        ("incidents", "ack", "I999"),
        ("quarantine", "refuse", "Q999", "--reason", "none"),
        ("quarantine", "accept", "L999", "--reason", "none"),
    ):
        code, output = typed(*words)
        assert (code, "999" in output) == (1, True)
    assert len(store.decisions()) == 1


def test_value_is_blocked_and_never_shown(store: DecisionStore) -> None:
    block = ("identifiers", "block", "0700 000 001", "--country", "KE", "--reason", "the shop's")
    assert typed(*block)[0] == 0
    listed = typed("identifiers", "list")[1]
    assert ("phone-" in listed, "700" in listed.split("  ")[-1]) == (True, False)
    kept = store.decisions(area="identifier")[0]
    assert "700000001" not in json.dumps([kept.subject, dict(kept.payload)])
    assert typed("identifiers", "unblock", kept.subject, "--reason", "mistake")[0] == 0
    assert "Nothing is blocked" in typed("identifiers", "list")[1]


def test_lost_decisions_are_put_back_from_what_was_landed(
    store: DecisionStore, tmp_path: Path
) -> None:
    assert "nothing has been landed" in typed("decisions", "restore")[1]
    with Warehouse.of(Settings()).connect() as connection:
        begin_run(connection, "run-1", MOMENT)
        land_decisions(connection, store, run_id="run-1", as_of=MOMENT)
    for file in tmp_path.glob("steward.sqlite*"):
        file.unlink()
    code, told = typed("decisions", "restore")
    assert (code, "1 of 1 landed decisions" in told) == (0, True)
    assert [each.subject for each in store.decisions()] == ["I1"]
    assert json.loads(typed("decisions", "restore", "--json")[1]) == {"landed": 1, "put_back": 0}


@pytest.mark.parametrize("words", [("incidents", "list"), ("incidents", "ack", "I1"), ("status",)])
def test_damaged_store_is_told_by_every_verb_and_left_as_it_is(
    store: DecisionStore, tmp_path: Path, words: tuple[str, ...]
) -> None:
    path = tmp_path / "steward.sqlite"
    for beside in tmp_path.glob("steward.sqlite-*"):
        beside.unlink()
    path.write_text("torn " * 900, encoding="utf-8")
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 1
    assert "left as it is" in result.output + str(result.exception)
    assert path.read_text(encoding="utf-8") == "torn " * 900
