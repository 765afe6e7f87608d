import numpy as np
import pytest

from orchestration.sample.draws import Draws, repeated

KEYS = np.arange(100_000)


def test_a_record_draws_the_same_whatever_its_company():
    draws = Draws(3)
    everybody = draws.uniform("height", KEYS)
    some = np.array([99_999, 5, 42])
    assert (draws.uniform("height", some) == everybody[some]).all()


def test_streams_and_seeds_draw_differently():
    first = Draws(3).uniform("height", KEYS)
    assert abs(np.corrcoef(first, Draws(3).uniform("weight", KEYS))[0, 1]) < 0.02
    assert abs(np.corrcoef(first, Draws(4).uniform("height", KEYS))[0, 1]) < 0.02


def test_a_second_key_draws_anew():
    days = np.ones(len(KEYS), dtype=np.int64)
    first, second = (Draws(3).uniform("visit", KEYS, days * day) for day in (1, 2))
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.02


def test_draws_are_even():
    drawn = Draws(3).uniform("height", KEYS)
    assert drawn.min() >= 0
    assert drawn.max() < 1
    assert np.histogram(drawn, bins=20, range=(0, 1))[0] == pytest.approx(5_000, rel=0.06)


def test_a_choice_follows_its_weights():
    chosen = Draws(3).choice("colour", (1, 2, 7), KEYS)
    assert np.bincount(chosen) / len(KEYS) == pytest.approx([0.1, 0.2, 0.7], abs=0.01)


def test_about_has_the_mean_that_was_asked_for():
    assert Draws(3).about("visits", 1.5, KEYS).mean() == pytest.approx(1.5, rel=0.03)


def test_repeated_numbers_the_repetitions_of_each_row():
    rows, nth = repeated(np.array([7, 8, 9]), np.array([2, 0, 3]))
    assert rows.tolist() == [7, 7, 9, 9, 9]
    assert nth.tolist() == [0, 1, 0, 1, 2]


def test_nothing_is_repeated_when_there_are_no_rows():
    rows, nth = repeated(np.array([], dtype=np.int64), np.array([], dtype=np.int64))
    assert len(rows) == len(nth) == 0
