"""Measure the rows that a run has landed, column by column, as shares and middles, never values.

Which value is frequent or long is not kept; only how frequent, and how long. The shares of single
values are kept only where a suite lists the values itself.
"""

import math
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

import duckdb

from orchestration.gates.measures import create_measure_tables, store_measures
from orchestration.gates.relations import Batch, open_batch
from orchestration.gates.suite_figures import figures_of
from orchestration.gates.suites import Suite
from orchestration.landing.sql_text import identifier, literal

SAMPLED_ROWS = 20_000  # enough for a share to a hundredth
BOOKKEEPING = frozenset({"_load_id", "_loaded_at", "_source_file", "_row"})
# UTF-8 read as Latin-1 or as Windows-1252: the first byte of a letter, then one that goes on.
GOES_ON = "\\x{80}-\\x{bf}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
MOJIBAKE = f"[\\x{{c2}}-\\x{{f4}}][{GOES_ON}]|\ufffd"
NUMBERS = ("BIGINT", "INTEGER", "DOUBLE", "DECIMAL", "HUGEINT")

Measure = tuple[str, str, str, str]  # column, measure, family, SQL


def profile_landing(
    connection: duckdb.DuckDBPyConnection, suite: Suite, run_id: str, as_of: datetime
) -> int:
    """Measure what a run has landed of one table, and return how many figures that makes.

    A run that has landed nothing of it has nothing to measure.
    """
    landed = connection.execute(
        "select count(*) from quality.loads "
        "where run_id = ? and source || '_' || table_name = ? and rows_landed > 0",
        [run_id, suite.table],
    ).fetchall()[0][0]
    if not landed:
        return 0
    batch = open_batch(connection, suite, run_id)
    wanted = list(measures_of(connection, suite, batch))
    every = max(1, batch.rows // SAMPLED_ROWS)
    picked = ", ".join(f"{sql} as m{number}" for number, (*_, sql) in enumerate(wanted))
    counted = connection.execute(
        f"select count(*), {picked} from {batch.relation} where hash(_row) % {every} = 0"
    ).fetchall()[0]
    rows, values = int(counted[0]), counted[1:]
    measured = [
        (column, measure, family, float(value), rows)
        for (column, measure, family, _), value in zip(wanted, values, strict=True)
        if value is not None
    ]
    measured.append(("", "rows", "unusual volume", math.log(batch.rows), batch.rows))
    # A figure that ties two tables says nothing where a company has only one of them.
    with suppress(duckdb.CatalogException):
        measured += figures_of(connection, suite, batch)
    return store_measures(connection, ("landing", suite.table), (run_id, as_of), measured)


def measures_of(
    connection: duckdb.DuckDBPyConnection, suite: Suite, batch: Batch
) -> Iterator[Measure]:
    """Yield what to measure of each column, as SQL over its rows."""
    listed = listed_values(suite)
    told = [each for each in batch.columns if each not in BOOKKEEPING and each not in suite.key]
    if told:
        # The same rows under other keys: a feed that was sent twice.
        content = f"hash({', '.join(identifier(name) for name in told)})"
        repeated = f"1 - count(distinct {content})::double / nullif(count(*), 0)"
        yield "", "repeated", "repeated content", repeated
        # Over the whole row, as each column alone may have few letters that break.
        whole = f"concat_ws(' ', {', '.join(identifier(name) for name in told)})"
        broken = f"avg(regexp_matches({whole}, {literal(MOJIBAKE)})::int)"
        yield "", "mojibake", "broken encoding", broken
    for name, kind, *_ in connection.execute(f"describe {batch.relation}").fetchall():
        if name in BOOKKEEPING:
            continue
        column = identifier(name)
        yield name, "missing", "missing values", f"avg(({column} is null)::int)"
        if kind == "VARCHAR":
            yield from _of_text(name, column, is_listed=name in listed)
        elif kind.startswith(NUMBERS):
            yield name, "size", "amounts of another size", f"median(ln(1 + abs({column})))"
            yield name, "negative", "sign turned round", f"avg(({column} < 0)::int)"
        elif kind.startswith("TIMESTAMP"):
            angle = f"(2 * pi() * (hour({column}) + minute({column}) / 60.0) / 24)"
            yield name, "hour_east", "shifted clock", f"avg(cos({angle}))"
            yield name, "hour_north", "shifted clock", f"avg(sin({angle}))"
            same_day = _most_frequent(f"cast({column} as date)")
            yield name, "same_day", "shifted clock", same_day
            hours = f"greatest(0, date_diff('hour', {column}, _loaded_at))"
            # `greatest` leaves missing values out, so that no time at all would count as just now.
            aged = f"median(ln(1 + {hours})) filter (where {column} is not null)"
            yield name, "age", "old rows", aged
        elif kind == "DATE":
            yield name, "late_days", "day and month swapped", f"avg((day({column}) > 12)::int)"
            yield name, "most_frequent", "one value on many rows", _most_frequent(column)
        elif kind == "BOOLEAN":
            yield name, "true", "another mix of values", f"avg({column}::int)"
        for number, value in enumerate(listed.get(name, ())):
            # Named by its number in the suite, and not by itself.
            equal = f"avg(({column} = {literal(value)})::int)"
            yield name, f"share_of_value_{number}", "another mix of values", equal


def _of_text(name: str, column: str, *, is_listed: bool) -> Iterator[Measure]:
    if is_listed:
        return
    yield name, "most_frequent", "one value on many rows", _most_frequent(column)
    host = _most_frequent(f"nullif(split_part({column}, '@', 2), '')")
    yield name, "same_host", "one value on many rows", host
    for measure, pattern in (("digits", "[0-9]"), ("at", "@"), ("plus", "^[+]"), ("space", " ")):
        share = f"avg(regexp_matches({column}, {literal(pattern)})::int)"
        yield name, measure, "wrong format", share
    length = f"ln(1 + avg(length({column})))"
    yield name, "length", "wrong format", length
    broken = f"avg(regexp_matches({column}, {literal(MOJIBAKE)})::int)"
    yield name, "mojibake", "broken encoding", broken


def _most_frequent(column: str) -> str:
    """Return the SQL of the share of the most frequent value, not of the value."""
    return f"list_max(map_values(histogram({column})))::double / nullif(count({column}), 0)"


def listed_values(suite: Suite) -> dict[str, list[str]]:
    """Return the values that a suite allows in a column, where it lists them."""
    listed: dict[str, list[str]] = {}
    for expectation in suite.expectations:
        if expectation["type"] == "expect_column_values_to_be_in_set":
            values = expectation["kwargs"]["value_set"]
            if all(isinstance(value, str) for value in values):
                listed.setdefault(expectation["kwargs"]["column"], list(values))
    return listed


def measure_run(
    connection: duckdb.DuckDBPyConnection, suites: tuple[Suite, ...], run_id: str, as_of: datetime
) -> int:
    """Measure everything that a run has landed, and return how many figures that makes."""
    create_measure_tables(connection)
    return sum(
        profile_landing(connection, suite, run_id, as_of)
        for suite in suites
        if suite.layer == "landing" and suite.tolerance
    )
