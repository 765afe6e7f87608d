"""Measure how far the marts hold what the use cases need, and which landed columns none needs."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import duckdb
import pandas as pd

from orchestration.landing.contract import Contract
from orchestration.requirements.use_case import Need, UseCase

NEEDS = {
    "use_case": "string",
    "description": "string",
    "owner": "string",
    "attribute": "string",
    "kind": "string",
    "needed_coverage": "float64",
    "coverage": "float64",
    "needed_freshness_days": "Int64",
    "fresh_share": "float64",
    "valid_share": "float64",
    "needed_history_days": "Int64",
    "history_days": "Int64",
    "brought_by": "string",
    "is_there": "bool",
}
LANDED = {
    "landed_column": "string",
    "source_system": "string",
    "purpose": "string",
    "sensitivity": "string",
    "use_cases": "string",
    "is_key": "bool",
}


def measured_needs(
    connection: duckdb.DuckDBPyConnection, use_cases: Iterable[UseCase], as_of: datetime
) -> pd.DataFrame:
    """Return one row per use case and need, with what the marts hold of it."""
    columns = set(
        connection.execute(
            "select table_name || '.' || column_name from duckdb_columns() "
            "where schema_name = 'marts'"
        ).fetchall()
    )
    rows = []
    for use_case in use_cases:
        for need in use_case.needs:
            is_there = (need.attribute,) in columns
            coverage, fresh, valid, history = (
                _measured(connection, need, as_of) if is_there else (0.0, None, None, None)
            )
            rows.append(
                (
                    use_case.use_case,
                    use_case.description,
                    use_case.owner,
                    need.attribute,
                    need.kind,
                    need.coverage,
                    coverage,
                    need.freshness_days,
                    fresh,
                    valid,
                    need.history_days,
                    history,
                    ", ".join(need.from_columns),
                    is_there,
                )
            )
    return pd.DataFrame(rows, columns=list(NEEDS)).astype(NEEDS)


def landed_columns(use_cases: Sequence[UseCase], contracts: Iterable[Contract]) -> pd.DataFrame:
    """Return one row per landed column with the use cases that need it.

    Keys and cursors are needed to land the table at all.
    """
    wanted: dict[str, set[str]] = {}
    for use_case in use_cases:
        for need in use_case.needs:
            for landed in need.from_columns:
                wanted.setdefault(landed, set()).add(use_case.use_case)
    rows = []
    for contract in contracts:
        keys = {*contract.key, contract.cursor}
        for name, column in contract.columns.items():
            landed = f"{contract.source}.{contract.table}.{name}"
            rows.append(
                (
                    landed,
                    contract.source,
                    str(column.purpose),
                    str(column.sensitivity),
                    ", ".join(sorted(wanted.get(landed, ()))) or None,
                    name in keys,
                )
            )
    return pd.DataFrame(rows, columns=list(LANDED)).astype(LANDED)


def _measured(
    connection: duckdb.DuckDBPyConnection, need: Need, as_of: datetime
) -> tuple[float, float | None, float | None, int | None]:
    table, column = need.attribute.split(".")
    fresh = valid = history = "null"
    if need.dated_by and need.freshness_days:
        fresh = _share(f"{need.dated_by} > ? - interval '{need.freshness_days}' day", column)
    if need.valid_when:
        valid = _share(need.valid_when, column)
    if need.history_days:
        history = f"date_diff('day', min({column}), ?)"
    found = connection.execute(
        f"select coalesce(count({column}) / nullif(count(*), 0), 0), {fresh}, {valid}, {history} "
        f"from marts.{table} where {need.among or 'true'}",
        [as_of] * (fresh != "null") + [as_of] * (history != "null"),
    ).fetchone()
    coverage, fresh_share, valid_share, days = found or (0.0, None, None, None)
    return float(coverage), fresh_share, valid_share, days


def _share(condition: str, column: str) -> str:
    """Return the part of the values of a column for which a condition holds, as SQL."""
    return f"avg(case when {condition} then 1.0 else 0.0 end) filter (where {column} is not null)"
