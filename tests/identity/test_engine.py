"""The engine answers for any table of people, in whatever order its rows arrive."""

import numpy as np
import pytest

from orchestration.identity.engine import resolve_records
from orchestration.identity.errors import RecordsError
from orchestration.identity.settings import engine_settings
from tests.identity.people import Record, as_table, clusters_of, crowd, record, resolved


def test_a_crowd_of_two_records_each_is_found(people: list[Record]) -> None:
    clusters = clusters_of(people)
    together = sum(
        clusters[f"crm:P{number:05d}"] == clusters[f"webshop:P{number:05d}"]
        for number in range(len(people) // 2)
    )
    assert together >= 0.97 * len(people) / 2
    assert len(set(clusters.values())) >= 0.97 * len(people) / 2


@pytest.mark.parametrize(
    "records",
    [
        [],
        [record("crm", "1", given_name="ana")],
        [record("crm", "1"), record("crm", "2")],
        [record("crm", str(number)) for number in range(50)],
        [record("crm", str(number), given_name="ana", city="thika") for number in range(50)],
        [record("crm", str(number), given_name=f"n{number}") for number in range(50)],
        [record("crm", "1", given_name="a" * 10_000), record("crm", "2", given_name="a" * 9_999)],
    ],
    ids=["empty", "one", "two blank", "all blank", "all alike", "all different", "very long"],
)
def test_odd_tables_have_an_answer(records: list[Record]) -> None:
    clusters = clusters_of(records)
    assert sorted(clusters) == sorted(row["source_record_id"] for row in records)


def test_values_that_everybody_has_merge_nobody() -> None:
    everybody = [
        record("crm", str(number), given_name="ana", family_name="abdi", city="thika")
        for number in range(50)
    ]
    assert len(set(clusters_of(everybody).values())) == 50


def test_an_id_that_occurs_twice_is_named() -> None:
    with pytest.raises(RecordsError, match="crm:1"):
        as_table([record("crm", "1"), record("crm", "1")])


def test_shuffled_records_give_the_same_edges(people: list[Record]) -> None:
    shuffled = list(np.random.default_rng(3).permutation(np.array(people, dtype=object)))
    one, other = resolved(people), resolved(shuffled)
    assert one.records.ids.to_pylist() == other.records.ids.to_pylist()
    np.testing.assert_array_equal(one.edges.left, other.edges.left)
    np.testing.assert_array_equal(one.edges.probability, other.edges.probability)
    assert one.rules[0].label == other.rules[0].label


def test_a_link_task_never_joins_two_records_of_one_source() -> None:
    people = crowd(200)
    twice = [row | {"source_record_id": row["source_record_id"] + "b"} for row in people[:40]]
    found = resolve_records(as_table([*people, *twice]), engine_settings(), are_sources_clean=True)
    sources = found.records.sources
    within = sources[found.edges.left] == sources[found.edges.right]
    assert found.candidate_pairs > 0
    assert (found.edges.probability[within] == 0).all()


def test_weights_add_up_to_the_match_weight(people: list[Record]) -> None:
    edges = resolved(people).edges
    total = sum(edges.weights.values()) + edges.other_weight(edges.weights)
    np.testing.assert_allclose(total, edges.match_weight, atol=1e-5)


def test_a_missing_value_weighs_nothing(people: list[Record]) -> None:
    found = resolved(people)
    for row, field in enumerate(found.comparer.fields):
        missing = found.edges.levels[row] == 0
        assert (found.edges.weights[field.name][missing] == 0).all()


def test_progress_tells_every_stage(people: list[Record]) -> None:
    said: list[str] = []
    found = resolve_records(as_table(people), engine_settings(), progress=said.append)
    assert [line.partition(":")[0] for line in said] == list(found.seconds)
    assert list(found.seconds) == ["encode", "choose rules", "fit", "score", "edges"]
