"""A single record is answered as the next run would decide it, from the stored state."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import duckdb
import pytest

from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.desk.record_desk import RecordDesk
from orchestration.identity.errors import RecordsError
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.record_clusters import build_clusters
from tests.identity.people import Record, crowd
from tests.identity.warehouses import fill_conformed

DAY = datetime.fromisoformat("2026-07-01")
PEOPLE = crowd(300, seed=8)
ARRIVING = [row for row in PEOPLE if row["source_system"] == "webshop"][:12]
THERE = [row for row in PEOPLE if row not in ARRIVING]
ROLES = ("given_name", "family_name", "sex", "email", "phone", "street", "city")


def run(connection: duckdb.DuckDBPyConnection, records: list[Record], day: int) -> None:
    moment = DAY + timedelta(days=day)
    fill_conformed(connection, records)
    score_pairs(connection, as_of=moment)
    build_clusters(connection, as_of=moment)
    assign_customer_ids(connection, run_id=f"day {day}", as_of=moment)


def typed(row: Record) -> dict[str, object]:
    born = "{birth_year}-{birth_month:02d}-{birth_day:02d}".format(**row)
    return {"birth_date": born, **{name: row[name] for name in ROLES if row.get(name)}}


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as warehouse:
        run(warehouse, THERE, 0)
        yield warehouse


@pytest.fixture(scope="module")
def desk(connection: duckdb.DuckDBPyConnection) -> RecordDesk:
    return RecordDesk(connection)


def test_what_the_desk_says_is_what_the_next_run_decides(
    connection: duckdb.DuckDBPyConnection, desk: RecordDesk
) -> None:
    said = {row["source_record_id"]: desk.resolve(typed(row)).customer_id for row in ARRIVING}
    run(connection, PEOPLE, 1)
    decided = dict(
        connection.execute(
            "select source_record_id, customer_id from identity.identity_map"
        ).fetchall()
    )
    assert sum(name is not None for name in said.values()) > len(ARRIVING) / 2
    known = {record: name for record, name in said.items() if name}
    assert known == {record: decided[record] for record in known}
    new = {decided[record] for record, name in said.items() if name is None}
    others = {decided[row["source_record_id"]] for row in THERE}
    assert not new & others


def test_a_stranger_is_nobody_whom_we_know(desk: RecordDesk) -> None:
    answer = desk.resolve({"full_name": "Xenia Quorthon", "email": "xenia@quorthon.example"})
    assert answer.customer_id is None
    assert answer.candidates == ()


def test_candidates_come_with_their_customers_the_likeliest_first(desk: RecordDesk) -> None:
    answer = desk.resolve(typed(THERE[0]))
    chances = [one.probability for one in answer.candidates]
    assert chances == sorted(chances, reverse=True)
    assert answer.candidates[0].customer_id == answer.customer_id
    assert answer.compared > 0


@pytest.mark.parametrize(
    ("values", "message"),
    [({"nick": "a"}, "unknown: nick"), ({}, "at least one value"), ({"email": " "}, "at least")],
    ids=["another role", "nothing", "blank"],
)
def test_a_record_that_says_nothing_or_too_much_is_refused(
    desk: RecordDesk, values: dict[str, object], message: str
) -> None:
    with pytest.raises(RecordsError, match=message):
        desk.resolve(values)


def test_people_newer_than_their_links_ask_for_a_run(connection: duckdb.DuckDBPyConnection) -> None:
    with duckdb.connect() as other:
        run(other, THERE[:80], 0)
        fill_conformed(other, THERE[:81])
        with pytest.raises(RecordsError, match="c360 run"):
            RecordDesk(other)
