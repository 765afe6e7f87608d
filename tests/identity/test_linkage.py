"""Average linkage joins what belongs together and nothing by chains."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from orchestration.identity.linkage import (
    average_linkage,
    bounded_components,
    components,
    inner_pairs,
)

PAIRS = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=25)


def partition(labels: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)}


def as_arrays(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    distinct = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
    ends = np.array(distinct, dtype=np.int32).reshape(-1, 2)
    return ends[:, 0], ends[:, 1]


@given(PAIRS)
def test_components_are_those_of_networkx(pairs: list[tuple[int, int]]) -> None:
    left, right = as_arrays(pairs)
    graph = nx.Graph()
    graph.add_nodes_from(range(15))
    graph.add_edges_from(zip(left.tolist(), right.tolist(), strict=True))
    assert partition(components(15, left, right)) == {
        frozenset(component) for component in nx.connected_components(graph)
    }


@given(PAIRS)
def test_where_all_evidence_is_good_clusters_are_components(pairs: list[tuple[int, int]]) -> None:
    left, right = as_arrays(pairs)
    labels = components(15, left, right)
    inside = inner_pairs(labels, 400)
    clusters = average_linkage(labels, inside, np.full(len(inside.left), 5.0), 0.3)
    assert partition(clusters) == partition(labels)


@settings(max_examples=80, deadline=None)
@given(st.integers(3, 9), st.integers(0, 10_000))
def test_clusters_are_those_of_scipy(size: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    labels = np.zeros(size, dtype=np.int32)
    inside = inner_pairs(labels, 400)
    evidence = random.uniform(-9, 9, len(inside.left))
    expected = fcluster(linkage(10 - evidence, "average"), 10 - np.log(0.3 / 0.7), "distance")
    assert partition(average_linkage(labels, inside, evidence, 0.3)) == partition(expected)


def test_components_of_one_size_are_cut_each_for_itself() -> None:
    labels = np.array([0, 0, 0, 1, 1, 1, 2], dtype=np.int32)
    inside = inner_pairs(labels, 400)
    evidence = np.array([5.0, -9.0, -9.0, 5.0, 5.0, 5.0])
    clusters = average_linkage(labels, inside, evidence, 0.3)
    assert partition(clusters) == {
        frozenset({0, 1}),
        frozenset({2}),
        frozenset({3, 4, 5}),
        frozenset({6}),
    }


def test_a_chain_of_weak_links_does_not_hold() -> None:
    labels = np.zeros(4, dtype=np.int32)
    inside = inner_pairs(labels, 400)
    strong = {(0, 1): 4.0, (1, 2): 1.0, (2, 3): 4.0}
    ends = zip(inside.left.tolist(), inside.right.tolist(), strict=True)
    evidence = np.array([strong.get(pair, -6.0) for pair in ends])
    clusters = average_linkage(labels, inside, evidence, 0.3)
    assert partition(clusters) == {frozenset({0, 1}), frozenset({2, 3})}


def test_a_component_that_is_too_large_asks_for_stronger_links() -> None:
    left = np.arange(9, dtype=np.int32)
    links = left, left + 1, np.where(left == 4, 0.4, 0.99)
    labels = bounded_components(10, links, 0.3, 6)
    assert partition(labels) == {frozenset(range(5)), frozenset(range(5, 10))}


def test_certain_links_hold_whatever_the_size() -> None:
    left = np.arange(9, dtype=np.int32)
    labels = bounded_components(10, (left, left + 1, np.ones(9)), 0.3, 6)
    assert len(set(labels.tolist())) == 1


@pytest.mark.parametrize("size", [0, 1, 5])
def test_records_without_links_stand_alone(size: int) -> None:
    nothing = np.empty(0, dtype=np.int32)
    labels = bounded_components(size, (nothing, nothing, np.empty(0)), 0.3, 6)
    inside = inner_pairs(labels, 400)
    assert len(inside.left) == 0
    assert len(set(average_linkage(labels, inside, np.empty(0), 0.3).tolist())) == size
