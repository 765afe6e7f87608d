"""After an undo every id is what it would be had the wrong merge never happened."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.bench.over_time.undo_proof import customers_of, prove_undo
from orchestration.bench.over_time.undo_stories import Story, random_story


def test_an_undone_merge_gives_both_their_id_and_their_dates_back() -> None:
    story = Story()
    story.day({"a": 1, "b": 2})
    story.merge(1, 2)
    story.day({"a": 1, "b": 2, "c": 2})
    story.undo(1, 2)
    story.day({"a": 1, "b": 2, "c": 2})
    assert prove_undo([story]).mismatches == ()
    ids = customers_of(story, wrongly=True)
    assert ids["c"] == ids["b"] != ids["a"]


def test_the_part_that_grew_in_the_meantime_does_not_take_the_others_id() -> None:
    story = Story()
    story.day({"a": 1, "b": 2})
    first = customers_of(story, wrongly=True)["a"]
    story.merge(1, 2)
    story.day({"a": 1, "b": 2})
    grown = {"a": 1, "b": 2, "c": 2, "d": 2, "e": 2}
    story.day(grown)
    story.undo(1, 2)
    story.day(grown)
    assert customers_of(story, wrongly=True)["a"] == first
    assert prove_undo([story]).mismatches == ()


def test_chained_merges_come_undone_in_any_order() -> None:
    story, truth = Story(), {"a": 1, "b": 2, "c": 3}
    story.day(truth)
    story.merge(1, 2)
    story.day(truth)
    story.merge(2, 3)
    story.day(truth)
    story.undo(1, 2)
    story.day(truth)
    story.undo(2, 3)
    story.day(truth)
    assert prove_undo([story]).mismatches == ()


def test_who_was_led_together_by_records_that_an_undo_took_away_was_never_together() -> None:
    story = Story()
    story.merge(0, 6)
    story.merge(5, 6)
    story.day({"a": 0, "b": 6})
    story.day({"a": 0, "b": 6, "c": 5})
    story.merge(0, 7)
    story.merge(5, 7)
    people = {"a": 0, "b": 6, "c": 5, "d": 7}
    story.day(people)
    for one, other in ((5, 6), (0, 6), (0, 7), (5, 7)):
        story.undo(one, other)
        story.day(people)
    assert prove_undo([story]).mismatches == ()


def test_an_undo_after_renames_gives_back_the_ids_of_the_first_keys() -> None:
    story, truth = Story(), {"a": 1, "b": 2}
    story.day(truth)
    first = customers_of(story, wrongly=True)
    story.merge(1, 2)
    story.day(truth)
    story.rename({"a": "z", "b": "y"})
    story.day(truth)
    story.rename({"a": "m"})
    story.undo(1, 2)
    story.day(truth)
    assert customers_of(story, wrongly=True) == {"m": first["a"], "y": first["b"]}


def test_a_day_is_played_again_under_the_keys_of_that_day() -> None:
    founded_after_a_rename, given_out_again, taken_over = Story(), Story(), Story()
    for story, keys, days in (
        (
            founded_after_a_rename,
            {"a": "z", "c": "a"},
            ({"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}),
        ),
        (given_out_again, {"b": "x", "c": "b"}, ({"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 2})),
        (taken_over, {"c": "a"}, ({"a": 1, "b": 1}, {"b": 1, "c": 2})),
    ):
        story.day(days[0])
        story.rename(keys)
        story.day(days[1])
        story.merge(1, 2)
        story.day(days[1])
        story.undo(1, 2)
        story.day(days[1])
    assert prove_undo([founded_after_a_rename, given_out_again, taken_over]).mismatches == ()


def test_an_undo_takes_no_id_from_who_founded_it_under_the_same_key() -> None:
    story = Story()
    story.merge(1, 2)
    story.day({"a": 1, "b": 2})
    story.rename({"b": "x", "c": "b"})
    story.day({"a": 1, "b": 2, "c": 3})
    founded = customers_of(story, wrongly=True)["b"]
    story.undo(1, 2)
    story.day({"a": 1, "b": 2, "c": 3})
    ids = customers_of(story, wrongly=True)
    assert ids["b"] == founded
    assert len(set(ids.values())) == len(ids)


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32 - 1))
def test_random_stories_end_where_the_wrong_merges_never_happened(seed: int) -> None:
    random = np.random.default_rng(seed)
    assert prove_undo([random_story(random) for _ in range(12)]).mismatches == ()
