"""How a table of a snapshot is written down in PostgreSQL: types, names, and what is compared."""

import re
from collections.abc import Sequence

DECIMAL = re.compile(r"DECIMAL\(\d+,\s*\d+\)")
TYPES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "numeric(38)",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}
NUMBERS = ("smallint", "integer", "bigint", "numeric")  # sums of these are exact


def postgres_type(duckdb_type: str) -> str:
    """Return the type of a column; what PostgreSQL has no equal for becomes text."""
    if DECIMAL.fullmatch(duckdb_type):
        return duckdb_type.lower().replace("decimal", "numeric")
    return TYPES.get(duckdb_type, "text")


def quoted(*names: str) -> str:
    """Return a qualified name as SQL, safe for any characters in it."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def literal(text: str) -> str:
    """Return a text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def create_statement(place: str, columns: Sequence[tuple[str, str]]) -> str:
    """Return the statement that makes an empty table."""
    described = ", ".join(f"{quoted(name)} {postgres_type(kind)}" for name, kind in columns)
    return f"create table {place} ({described})"


def select_for_copy(place: str, columns: Sequence[tuple[str, str]]) -> str:
    """Return the query whose rows are loaded, in DuckDB's words.

    PostgreSQL's text holds any character but the one with the number zero.
    """
    parts = []
    for name, kind in columns:
        column = quoted(name)
        if postgres_type(kind) == "text":
            column = f"replace({column}::varchar, chr(0), '') as {column}"
        parts.append(column)
    return f"select {', '.join(parts)} from {place}"


def totals_query(place: str, columns: Sequence[tuple[str, str]]) -> str:
    """Return the query whose one row must be the same on both sides: counts and exact sums."""
    parts = ["count(*)"]
    for name, kind in columns:
        column = quoted(name)
        parts.append(f"count({column})")
        if postgres_type(kind).startswith(NUMBERS):
            parts.append(f"cast(sum({column}) as varchar)")
        elif postgres_type(kind) == "text":
            parts.append(f"coalesce(sum(length({column})), 0)")
    return f"select {', '.join(parts)} from {place}"
