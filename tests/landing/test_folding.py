"""Rows past their retention become daily signals: counted once, and never lost between the two."""

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from tests.landing.doorway import Doorway, sales_contract

COLUMNS = {
    "click_id": {"type": "text", "required": True},
    "device": {"type": "text"},
    "kind": {"type": "text"},
    "clicked_at": {"type": "timestamp", "required": True},
}
FOLD = {"at": "clicked_at", "by": ["device", "kind"]}
CLICKS = """click_id,device,kind,clicked_at
1,D,view,2026-01-01 10:00:00
2,D,view,2026-01-01 23:59:59
3,D,cart,2026-01-01 11:00:00
4,E,view,2026-01-02 00:00:00
5,,view,2026-01-02 09:00:00
"""
SIGNALS = "select device, kind, signal_date::varchar, event_count from landing.shop_sales_daily"


def clicks_contract(**changes):
    described = {"columns": COLUMNS, "key": ["click_id"], "retention_days": 10, "fold": FOLD}
    return sales_contract(**described | changes)


@pytest.fixture
def doorway(tmp_path):
    door = Doorway(tmp_path, clicks_contract())
    door.deliver("one.csv", CLICKS)
    door.land(as_of=datetime.fromisoformat("2026-01-02"))
    return door


def visit(doorway, day):
    return doorway.land(as_of=datetime.fromisoformat(day))


def test_what_is_within_its_retention_stays_as_it_is(doorway):
    visit(doorway, "2026-01-11")
    assert len(doorway.landed("click_id")) == 5
    assert doorway.ask(SIGNALS) == []


def test_a_day_past_its_retention_is_counted_and_its_rows_are_gone(doorway):
    visit(doorway, "2026-01-12T18:30:00")
    assert doorway.landed("click_id") == [("4",), ("5",)]
    assert doorway.ask(f"{SIGNALS} order by all") == [
        ("D", "cart", "2026-01-01", 1),
        ("D", "view", "2026-01-01", 2),
    ]
    assert doorway.ask("select rows_folded, repeated_rows, signals from quality.folds") == [
        (3, 0, 2)
    ]


def test_folding_again_adds_nothing(doorway):
    for _ in range(2):
        visit(doorway, "2026-01-13")
    assert doorway.ask("select sum(event_count) from landing.shop_sales_daily") == [(5,)]
    assert doorway.landed("click_id") == []


def test_rows_that_arrive_long_after_their_day_are_counted_too(doorway):
    visit(doorway, "2026-01-20")
    header = CLICKS.splitlines()[0]
    doorway.deliver("late.csv", f"{header}\n9,D,view,2026-01-01 12:00:00\n")
    visit(doorway, "2026-01-20")  # lands it: a gate still sees every row of the run
    assert doorway.landed("click_id") == [("9",)]
    visit(doorway, "2026-01-21")
    assert doorway.landed("click_id") == []
    assert doorway.ask(
        "select sum(event_count) from landing.shop_sales_daily where device = 'D'"
    ) == [(4,)]


def test_a_run_that_is_resumed_keeps_what_it_has_landed_for_its_gates(doorway):
    doorway.deliver("old.csv", f"{CLICKS.splitlines()[0]}\n9,D,view,2025-01-01 12:00:00\n")
    visit(doorway, "2026-01-05")
    doorway.runs -= 1
    visit(doorway, "2026-01-05")
    assert ("9",) in doorway.landed("click_id")
    assert doorway.is_balanced()


def test_a_row_delivered_twice_counts_once(doorway):
    doorway.deliver("again.csv", CLICKS + "6,E,view,2026-01-02 01:00:00\n")
    visit(doorway, "2026-01-03")
    visit(doorway, "2026-01-30")
    assert doorway.ask("select sum(event_count) from landing.shop_sales_daily") == [(6,)]


def test_every_event_is_a_row_or_a_signal_on_every_day(doorway):
    for days in range(8, 13):
        visit(doorway, (datetime.fromisoformat("2026-01-02") + timedelta(days=days)).isoformat())
        kept = doorway.ask("select count(*) from landing.shop_sales")[0][0]
        counted = doorway.ask("select sum(event_count) from landing.shop_sales_daily")[0][0]
        assert kept + int(counted or 0) == 5


def test_a_contract_may_fold_by_other_columns_from_one_day_to_the_next(doorway):
    visit(doorway, "2026-01-12")
    again = {"at": "clicked_at", "by": ["kind", "click_id", "device"]}
    doorway.contract = clicks_contract(fold=again)
    visit(doorway, "2026-01-13")
    told = "select device, kind, click_id, event_count from landing.shop_sales_daily order by all"
    assert doorway.ask(told) == [
        ("D", "cart", None, 1),
        ("D", "view", None, 2),
        ("E", "view", "4", 1),
        (None, "view", "5", 1),
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"delivery": "incremental", "cursor": "clicked_at"}, "only rows that never change"),
        ({"fold": {"at": "clicked_at", "by": ["colour"]}}, "colour is not a column"),
        ({"fold": {"at": "device", "by": ["kind"]}}, "device must be a required timestamp"),
    ],
)
def test_a_fold_that_cannot_be_is_refused(changes, problem):
    with pytest.raises(ValidationError, match=problem):
        sales_contract(**{"columns": COLUMNS, "key": ["click_id"], "fold": FOLD, **changes})
