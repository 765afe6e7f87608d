"""Write small conformed, identity and quality tables, so that the marts can be built alone."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import duckdb

from tests.marts.conformed_columns import COLUMNS

AS_OF = datetime(2026, 6, 30, 6, 0)  # noqa: DTZ001  UTC without a zone, as the warehouse keeps it

Row = Mapping[str, object]


def write_world(
    connection: duckdb.DuckDBPyConnection,
    world: Mapping[str, Sequence[Row]],
    *,
    shuffle_seed: int | None = None,
) -> None:
    """Create every table the marts read and fill it with the rows of the world.

    A column that a row does not name is null.
    """
    shuffler = random.Random(shuffle_seed)
    for table, columns in COLUMNS.items():
        schema = table.split(".")[0]
        typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(f"create schema if not exists {schema}")
        connection.execute(f"create or replace table {table} ({typed})")
        rows = [ordered(row, columns) for row in world.get(table, ())]
        if shuffle_seed is not None:
            shuffler.shuffle(rows)
        if rows:
            marks = ", ".join("?" for _ in columns)
            connection.executemany(f"insert into {table} values ({marks})", rows)


def ordered(row: Row, columns: Iterable[str]) -> list[object]:
    """Return the values of a row in the order of the columns."""
    unknown = set(row) - set(columns)
    assert not unknown, f"unknown columns {sorted(unknown)}"
    return [row.get(name) for name in columns]
