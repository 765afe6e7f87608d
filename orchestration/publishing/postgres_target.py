"""Load the published snapshot into PostgreSQL, for tools that read a server and no file.

Everything is loaded beside what readers use, compared with the snapshot, and then switched in by
renaming schemas in one transaction. The schema before stays until the next load, so that a reader
at work is not disturbed. Which run or whose password does not matter here.
"""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing.errors import TargetError
from orchestration.publishing.postgres_address import patient
from orchestration.publishing.postgres_types import (
    create_statement,
    literal,
    quoted,
    select_for_copy,
    totals_query,
)

SCHEMA = "customer_360"
COMING, GOING = f"{SCHEMA}_coming", f"{SCHEMA}_before"
READER = "customer_360_reader"
LOCK = 360_360  # of the database: two loads do not mix
BATCH = 100_000

Connection = Any  # adbc_driver_postgresql has no types of its own


@dataclass(frozen=True, slots=True)
class TargetLoad:
    """What a load came to."""

    version: str
    tables: int
    rows: int
    is_new: bool
    seconds: float


def load_snapshot(snapshot: Path, address: str) -> TargetLoad:
    """Load a snapshot, unless the server holds this version already.

    Raises:
        TargetError: the server cannot be reached, is full or slow, or holds something else after
            the load than the snapshot; readers of the server keep what they have.
    """
    import adbc_driver_manager
    from adbc_driver_postgresql import dbapi  # type: ignore[import-untyped]

    begun = time.perf_counter()
    try:
        with (
            duckdb.connect(str(snapshot), read_only=True) as source,
            closing(dbapi.connect(patient(address))) as target,
        ):
            version = _one(source, "select version from about.snapshot")
            tables = _tables(source)
            is_new = _held_version(target) != version
            if is_new:
                _prepare(target)
                for layer, table in tables:
                    _load(source, target, layer, table)
                _check(source, target, tables)
                _switch(target)
            rows = sum(int(_one(source, f"from {quoted(*t)} select count(*)")) for t in tables)
    except (adbc_driver_manager.Error, duckdb.Error) as error:
        raise TargetError(_reason(error)) from error
    return TargetLoad(str(version), len(tables), rows, is_new, time.perf_counter() - begun)


def _tables(source: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return source.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where schema_name = 'marts' or (schema_name, table_name) = ('about', 'snapshot') "
        "order by all"
    ).fetchall()


def _columns(source: duckdb.DuckDBPyConnection, layer: str, table: str) -> list[tuple[str, str]]:
    return source.execute(
        "select column_name, data_type from duckdb_columns() "
        "where schema_name = ? and table_name = ? order by column_index",
        [layer, table],
    ).fetchall()


def _held_version(target: Connection) -> str | None:
    there = _ask(target, f"select to_regclass({literal(f'{SCHEMA}.snapshot')}) is not null")
    held = _ask(target, f"select version from {SCHEMA}.snapshot") if there[0] else None
    target.rollback()
    return str(held[0]) if held else None


def _prepare(target: Connection) -> None:
    if not _ask(target, f"select pg_try_advisory_lock({LOCK})")[0]:
        raise TargetError("another load of this database is at work")
    _run(target, f"drop schema if exists {COMING} cascade", f"create schema {COMING}")


def _load(source: duckdb.DuckDBPyConnection, target: Connection, layer: str, table: str) -> None:
    columns = _columns(source, layer, table)
    place = quoted(COMING, table)
    _run(target, create_statement(place, columns))
    reader = source.sql(select_for_copy(quoted(layer, table), columns)).to_arrow_reader(BATCH)
    with target.cursor() as cursor:
        cursor.adbc_ingest(table, reader, mode="append", db_schema_name=COMING)
    if key := _key(source, table):
        names = ", ".join(quoted(name) for name in key)
        _run(target, f"alter table {place} add primary key ({names})")
    if "customer_id" in dict(columns) and key != ["customer_id"]:
        _run(target, f"create index on {place} (customer_id)")
    _run(target, *_comments(source, layer, table), f"analyze {place}")


def _key(source: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    has_keys = source.execute(
        "select count(*) from duckdb_tables() where schema_name = 'about' and table_name = 'keys'"
    ).fetchone()
    if not has_keys or not has_keys[0]:
        return []
    rows = source.execute(
        "select column_name from about.keys where table_name = ? order by position", [table]
    ).fetchall()
    return [name for (name,) in rows]


def _comments(source: duckdb.DuckDBPyConnection, layer: str, table: str) -> list[str]:
    where = "where schema_name = ? and table_name = ? and comment is not null"
    place = quoted(COMING, table)
    tables = source.execute(f"select comment from duckdb_tables() {where}", [layer, table])
    said = [f"comment on table {place} is {literal(words)}" for (words,) in tables.fetchall()]
    columns = source.execute(
        f"select column_name, comment from duckdb_columns() {where}", [layer, table]
    )
    return said + [
        f"comment on column {place}.{quoted(name)} is {literal(words)}"
        for name, words in columns.fetchall()
    ]


def _check(
    source: duckdb.DuckDBPyConnection, target: Connection, tables: Sequence[tuple[str, str]]
) -> None:
    """Compare rows, values that are there, and sums, table by table."""
    for layer, table in tables:
        columns = _columns(source, layer, table)
        loaded = f"({select_for_copy(quoted(layer, table), columns)}) as loaded"
        expected = source.execute(totals_query(loaded, columns)).fetchone()
        found = _ask(target, totals_query(quoted(COMING, table), columns))
        if [str(value) for value in expected or ()] != [str(value) for value in found]:
            raise TargetError(f"{table} does not hold in PostgreSQL what the snapshot holds")


def _switch(target: Connection) -> None:
    """Lead readers to the new schema in one transaction, which nobody sees half done."""
    reader_exists = f"select count(*) from pg_roles where rolname = {literal(READER)}"
    if not _ask(target, reader_exists)[0]:
        _run(target, f"create role {READER} nologin")
    _run(
        target,
        f"grant usage on schema {COMING} to {READER}",
        f"grant select on all tables in schema {COMING} to {READER}",
        f"drop schema if exists {GOING} cascade",
    )
    target.commit()
    is_there = _ask(target, f"select count(*) from pg_namespace where nspname = {literal(SCHEMA)}")
    if is_there[0]:
        _run(target, f"alter schema {SCHEMA} rename to {GOING}")
    _run(target, f"alter schema {COMING} rename to {SCHEMA}")
    target.commit()


def _run(target: Connection, *statements: str) -> None:
    with target.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _ask(target: Connection, query: str) -> tuple[Any, ...]:
    with target.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return tuple(row or ())


def _one(source: duckdb.DuckDBPyConnection, query: str) -> Any:  # noqa: ANN401  any column's type
    row = source.execute(query).fetchone()
    return row[0] if row else None


def _reason(error: Exception) -> str:
    """Say what failed without the words of the engine: they may quote a row or a password."""
    text = str(error).lower()
    for sign, said in (
        ("no space left", "PostgreSQL's disk is full"),
        ("could not connect", "PostgreSQL cannot be reached"),
        ("failed to connect", "PostgreSQL cannot be reached"),
        ("connection refused", "PostgreSQL cannot be reached"),
        ("authentication failed", "PostgreSQL refuses the user or the password"),
        ("statement timeout", "PostgreSQL is too slow: its statement_timeout ended the load"),
        ("lock timeout", "PostgreSQL is too slow: a reader kept the schema before in use"),
        ("timeout expired", "PostgreSQL does not answer"),
        ("server closed the connection", "PostgreSQL broke the connection off"),
        ("terminating connection", "PostgreSQL broke the connection off"),
        ("permission denied", "PostgreSQL does not let the user make schemas or roles"),
    ):
        if sign in text:
            return said
    return f"PostgreSQL could not be loaded ({type(error).__name__})"
