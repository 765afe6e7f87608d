"""Fitting on a pilot and streaming the rest finds what fitting on everything finds."""

import pytest

from orchestration.bench.people import person_records_with_truth
from orchestration.bench.truth_figures import pairwise
from orchestration.identity.clustering import cluster_records
from orchestration.identity.edge_table import cluster_edges
from orchestration.identity.engine import Resolution, resolve_records
from orchestration.identity.records import person_records
from orchestration.identity.settings import EngineSettings, engine_settings

PEOPLE = person_records_with_truth(3000, seed=4)
RECORDS = person_records(PEOPLE.drop_columns("entity_id"))
TRUTH = PEOPLE["entity_id"].to_numpy()


def small_pilot() -> EngineSettings:
    """Return settings for which 3,000 records are many."""
    usual = engine_settings()
    blocking = {"pairs_before_choosing": 10_000, "tried_pairs": 20_000}
    return usual.model_copy(
        update={
            "pilot": usual.pilot.model_copy(update={"records": 2000}),
            "blocking": usual.blocking.model_copy(update=blocking),
            "comparison": usual.comparison.model_copy(update={"chunk_pairs": 5000}),
        }
    )


@pytest.fixture(scope="module")
def found() -> Resolution:
    return resolve_records(RECORDS, small_pilot())


def test_a_pilot_finds_the_people_of_all_records(found: Resolution) -> None:
    edges = cluster_edges(found.edges, found.comparer.fields)
    clusters = cluster_records(found.records.size, edges, engine_settings().clustering)
    right = pairwise(clusters.labels.astype("int64"), TRUTH)
    assert right.precision > 0.97
    assert right.recall > 0.9


def test_every_record_is_scored_though_few_were_fitted_on(found: Resolution) -> None:
    assert found.records.size == len(TRUTH) > 2000
    assert found.candidate_pairs <= 5 * found.records.size
    assert found.scorer is not None
    again = found.scorer.log_odds(found.edges.left, found.edges.right)
    assert again.tolist() == found.edges.log_odds.tolist()


def test_the_same_records_give_the_same_edges(found: Resolution) -> None:
    again = resolve_records(RECORDS, small_pilot())
    assert again.edges.log_odds.tolist() == found.edges.log_odds.tolist()
    assert [rule.label for rule in again.rules] == [rule.label for rule in found.rules]
