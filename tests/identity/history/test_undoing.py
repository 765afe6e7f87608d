"""After an undo every id is what it would be had the wrong merge never happened."""

from datetime import datetime

import numpy as np
import pytest

from orchestration.bench.undo_worlds import UndoWorld, random_world

START = datetime.fromisoformat("2026-01-01")


def test_an_undone_merge_gives_both_their_id_and_their_dates_back() -> None:
    world = UndoWorld()
    world.day({"a": 1, "b": 2})
    world.merge(1, 2)
    world.day({"a": 1, "b": 2, "c": 2})
    world.undo(1, 2)
    world.day({"a": 1, "b": 2, "c": 2})
    assert world.mismatches() == []
    assert world.real.ids()["c"] == world.real.ids()["b"] != world.real.ids()["a"]


def test_the_part_that_grew_in_the_meantime_does_not_take_the_others_id() -> None:
    world = UndoWorld()
    world.day({"a": 1, "b": 2})
    first = world.real.ids()["a"]
    world.merge(1, 2)
    world.day({"a": 1, "b": 2})
    world.day({"a": 1, "b": 2, "c": 2, "d": 2, "e": 2})
    world.undo(1, 2)
    world.day({"a": 1, "b": 2, "c": 2, "d": 2, "e": 2})
    assert world.real.ids()["a"] == first
    assert world.mismatches() == []


def test_chained_merges_come_undone_in_any_order() -> None:
    world = UndoWorld()
    truth = {"a": 1, "b": 2, "c": 3}
    world.day(truth)
    world.merge(1, 2)
    world.day(truth)
    world.merge(2, 3)
    world.day(truth)
    world.undo(1, 2)
    world.day(truth)
    world.undo(2, 3)
    world.day(truth)
    assert world.mismatches() == []


@pytest.mark.parametrize("seed", range(6))
def test_random_worlds_come_back_to_what_never_happened(seed: int) -> None:
    assert random_world(np.random.default_rng(seed)).mismatches() == []
