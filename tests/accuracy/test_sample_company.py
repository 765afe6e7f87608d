"""How right the identity map of a whole daily run is on the sample company, by segment."""

import duckdb
import pytest

from tests.support.command_line import c360

pytestmark = pytest.mark.accuracy

SAMPLE = ("sample", "--customers", "2000", "--days", "3", "--seed", "7", "--end-date", "2026-11-21")
FLOOR, LEAST_PRECISION = 0.93, 0.94
# Pairs of people of one household who may be taken for one person, of all who share something.
MOST_MERGED = {"twin": 0.0, "shared_phone": 0.05, "shared_email": 0.05}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The identity map of a run beside the truth, as the view `people`."""
    home = tmp_path_factory.mktemp("accuracy") / "home"
    for arguments in (SAMPLE, ("run", "--as-of", "2026-11-22", "--json")):
        outcome = c360(home, *arguments)
        assert outcome.code == 0, outcome.output + outcome.errors
    connection = duckdb.connect()
    warehouse, truth = home / "warehouse.duckdb", home / "truth"
    connection.execute(f"attach '{warehouse}' as warehouse (read_only)")
    connection.execute(
        "create view people as select map.source_record_id, map.source_system, map.customer_id,"
        " truth.entity_id, persons.culture, persons.script, persons.household_id, persons.tags"
        " from warehouse.identity.identity_map as map"
        f" inner join '{truth}/identities.parquet' as truth using (source_record_id)"
        f" inner join '{truth}/persons.parquet' as persons using (entity_id)"
    )
    return connection


def pairwise(connection: duckdb.DuckDBPyConnection, where: str = "true") -> tuple[float, ...]:
    """Return precision, recall and F1 of pairs of which both records lie in a segment."""
    pairs = "coalesce(sum(n * (n - 1) / 2), 0)"
    counted = [
        connection.execute(
            f"select {pairs} from (select count(*) as n from people where {where} group by {by})"
        ).fetchall()[0][0]
        for by in ("customer_id, entity_id", "customer_id", "entity_id")
    ]
    hits, made, wanted = map(float, counted)
    precision, recall = hits / max(made, 1), hits / max(wanted, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def test_customers_are_found(world: duckdb.DuckDBPyConnection) -> None:
    precision, _, f1 = pairwise(world)
    assert f1 >= FLOOR
    assert precision >= LEAST_PRECISION


@pytest.mark.parametrize(
    ("where", "floor"),
    [
        ("script = 'latin'", 0.92),
        ("script = 'cyrillic'", 0.9),
        ("script = 'arabic'", 0.9),
        ("source_system in ('webshop', 'webshop_guest')", 0.93),
        ("tags like '%shared%'", 0.9),
    ],
)
def test_every_segment_is_served(
    world: duckdb.DuckDBPyConnection, where: str, floor: float
) -> None:
    assert pairwise(world, where)[2] >= floor


@pytest.mark.parametrize("tag", MOST_MERGED)
def test_people_who_share_much_stay_apart(world: duckdb.DuckDBPyConnection, tag: str) -> None:
    merged, together = world.execute(
        "with members as (select distinct household_id, entity_id, customer_id from people"
        " where tags like '%' || ? || '%')"
        " select count(distinct (left_one.entity_id, right_one.entity_id))"
        " filter (left_one.customer_id = right_one.customer_id),"
        " count(distinct (left_one.entity_id, right_one.entity_id))"
        " from members as left_one inner join members as right_one"
        " on left_one.household_id = right_one.household_id"
        " and left_one.entity_id < right_one.entity_id",
        [tag],
    ).fetchall()[0]
    assert together > 0
    assert merged <= MOST_MERGED[tag] * together


def test_test_accounts_are_nobodys_records(world: duckdb.DuckDBPyConnection) -> None:
    mixed = world.execute(
        "select count(*) from warehouse.identity.identity_map as test"
        " inner join warehouse.conformed.int_person_records__normalised as record"
        " using (source_record_id)"
        " inner join warehouse.identity.clusters as cluster using (source_record_id)"
        " where record.is_test_record and cluster.cluster_size > 1"
    ).fetchall()
    assert mixed == [(0,)]
