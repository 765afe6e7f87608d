"""A day's changes end in the edges that a full run with the same model ends in."""

from datetime import datetime, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest

from orchestration.identity.clustering import cluster_records
from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.edge_table import read_cluster_edges
from orchestration.identity.edges import edges_of
from orchestration.identity.history.ledger import Ledger
from orchestration.identity.identity_tables import one_transaction
from orchestration.identity.incremental import score_changes
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.record_clusters import build_clusters
from orchestration.identity.settings import EngineSettings, engine_settings
from orchestration.identity.state.applied_model import apply_model
from orchestration.identity.state.changes import record_changes
from orchestration.identity.state.model_store import read_model
from orchestration.identity.state.value_hashes import NONE
from orchestration.identity.streaming import promising_pairs
from orchestration.identity.warehouse_records import read_person_records
from tests.identity.people import Record, crowd
from tests.identity.warehouses import fill_conformed

LIMIT = engine_settings().blocking.block_records
DAY = datetime.fromisoformat("2026-07-01")
Edge = tuple[str, str, float, str]


def with_blocks_of(limit: int) -> EngineSettings:
    shipped = engine_settings()
    blocking = shipped.blocking.model_copy(update={"block_records": limit})
    return shipped.model_copy(update={"blocking": blocking})


def full_run_with_the_same_model(connection: duckdb.DuckDBPyConnection, limit: int) -> set[Edge]:
    in_use = read_model(connection)
    records = read_person_records(connection)
    applied = apply_model(in_use.model, records, engine_settings())
    large = {}
    for rule, row in enumerate(applied.keys):
        keys, sizes = np.unique(row[row != NONE], return_counts=True)
        large[rule] = keys[sizes > limit]
    assert (sum(map(len, large.values())) > 0) == (limit < LIMIT)
    applied = applied.without_blocks(large)
    clustering = engine_settings().clustering
    pairs = promising_pairs(applied.scorer, clustering.kept_from)
    chances = np.round(1 / (1 + np.exp(-pairs.log_odds)), 6)
    edges = edges_of(applied.scorer, (pairs.left, pairs.right, chances), clustering)
    ids = applied.records.ids.to_pylist()
    labels = in_use.model.rule_labels
    return {
        (
            ids[left],
            ids[right],
            float(chance),
            "+".join(label for number, label in enumerate(labels) if bits >> number & 1),
        )
        for left, right, chance, bits in zip(
            edges.left.tolist(),
            edges.right.tolist(),
            edges.probability.tolist(),
            edges.rules.tolist(),
            strict=True,
        )
    }


def stored(connection: duckdb.DuckDBPyConnection) -> set[Edge]:
    return set(
        connection.execute(
            "select left_record_id, right_record_id, probability, rules from identity.scored_edges"
        ).fetchall()
    )


def changed_day(records: list[Record], spare: list[Record], random: np.random.Generator) -> None:
    for _ in range(int(random.integers(1, 8))):
        records.pop(int(random.integers(len(records))))
    for _ in range(int(random.integers(1, 8))):
        if spare:
            records.append(spare.pop())
    for _ in range(int(random.integers(1, 8))):
        place, other = random.integers(len(records), size=2).tolist()
        column = str(random.choice(["email", "phone", "family_name", "street", "birth_day"]))
        value = records[other].get(column) if random.random() < 0.7 else None
        records[place] = {**records[place], column: value}


@pytest.mark.parametrize(("seed", "limit"), [(1, LIMIT), (2, 4)], ids=["any", "small blocks"])
def test_random_days_with_deletes_end_where_a_full_run_ends(seed: int, limit: int) -> None:
    random = np.random.default_rng(seed)
    everybody = crowd(160, seed=30 + seed)
    order = random.permutation(len(everybody)).tolist()
    records = [everybody[place] for place in order[:240]]
    spare = [everybody[place] for place in order[240:]]
    with duckdb.connect() as connection:
        fill_conformed(connection, records)
        score_pairs(connection, as_of=DAY, settings=with_blocks_of(limit))
        for _ in range(5):
            changed_day(records, spare, random)
            fill_conformed(connection, records)
            changes = record_changes(connection)
            assert len(changes.written)
            with one_transaction(connection):
                found = score_changes(connection, read_model(connection), changes, as_of=DAY)
            assert found.changed == len(changes.written)
            assert stored(connection) == full_run_with_the_same_model(connection, limit)
        again = record_changes(connection)
        assert (len(again.written), len(again.gone)) == (0, 0)


def clusters_of_everybody(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    query = "select source_record_id from identity.record_keys order by source_record_id"
    ids = connection.sql(query).to_arrow_table()["source_record_id"].combine_chunks()
    edges = read_cluster_edges(connection, ids)
    found = cluster_records(len(ids), edges, engine_settings().clustering)
    return pd.DataFrame(
        {
            "source_record_id": ids.to_pylist(),
            "cluster_id": found.labels,
            "weakest_link": found.weakest_link,
        }
    )


def company_of(clusters: pd.DataFrame) -> dict[str, tuple[frozenset[str], float | None]]:
    groups = clusters.groupby("cluster_id")["source_record_id"].agg(frozenset)
    weakest = clusters["weakest_link"].astype(object).where(clusters["weakest_link"].notna(), None)
    rows = zip(clusters["source_record_id"], clusters["cluster_id"], weakest, strict=True)
    return {record: (groups[cluster], link) for record, cluster, link in rows}


def test_clusters_and_ids_of_who_is_concerned_are_those_of_everybody() -> None:
    random = np.random.default_rng(4)
    everybody = crowd(130, seed=34)
    order = random.permutation(len(everybody)).tolist()
    records = [everybody[place] for place in order[:220]]
    spare = [everybody[place] for place in order[220:]]
    ledger = Ledger()
    with duckdb.connect() as connection:
        for day in range(5):
            moment = DAY + timedelta(days=day)
            if day:
                changed_day(records, spare, random)
            fill_conformed(connection, records)
            changes = record_changes(connection) if day else None
            if changes is None:
                score_pairs(connection, as_of=moment)
            else:
                with one_transaction(connection):
                    score_changes(connection, read_model(connection), changes, as_of=moment)
            summary = build_clusters(connection, as_of=moment)
            assign_customer_ids(connection, run_id=f"day {day}", as_of=moment)
            assert (summary.looked_at < summary.records) == bool(day)
            whole = clusters_of_everybody(connection)
            stored_clusters = connection.sql("select * from identity.clusters").df()
            assert company_of(stored_clusters) == company_of(whole)
            ledger.advance(whole[["source_record_id", "cluster_id"]], moment)
            rows = connection.sql("select source_record_id, customer_id from identity.identity_map")
            assert dict(rows.fetchall()) == ledger.ids()


def test_a_run_with_nothing_new_scores_nothing_and_keeps_the_model() -> None:
    with duckdb.connect() as connection:
        fill_conformed(connection, crowd(60, seed=50))
        first = score_pairs(connection, as_of=DAY)
        before = stored(connection)
        second = score_pairs(connection, as_of=DAY)
        assert (first.changed_records, second.changed_records) == (None, 0)
        assert second.model_version == first.model_version
        assert stored(connection) == before


def test_few_changes_are_continued_and_many_ask_for_a_new_model() -> None:
    records = crowd(100, seed=51)
    with duckdb.connect() as connection:
        fill_conformed(connection, records)
        score_pairs(connection, as_of=DAY)
        fill_conformed(connection, records[:-2])
        assert score_pairs(connection, as_of=DAY).changed_records == 2
        fill_conformed(connection, records[:-40])
        assert score_pairs(connection, as_of=DAY).changed_records is None
