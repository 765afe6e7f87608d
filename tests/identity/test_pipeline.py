"""The three steps write the identity layer, all or nothing, and repeat themselves exactly."""

import json

import duckdb
import numpy as np
import pandas as pd
import pytest

from orchestration.identity.customer_ids import IdentitySummary, assign_customer_ids
from orchestration.identity.errors import RecordsError
from orchestration.identity.identity_tables import one_transaction
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.record_clusters import build_clusters
from tests.identity.people import Record, record
from tests.identity.warehouses import fill_conformed

TODAY = pd.Timestamp("2026-11-22").to_pydatetime()
TOMORROW = pd.Timestamp("2026-11-23").to_pydatetime()
TABLES = (
    "scored_edges",
    "models",
    "clusters",
    "review_queue",
    "identity_map",
    "id_history",
    "customer_aliases",
)


def run(
    connection: duckdb.DuckDBPyConnection, run_id: str = "one", as_of: object = TODAY
) -> IdentitySummary:
    score_pairs(connection, as_of=as_of)  # type: ignore[arg-type]
    build_clusters(connection, as_of=as_of)  # type: ignore[arg-type]
    return assign_customer_ids(connection, run_id=run_id, as_of=as_of)  # type: ignore[arg-type]


def content(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: connection.execute(f"select * from identity.{table} order by all").fetchall()
        for table in TABLES
    }


def test_every_record_has_one_customer(warehouse: duckdb.DuckDBPyConnection) -> None:
    summary = run(warehouse)
    people = warehouse.execute(
        "select count(*), count(distinct source_record_id), count(distinct customer_id)"
        " from identity.identity_map where customer_id is not null"
    ).fetchall()
    assert people == [(summary.records, summary.records, summary.customers)]
    assert summary.created == summary.customers < summary.records


def test_a_run_repeated_changes_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    run(warehouse)
    before = content(warehouse)
    summary = run(warehouse)
    assert content(warehouse) == before
    assert (summary.created, summary.merged, summary.split, summary.retired) == (0, 0, 0, 0)


def test_a_second_day_without_changes_keeps_the_map(warehouse: duckdb.DuckDBPyConnection) -> None:
    run(warehouse)
    before = content(warehouse)
    run(warehouse, "two", TOMORROW)
    after = content(warehouse)
    for table in ("clusters", "identity_map", "id_history", "customer_aliases"):
        assert after[table] == before[table]


def test_shuffled_input_gives_the_same_tables(people: list[Record]) -> None:
    shuffled = list(np.random.default_rng(4).permutation(np.array(people, dtype=object)))
    found = []
    for records in (people, shuffled):
        with duckdb.connect() as connection:
            fill_conformed(connection, records)
            run(connection)
            found.append(content(connection))
    assert found[0] == found[1]


def test_records_come_and_go(warehouse: duckdb.DuckDBPyConnection, people: list[Record]) -> None:
    first = run(warehouse)
    kept = [row for row in people if not row["source_record_id"].endswith("00007")]
    fill_conformed(warehouse, [*kept, record("leads", "1", given_name="odile", city="accra")])
    second = run(warehouse, "two", TOMORROW)
    assert (second.created, second.retired) == (1, 1)
    assert second.customers == first.customers
    events = warehouse.execute(
        "select event, count(*) from identity.id_history where run_id = 'two' group by event"
    ).fetchall()
    assert sorted(events) == [("created", 1), ("retired", 1)]


def test_edges_are_ordered_pairs_with_their_evidence(warehouse: duckdb.DuckDBPyConnection) -> None:
    scores = score_pairs(warehouse, as_of=TODAY)
    assert scores.edges > 0
    wrong = warehouse.execute(
        "select count(*) from identity.scored_edges where left_record_id >= right_record_id"
        " or probability not between 0 and 1 or model_version <> ?"
        " or level_given_name is null or (level_email = 'missing' and weight_email <> 0)",
        [scores.model_version],
    ).fetchall()
    assert wrong == [(0,)]


def test_the_model_can_be_read(warehouse: duckdb.DuckDBPyConnection) -> None:
    scores = score_pairs(warehouse, as_of=TODAY)
    rows = warehouse.execute("select model_version, parameters from identity.models").fetchall()
    assert [row[0] for row in rows] == [scores.model_version]
    parameters = json.loads(rows[0][1])
    assert parameters["structure"] == scores.structure
    assert parameters["classes"][0]["class"] == "match"
    for field, shares in parameters["classes"][0]["levels"].items():
        assert sum(shares) == pytest.approx(1, abs=1e-6), field


@pytest.mark.parametrize(
    "records",
    [[], [record("crm", "1", given_name="ana")], [record("crm", "1"), record("crm", "2")]],
    ids=["none", "one", "two blank"],
)
def test_a_nearly_empty_warehouse_has_an_identity_layer(records: list[Record]) -> None:
    with duckdb.connect() as connection:
        fill_conformed(connection, records)
        summary = run(connection)
        assert summary.customers == summary.records == len(records)
        assert set(content(connection)) == set(TABLES)


def test_a_missing_conformed_layer_is_named() -> None:
    with (
        duckdb.connect() as connection,
        pytest.raises(RecordsError, match="int_person_records__normalised is not there"),
    ):
        score_pairs(connection, as_of=TODAY)


def test_the_generation_is_read_from_raw_names() -> None:
    same = {"given_name": "john", "family_name": "smith", "email": "smith@mail.org"}
    records = [
        record("crm", "1", full_name_raw="John Smith Sr.", **same),
        record("crm", "2", full_name_raw="John Smith Jr.", **same),
        record("crm", "3", full_name_raw="John Smith", **same),
    ]
    with duckdb.connect() as connection:
        fill_conformed(connection, records)
        run(connection)
        customers = connection.execute(
            "select customer_id from identity.identity_map order by source_record_id"
        ).fetchall()
    assert customers[0] != customers[1]


def test_a_failed_step_leaves_nothing_behind(warehouse: duckdb.DuckDBPyConnection) -> None:
    run(warehouse)
    before = content(warehouse)
    with pytest.raises(duckdb.Error), one_transaction(warehouse):
        warehouse.execute("delete from identity.identity_map")
        warehouse.execute("select * from nowhere")
    assert content(warehouse) == before
