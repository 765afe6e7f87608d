"""What would change is said before anything does, by size and by the value at stake."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.errors import RecordsError, SpecError
from orchestration.identity.judging.anchoring import references_of
from orchestration.identity.judging.judgements import Word, draft_judgement
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.proposing.dry_run import DryRun, dry_run
from orchestration.identity.proposing.proposed_changes import propose_changes
from orchestration.identity.record_clusters import build_clusters
from orchestration.identity.settings import engine_settings, read_settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Decision
from orchestration.warehouse import Warehouse
from tests.identity.people import crowd
from tests.identity.warehouses import fill_conformed

DAY = datetime.fromisoformat("2026-07-01")
PAIR = ("crm:P00001", "webshop:P00001")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        fill_conformed(connection, crowd(80, seed=3))
        connection.execute(
            "create table conformed.int_orders__unioned as"
            " select source_record_id, 10.0 as order_amount_usd, false as is_cancelled,"
            " false as is_returned from conformed.int_person_records__normalised"
        )
        score_pairs(connection, as_of=DAY)
        build_clusters(connection, as_of=DAY)
        assign_customer_ids(connection, run_id="run", as_of=DAY)
    return folder


@pytest.fixture
def connection(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as warehouse:
        yield warehouse


def tried(
    home: Path, folder: Path, decisions: list[Decision] | None = None, **changes: object
) -> DryRun:
    shipped = engine_settings()
    clustering = shipped.clustering.model_copy(update=changes)
    return dry_run(
        Warehouse(home / "warehouse.duckdb", folder, "500MB", 1),
        shipped.model_copy(update={"clustering": clustering}),
        as_of=DAY + timedelta(days=1),
        decisions=decisions or [],
        new_model=False,
        shown=3,
    )


def test_nothing_new_changes_nobody(home: Path, tmp_path: Path) -> None:
    found = tried(home, tmp_path)
    assert (found.summary.changes, found.is_new_model) == ({}, False)


def test_another_threshold_shows_whom_it_splits_and_what_they_bought(
    home: Path, tmp_path: Path
) -> None:
    found = tried(home, tmp_path, threshold=0.9999999)
    assert set(found.summary.changes) == {"split"}
    assert found.summary.value_usd == 10.0 * found.summary.records_concerned
    assert found.summary.value_share == pytest.approx(found.summary.records_concerned / 160)
    assert len(found.largest) == 3
    first = found.largest[0]
    assert (first["customers_before"], first["customers_after"]) == (1, 2)
    assert "crm:P" in first["example_record_ids"]
    assert sum(row["changes"] for row in found.sizes) == found.summary.changes["split"]


def test_a_judgement_that_waits_is_tried_and_the_warehouse_stays_as_it_is(
    home: Path, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    left, right = (references_of(connection, [name]) for name in PAIR)
    draft = draft_judgement(Word.DIFFERENT, left, right, author="asha", reason="she called")
    connection.close()
    before = (home / "warehouse.duckdb").read_bytes()
    store = DecisionStore(f"sqlite:///{tmp_path / 'steward.sqlite'}")
    store.append(draft, decided_at=DAY)
    found = tried(home, tmp_path, store.decisions())
    assert found.summary.changes == {"split": 1}
    assert found.largest[0]["example_record_ids"] == ", ".join(PAIR)
    assert (home / "warehouse.duckdb").read_bytes() == before
    assert not list(tmp_path.glob("dry-run-*"))


def test_a_warehouse_without_customers_asks_for_a_run(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "warehouse.duckdb")).close()
    with pytest.raises(RecordsError, match="c360 run"):
        tried(tmp_path, tmp_path)


def test_merges_and_exchanges_are_told_apart() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema conformed; create schema identity")
        connection.execute(
            "create table conformed.int_person_records__normalised as"
            " select *, 's' as source_system from (values ('a'), ('b'), ('c'), ('d'), ('e'),"
            " ('new')) as t (source_record_id)"
        )
        connection.execute(
            "create table identity.identity_map as select *, 's' as source_system,"
            " now()::timestamp as assigned_at, 'm' as model_version from (values"
            " ('a', 'C1'), ('b', 'C2'), ('c', 'C3'), ('d', 'C3'), ('e', 'C4'), ('gone', 'C4'))"
            " as t (source_record_id, customer_id)"
        )
        connection.execute(
            "create table identity.clusters as select *, 1 as cluster_size, null as weakest_link"
            " from (values ('a', 1), ('b', 1), ('c', 2), ('d', 3), ('e', 3), ('new', 1))"
            " as t (source_record_id, cluster_id)"
        )
        summary = propose_changes(connection)
        rows = connection.sql(
            "select change, customer_ids, example_record_ids from identity.proposed_changes"
            " order by all"
        ).fetchall()
    assert rows == [("merge", "C1, C2", "a, b"), ("re-assignment", "C3, C4", "c, d, e")]
    assert (summary.customers_concerned, summary.records_concerned) == (4, 5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("clustering: {treshold: 0.5}", "treshold"),
        ("cluster: {threshold: 0.5}", "cluster"),
        ("clustering: {threshold: high}", "clustering.threshold"),
        ("[", "cannot be read"),
        ("- 1", "no sections"),
    ],
)
def test_settings_that_mean_nothing_are_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "own.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=message):
        read_settings(file)


def test_own_settings_change_what_they_name_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "own.yml"
    file.write_text("clustering: {threshold: 0.5}", encoding="utf-8")
    own, shipped = read_settings(file), engine_settings()
    assert own.clustering.threshold == 0.5
    assert own.model_copy(update={"clustering": shipped.clustering}) == shipped


def test_before_the_first_run_it_says_what_comes_first(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="`c360 run` comes first"):
        tried(tmp_path, tmp_path)
