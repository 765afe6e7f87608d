"""The mixture finds matches, and finds none where there are none."""

import numpy as np
import pytest

from orchestration.identity.fields import FIELDS
from orchestration.identity.match_bounds import ClassShapes
from orchestration.identity.patterns import PatternTable, count_patterns
from orchestration.identity.settings import engine_settings
from tests.identity.people import Record, crowd, resolved

SETTINGS = engine_settings().scoring


def shapes() -> tuple[ClassShapes, np.ndarray]:
    sizes = [len(field.levels) for field in FIELDS]
    chance = np.concatenate([[1.0, *np.full(size - 1, 1 / (size - 1))] for size in sizes])
    return ClassShapes(FIELDS, chance, SETTINGS), chance


@pytest.mark.parametrize("kind", ["M", "H", "K", "N"])
def test_classes_start_as_probabilities(kind: str) -> None:
    found, chance = shapes()
    start = found.start(kind)
    assert len(start) == len(chance)
    assert start.sum() - len(FIELDS) == pytest.approx(len(FIELDS))


def test_the_match_class_cannot_become_people_who_differ() -> None:
    found, chance = shapes()
    different = np.zeros_like(chance)
    place = 0
    for field in FIELDS:
        different[place + 1] = 1e6  # every pair differs in every field
        place += len(field.levels)
    match = found.shaped("M", different)
    place = 0
    for field in FIELDS:
        levels = match[place + 1 : place + len(field.levels)]
        limit = SETTINGS.weak_share_stable if field.is_stable else SETTINGS.weak_share_changing
        assert levels[: field.weak_levels].sum() <= limit + 1e-9
        assert levels.sum() == pytest.approx(1)
        place += len(field.levels)
    assert found.is_past_bounds(found.normalised(different))


@pytest.mark.parametrize("kind", ["H", "K"])
def test_families_stay_families_whatever_the_data_offer(kind: str) -> None:
    found, chance = shapes()
    same = np.zeros_like(chance)
    place = 0
    for field in FIELDS:
        same[place + len(field.levels) - 1] = 1e6
        place += len(field.levels)
    family = found.shaped(kind, same)
    assert family[len(FIELDS[0].levels) - 1] == pytest.approx(0.1)


def test_families_on_one_telephone_have_one_in_common() -> None:
    found, chance = shapes()
    names = [field.name for field in FIELDS]
    last = np.cumsum([len(field.levels) for field in FIELDS]) - 1
    nobody = found.shaped("K", np.full_like(chance, 1e6) * (np.arange(len(chance)) != last[7]))
    assert names[7] == "phone"
    assert nobody[last[7]] == pytest.approx(0.3)


def test_strangers_are_not_merged() -> None:
    strangers = [row for row in crowd(1500, seed=11) if row["source_system"] == "crm"]
    found = resolved(strangers)
    assert (found.edges.probability >= 0.3).sum() == 0


def test_junk_is_born_at_most_as_often_as_allowed(people: list[Record]) -> None:
    model = resolved(people).model
    assert model is not None
    assert model.mixture.classes[0] == "M"
    assert model.mixture.classes.count("J") <= SETTINGS.junk_classes
    assert model.mixture.weights.sum(axis=0) == pytest.approx([1, 1])


def table() -> tuple[PatternTable, np.ndarray]:
    packed = np.array([5, 5, 7, 5], dtype=np.int64)
    rules = np.array([1, 1, 2, 2], dtype=np.int64)
    stratum = np.array([0, 0, 1, 0], dtype=np.int64)
    return count_patterns(packed, rules, stratum, (3, 4))


def test_patterns_are_counted_by_levels_rules_and_stratum() -> None:
    found, codes = table()
    assert found.counts.tolist() == [2, 1, 1]
    assert codes.tolist() == [0, 0, 1, 2]
    assert found.vectors.levels.T.tolist() == [[1, 1], [1, 3]]
    assert found.rules[codes].tolist() == [1, 1, 2, 2]


def test_patterns_without_pairs_drop_out() -> None:
    found, _ = table()
    fewer = found.with_counts(np.array([0.0, 3.0, 0.0]))
    assert fewer.size == 1
    assert fewer.vectors.levels.T.tolist() == [[1, 3]]


def test_the_likelihood_is_the_product_over_fields() -> None:
    found, _ = table()
    parameters = np.array([1, 0.2, 0.8, 1, 0.5, 0.3, 0.2])
    np.testing.assert_allclose(found.vectors.likelihood(parameters), [0.2 * 0.5, 0.2 * 0.2])
