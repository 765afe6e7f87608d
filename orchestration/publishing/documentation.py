"""Carry descriptions and keys into a snapshot: the only documentation that a BI tool shows.

They come from dbt's project; what a description says does not decide whether a day is published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from orchestration.publishing.contents import quoted, table_columns

ABOUT_KEYS = "create table {place} (table_name varchar, column_name varchar, position bigint)"


@dataclass(frozen=True, slots=True)
class TableDocumentation:
    """What is known about a published table besides its rows."""

    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    key: Sequence[str] = ()


Documentation = Mapping[str, TableDocumentation]


def write_documentation(
    connection: duckdb.DuckDBPyConnection, catalog: str, schema: str, documentation: Documentation
) -> None:
    """Comment the tables of an attached database, and write down their keys."""
    connection.execute(ABOUT_KEYS.format(place=quoted(catalog, "about", "keys")))
    for table, known in sorted(documentation.items()):
        there = {name for name, _ in table_columns(connection, catalog, schema, table)}
        place = quoted(catalog, schema, table)
        if not there:
            continue
        if known.description:
            connection.execute(f"comment on table {place} is {_literal(known.description)}")
        for column, words in known.columns.items():
            if column in there and words:
                connection.execute(
                    f"comment on column {place}.{quoted(column)} is {_literal(words)}"
                )
        for position, column in enumerate(known.key, start=1):
            connection.execute(
                f"insert into {quoted(catalog, 'about', 'keys')} values (?, ?, ?)",
                [table, column, position],
            )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
