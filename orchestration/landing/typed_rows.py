"""Type the rows of a file in the pass that reads them; keep the raw values of those at fault."""

from collections.abc import Iterator

import duckdb

from orchestration.landing import column_types
from orchestration.landing.contract import Contract
from orchestration.landing.reading import RawRows, RuleName
from orchestration.landing.sql_text import identifier, literal

TYPED_ROWS = "typed_rows"
TYPED_STORE = "typed_store"


def type_rows(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: RawRows) -> None:
    """Make TYPED_ROWS: _position, _line, the typed columns, _rule and _fault.

    `_rule` is the rule that a row breaks as a whole. `_fault` is null for a row in order, and else
    its content as delivered, in JSON: so a row at fault need not be read again, and one in order
    costs nothing.
    """
    values = typed_columns(contract, rows)
    typed = ", ".join(f"{value} as {identifier(name)}" for name, value in values.items())
    tests = [f"{rows.rule} is not null", *(test for test, _ in faults(contract, rows))]
    parts = zip(contract.columns, rows.columns.expressions, strict=True)
    content = ", ".join(f"{literal(name)}: {raw}" for name, raw in parts)
    fault = f"case when {rows.rule} is not null then to_json({{'line': {rows.whole}}}) "
    fault += f"when {' or '.join(tests)} then to_json({{{content}}}) end"
    line = f", {rows.line} as _line" if rows.line else ""
    # The rows of a temporary table have ascending row ids in the order they were read.
    connection.execute(
        f"create or replace temp table {TYPED_STORE} as select {typed}{line}, "
        f"{rows.rule} as _rule, cast({fault} as varchar) as _fault from {rows.relation}"
    )
    numbered = "" if rows.line else f"rowid + 1 + {rows.lines_before} as _line, "
    connection.execute(
        f"create or replace temp view {TYPED_ROWS} as "
        f"select rowid + 1 as _position, {numbered}* from {TYPED_STORE}"
    )


def typed_columns(contract: Contract, rows: RawRows) -> dict[str, str]:
    """Return the SQL of each declared column."""
    parts = zip(
        contract.columns.items(), rows.columns.expressions, rows.columns.physical_types, strict=True
    )
    return {
        name: column_types.typed(column, raw, physical, rows.columns.decimal)
        for (name, column), raw, physical in parts
    }


def faults(contract: Contract, rows: RawRows) -> Iterator[tuple[str, str]]:
    """Yield, for each fault a column can have, its test and its description as SQL."""
    typed = typed_columns(contract, rows)
    parts = zip(
        contract.columns.items(), rows.columns.expressions, rows.columns.physical_types, strict=True
    )
    for (name, column), raw, physical in parts:
        missing = column_types.missing(column, raw, typed[name], physical)
        if missing != column_types.NEVER:
            reason = literal(f"{name} is missing")
            yield missing, described(name, literal(RuleName.MISSING), reason)
        unreadable = column_types.unreadable(column, raw, typed[name], physical)
        if unreadable != column_types.NEVER:
            reason = literal(f"{name} is not {column_types.expectation(column)}")
            yield unreadable, described(name, literal(RuleName.UNREADABLE), reason)


def described(name: str | None, rule: str, reason: str) -> str:
    """Return a fault as SQL: the column, and the rule and the reason, which are SQL themselves."""
    column = "cast(null as varchar)" if name is None else literal(name)
    return f"{{'name': {column}, 'rule': {rule}, 'reason': {reason}}}"
