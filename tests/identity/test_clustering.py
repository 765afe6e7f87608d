"""Guards keep apart what must not be one person, and tell the steward."""

import numpy as np
import pytest

from orchestration.identity import date_levels, name_levels
from orchestration.identity.clustering import ClusterEdges, cluster_records
from orchestration.identity.settings import ClusteringSettings, engine_settings

SETTINGS = engine_settings().clustering
Link = tuple[int, int, float]


def edges(links: list[Link], **levels: list[int]) -> ClusterEdges:
    ordered = np.array(sorted(links), dtype=np.float64).reshape(-1, 3)
    probability = ordered[:, 2]
    odds = np.log(probability / (1 - probability))
    graded = {name: np.array(values, dtype=np.int8) for name, values in levels.items()}
    left, right = ordered[:, 0].astype(np.int32), ordered[:, 1].astype(np.int32)
    return ClusterEdges(left, right, probability, odds, graded)


def partition(labels: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)}


def test_linked_records_are_one_cluster_with_its_weakest_link() -> None:
    found = cluster_records(4, edges([(0, 1, 0.99), (0, 2, 0.9), (1, 2, 0.8)]), SETTINGS)
    assert partition(found.labels) == {frozenset({0, 1, 2}), frozenset({3})}
    assert found.weakest_link[:3].tolist() == [0.9, 0.9, 0.9]
    assert np.isnan(found.weakest_link[3])
    assert found.review.guard == ()


def test_senior_and_junior_are_split_and_reviewed() -> None:
    links = [(0, 1, 0.999), (0, 2, 0.99), (1, 2, 0.99)]
    found = cluster_records(3, edges(links, generation=[0, 1, 1]), SETTINGS)
    assert partition(found.labels) == {frozenset({0, 1}), frozenset({2})}
    assert found.review.guard == ("generation",)
    assert (found.review.left.tolist(), found.review.right.tolist()) == ([0], [2])


def test_a_conflict_through_a_third_record_splits_at_the_weakest_edge() -> None:
    links = [(0, 1, 0.999), (0, 2, 0.6), (1, 2, 0.95)]
    found = cluster_records(3, edges(links, generation=[0, 1, 0]), SETTINGS)
    assert partition(found.labels) == {frozenset({0, 1}), frozenset({2})}
    assert found.review.guard == ("generation",)


@pytest.mark.parametrize(("probability", "clusters"), [(0.005, 2), (0.6, 1)])
def test_strong_evidence_outweighs_another_birth_date(probability: float, clusters: int) -> None:
    links = [(0, 1, 0.9999), (0, 2, probability), (1, 2, 0.9999)]
    found = cluster_records(3, edges(links, birth_date=[0, date_levels.DIFFERENT, 0]), SETTINGS)
    assert len(partition(found.labels)) == clusters


def test_brother_and_sister_of_one_birthday_are_two_people_however_alike() -> None:
    found = cluster_records(
        2,
        edges(
            [(0, 1, 0.9999)],
            birth_date=[date_levels.EQUAL],
            family_name=[name_levels.EQUAL],
            given_name=[name_levels.DIFFERENT],
            sex=[1],
        ),
        SETTINGS,
    )
    assert len(partition(found.labels)) == 2
    assert found.review.guard == ("brother_and_sister",)


def test_a_source_without_duplicates_gives_one_record_to_a_cluster() -> None:
    links = [(0, 1, 0.99), (0, 2, 0.9), (1, 2, 0.5)]
    sources = np.array([0, 1, 1], dtype=np.int32)
    found = cluster_records(3, edges(links), SETTINGS, clean_sources=sources)
    assert partition(found.labels) == {frozenset({0, 1}), frozenset({2})}
    assert found.review.guard == ("source",)


def test_a_cluster_that_grew_too_large_is_cut() -> None:
    small = ClusteringSettings.model_validate(SETTINGS.model_dump() | {"cluster_records": 3})
    links = [(i, j, 0.99) for i in range(5) for j in range(i + 1, 5)]
    found = cluster_records(5, edges(links), small)
    assert max(len(part) for part in partition(found.labels)) == 3
    assert set(found.review.guard) == {"size"}


def test_doubtful_links_between_clusters_are_reviewed_most_doubtful_first() -> None:
    links = [(0, 1, 0.31), (0, 2, 0.02), (1, 2, 0.5), (3, 4, 0.1)]
    found = cluster_records(5, edges(links), SETTINGS)
    assert found.review.guard == ("uncertain", "uncertain")
    assert found.review.probability.tolist() == [0.5, 0.31]


@pytest.mark.parametrize("size", [0, 1, 3])
def test_records_without_edges_stand_alone(size: int) -> None:
    found = cluster_records(size, edges([]), SETTINGS)
    assert len(set(found.labels.tolist())) == size
