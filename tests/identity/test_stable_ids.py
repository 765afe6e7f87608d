"""A customer id changes only with a cause, and is never given out twice."""

from collections import Counter
from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.identity.stable_ids import (
    Assignment,
    CustomerId,
    IdEvent,
    assign_ids,
    event_id,
    new_customer_id,
    resolved_aliases,
)

DAYS = [day.to_pydatetime() for day in pd.date_range("2026-01-01", periods=28)]


class World:
    """Runs the assignment day after day, as the pipeline does."""

    def __init__(self) -> None:
        self.map = pd.DataFrame(
            {
                "source_record_id": pd.Series(dtype=object),
                "customer_id": pd.Series(dtype=object),
                "assigned_at": pd.Series(dtype="datetime64[us]"),
            }
        )
        self.created = pd.DataFrame(
            {
                "customer_id": pd.Series(dtype=object),
                "created_at": pd.Series(dtype="datetime64[us]"),
            }
        )
        self.aliases = pd.DataFrame(
            {
                "customer_id": pd.Series(dtype=object),
                "current_customer_id": pd.Series(dtype=object),
                "since": pd.Series(dtype="datetime64[us]"),
            }
        )
        self.events: list[IdEvent] = []
        self.day = 0

    def run(self, clusters: dict[str, int]) -> Assignment:
        as_of = DAYS[self.day]
        self.day += 1
        frame = pd.DataFrame(
            {"source_record_id": list(clusters), "cluster_id": list(clusters.values())}
        ).astype({"source_record_id": object, "cluster_id": "int64"})
        found = assign_ids(frame, self.map, self.created)
        merged = found.customers.merge(self.map, on=["source_record_id", "customer_id"], how="left")
        times = merged["assigned_at"].astype("datetime64[us]")
        self.map = merged.assign(assigned_at=times.mask(times.isna(), as_of))
        fresh = [e.customer_id for e in found.events if e.event in ("created", "split")]
        added = pd.DataFrame({"customer_id": fresh, "created_at": [as_of] * len(fresh)})
        self.created = pd.concat(
            [self.created, added.astype({"customer_id": object, "created_at": "datetime64[us]"})],
            ignore_index=True,
        )
        self.aliases = resolved_aliases(self.aliases, found.events, as_of)
        self.events += found.events
        return found

    def ids(self) -> dict[str, str]:
        return dict(zip(self.map["source_record_id"], self.map["customer_id"], strict=True))


def events_of(found: Assignment) -> Counter[str]:
    return Counter(event.event for event in found.events)


def test_the_first_run_creates_a_customer_per_cluster() -> None:
    world = World()
    found = world.run({"a": 0, "b": 0, "c": 1})
    assert events_of(found) == {"created": 2}
    assert world.ids()["a"] == world.ids()["b"] != world.ids()["c"]


def test_nothing_new_changes_nothing() -> None:
    world = World()
    world.run({"a": 0, "b": 0, "c": 1})
    before = world.map.copy()
    found = world.run({"c": 7, "b": 3, "a": 3})
    assert found.events == ()
    pd.testing.assert_frame_equal(world.map, before)


def test_a_merge_keeps_the_older_id_and_leaves_an_alias() -> None:
    world = World()
    world.run({"a": 0})
    world.run({"a": 0, "b": 1, "c": 1})
    older, younger = world.ids()["a"], world.ids()["b"]
    found = world.run({"a": 0, "b": 0, "c": 0})
    assert set(world.ids().values()) == {older}
    assert found.events == (IdEvent("merged", younger, older),)
    assert world.aliases["current_customer_id"].tolist() == [older]


def test_of_two_ids_of_one_day_a_merge_keeps_that_of_the_larger_part() -> None:
    world = World()
    world.run({"a": 0, "b": 1, "c": 1})
    larger = world.ids()["b"]
    world.run({"a": 0, "b": 0, "c": 0})
    assert set(world.ids().values()) == {larger}


def test_a_split_keeps_the_id_with_the_larger_part() -> None:
    world = World()
    world.run({"a": 0, "b": 0, "c": 0})
    before = world.ids()["a"]
    found = world.run({"a": 1, "b": 2, "c": 2})
    assert world.ids()["b"] == world.ids()["c"] == before
    assert found.events == (IdEvent("split", world.ids()["a"], before),)


def test_a_split_into_equal_parts_keeps_the_id_with_the_older_part() -> None:
    world = World()
    world.run({"b": 0})
    world.run({"a": 0, "b": 0})
    before = world.ids()["b"]
    world.run({"a": 1, "b": 2})
    assert world.ids()["b"] == before
    assert world.ids()["a"] != before


def test_records_that_move_between_two_customers_leave_an_event() -> None:
    world = World()
    world.run({"a": 0, "b": 0, "c": 1, "d": 1, "e": 0})
    first, second = world.ids()["a"], world.ids()["c"]
    found = world.run({"a": 0, "b": 1, "c": 1, "d": 1, "e": 0})
    assert world.ids()["b"] == second
    assert found.events == (IdEvent("moved", first, second),)


def test_a_customer_without_records_retires_and_its_id_is_not_used_again() -> None:
    world = World()
    world.run({"a": 0, "b": 1})
    gone = world.ids()["a"]
    assert events_of(world.run({"b": 1})) == {"retired": 1}
    world.run({"a": 0, "b": 1})
    assert world.ids()["a"] != gone


def test_aliases_follow_through_later_merges() -> None:
    world = World()
    world.run({"a": 0})
    world.run({"a": 0, "b": 1})
    world.run({"a": 0, "b": 1, "c": 2})
    first, third = world.ids()["a"], world.ids()["c"]
    world.run({"a": 0, "b": 1, "c": 1})
    world.run({"a": 0, "b": 0, "c": 0})
    today = dict(
        zip(world.aliases["customer_id"], world.aliases["current_customer_id"], strict=True)
    )
    assert today[third] == first
    assert set(today.values()) == {first}


def test_no_records_retire_everybody() -> None:
    world = World()
    world.run({"a": 0, "b": 1})
    assert events_of(world.run({})) == {"retired": 2}


def test_ids_are_opaque_and_follow_from_the_founder() -> None:
    one = new_customer_id("crm:1", set())
    assert one == new_customer_id("crm:1", set())
    assert len(one) == 17
    assert one[0] == "C"
    assert new_customer_id("crm:1", {one}) != one
    assert new_customer_id("crm:2", set()) != one


def test_event_ids_are_the_same_when_a_run_is_repeated() -> None:
    event = IdEvent("created", new_customer_id("crm:1", set()), None)
    assert event_id("run", event) == event_id("run", event)
    assert event_id("run", event) != event_id("other run", event)


DAY = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 4), max_size=10)


@settings(max_examples=150, deadline=None)
@given(st.lists(DAY, min_size=1, max_size=8))
def test_any_history_keeps_its_promises(days: list[dict[str, int]]) -> None:
    world = World()
    given_out: list[str] = []
    for clusters in days:
        before = world.ids()
        found = world.run(clusters)
        after = world.ids()
        assert sorted(after) == sorted(clusters)
        groups = {frozenset(r for r in clusters if clusters[r] == c) for c in clusters.values()}
        assert groups == {frozenset(r for r in after if after[r] == i) for i in after.values()}
        for group in groups:
            old = {before.get(record) for record in group}
            unchanged = len(old) == 1 and None not in old
            if unchanged and {r for r in before if before[r] in old} == group:
                assert {after[record] for record in group} == old
        changes = {(before[r], after[r]) for r in after if before.get(r, after[r]) != after[r]}
        told = {frozenset((e.customer_id, e.related_customer_id)) for e in found.events}
        assert {frozenset(change) for change in changes} <= told
        given_out += [e.customer_id for e in found.events if e.event in ("created", "split")]
        assert len(given_out) == len(set(given_out))
        today = dict(
            zip(world.aliases["customer_id"], world.aliases["current_customer_id"], strict=True)
        )
        gone = {e.customer_id for e in world.events if e.event in ("merged", "retired")}
        assert set(after.values()) == set(given_out) - gone
        assert not set(today.values()) & set(today)


@settings(max_examples=50, deadline=None)
@given(st.lists(DAY, min_size=2, max_size=5), st.randoms())
def test_the_order_of_rows_changes_no_id(days: list[dict[str, int]], random: object) -> None:
    straight, shuffled = World(), World()
    for clusters in days:
        straight.run(clusters)
        records = list(clusters)
        random.shuffle(records)  # type: ignore[attr-defined]
        shuffled.run({record: clusters[record] for record in records})
        shuffled.map = shuffled.map.sample(frac=1, random_state=1)
    assert straight.ids() == shuffled.ids()
    assert straight.events == shuffled.events


@pytest.mark.parametrize("count", [1, 3])
def test_a_used_id_is_passed_over(count: int) -> None:
    used: set[str] = set()
    for _ in range(count):
        used.add(new_customer_id("crm:1", used))
    assert len(used) == count


def test_an_alias_whose_customer_is_retired_leads_nowhere_any_more() -> None:
    aliases = pd.DataFrame(
        {
            "customer_id": ["C1"],
            "current_customer_id": ["C2"],
            "since": [pd.Timestamp("2026-01-01")],
        }
    )
    retired = (IdEvent("retired", CustomerId("C2"), None),)
    left = resolved_aliases(aliases, retired, datetime.fromisoformat("2026-01-02"))
    assert left.empty
