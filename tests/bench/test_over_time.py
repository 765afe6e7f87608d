"""Days pass, and no id changes without a cause; the audit sees it when one does."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from orchestration.bench.over_time.audit import audit_day, needless_changes, unresolved
from orchestration.bench.over_time.thirty_days import Schedule, thirty_days
from orchestration.bench.over_time.whole_marts import differing_marts

EVENTS = ["event", "customer_id", "related_customer_id"]


def test_no_id_changes_without_a_cause_and_history_tells_all() -> None:
    with duckdb.connect() as connection:
        found = thirty_days(
            connection,
            records=500,
            schedule=Schedule(days=7, rebuild=2, threshold=4, model=6),
            progress=lambda _: None,
        )
    assert found["days_continued"] == 3
    assert found["merges"] + found["splits"] > 0
    wrong = (
        "needless_id_changes",
        "missing_events",
        "needless_events",
        "ids_that_lead_nowhere",
        "days_not_rebuilt",
    )
    assert {name: found[name] for name in wrong} == dict.fromkeys(wrong, 0)


def ids(**customers: str) -> pd.DataFrame:
    return pd.DataFrame({"source_record_id": list(customers), "customer_id": customers.values()})


BEFORE = ids(a="C1", b="C1", c="C2", d="C3")


@pytest.mark.parametrize(
    ("after", "needless"),
    [
        (ids(a="C1", b="C1", c="C2", d="C3"), (0, 0)),
        (ids(a="C9", b="C9", c="C2", d="C3"), (1, 1)),
        (ids(a="C9", c="C2", d="C3"), (1, 0)),
        (ids(a="C1", b="C1", c="C1", d="C3"), (0, 0)),
    ],
    ids=["nothing changed", "the same people under another id", "one left", "a merge"],
)
def test_a_needless_change_is_one_that_no_merge_or_split_explains(
    after: pd.DataFrame, needless: tuple[int, int]
) -> None:
    assert needless_changes(BEFORE, after) == needless


def test_an_event_that_is_missing_or_told_of_nothing_is_counted() -> None:
    merged = ids(a="C1", b="C1", c="C1", d="C3")
    told = pd.DataFrame([("merged", "C2", "C1")], columns=EVENTS)
    silent = pd.DataFrame([("split", "C3", "C1")], columns=EVENTS)
    right, wrong = audit_day(BEFORE, merged, told), audit_day(BEFORE, merged, silent)
    assert (right.missing_events, right.needless_events, right.merges) == (0, 0, 1)
    assert (wrong.missing_events, wrong.needless_events) == (2, 1)


def test_an_old_id_leads_to_today_in_one_step_or_to_its_end() -> None:
    events = pd.DataFrame(
        [("merged", "C1", "C2"), ("merged", "C2", "C3"), ("retired", "C4", None)], columns=EVENTS
    )
    given_out = {"C1", "C2", "C3", "C4"}
    assert unresolved(given_out, {"C3"}, {"C1": "C3", "C2": "C3"}, events) == 0
    assert unresolved(given_out, {"C3"}, {"C1": "C2", "C2": "C3"}, events) == 1
    assert unresolved(given_out, {"C3"}, {"C1": "C3", "C2": "C3", "C4": "C3"}, events) == 1


def snapshot(path: Path, revenue: int, recorded: str, aliases: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        for table, rows in {
            "customer_360": f"select 'C1' as customer_id, {revenue} as revenue_usd",
            "customer_aliases": f"select unnest({aliases}) as customer_id, 'C1' as current_id",
            "customer_identities": "select 'a' as source_record_id, 'C1' as customer_id,"
            " unnest(['C1', 'C2']) as recorded_customer_id, true as is_current,"
            f" timestamp '{recorded}' as valid_from, null as valid_to",
        }.items():
            connection.execute(f"create table marts.{table} as {rows}")
    return path


def test_marts_that_differ_are_named_but_for_what_was_recorded_when(tmp_path: Path) -> None:
    never = snapshot(tmp_path / "never", 7, "2026-01-01", "['C2']")
    undone = snapshot(tmp_path / "undone", 7, "2026-01-09", "['C2', 'made by the error']")
    wrong = snapshot(tmp_path / "wrong", 8, "2026-01-01", "[]::varchar[]")
    assert differing_marts(undone, never) == {}
    assert differing_marts(wrong, never) == {"customer_360": 2, "customer_aliases": 1}
