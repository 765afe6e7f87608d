"""Days pass, and no id changes without a cause; the audit sees it when one does."""

import duckdb
import pandas as pd
import pytest

from orchestration.bench.over_time.audit import audit_day, needless_changes, unresolved
from orchestration.bench.over_time.thirty_days import Schedule, thirty_days

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
