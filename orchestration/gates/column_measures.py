"""What is measured of every column that lands, as SQL over its rows: shares and middles.

Which figures these are follows from the type of the column alone, so that a new source is watched
from its first day. Which values are frequent, long or broken is not kept; only how many are.
"""

from collections.abc import Iterator

import duckdb

from orchestration.gates.errors import UnsupportedPatternError
from orchestration.gates.regular_expressions import to_re2
from orchestration.gates.relations import Batch
from orchestration.gates.suites import Suite
from orchestration.landing.sql_text import identifier, literal

BOOKKEEPING = frozenset({"_load_id", "_loaded_at", "_source_file", "_row"})
# UTF-8 read as Latin-1 or as Windows-1252: the first byte of a letter, then one that goes on.
GOES_ON = "\\x{80}-\\x{bf}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
MOJIBAKE = f"[\\x{{c2}}-\\x{{f4}}][{GOES_ON}]|\ufffd"
# Letters that a program could not write: question marks, or escapes in their stead.
ESCAPED = "[?]|&#[0-9]|&[a-z]+;|\\\\u[0-9a-f]{4}"
NO_VALUE = "(?i)^\\s*(null|none|nil|nan|n/?a|undefined|unknown|not available|-+|[.]+|[?]+)?\\s*$"
WHOLE_NUMBERS = ("BIGINT", "INTEGER", "HUGEINT")
FRACTIONS = ("DOUBLE", "DECIMAL")
FEW_VALUES = 50  # a column of more is no list of shops or kinds
DAYS_SPREAD = 365  # dates of fewer days may lie in one half of a month
ROWS_PER_VALUE = 3  # with fewer rows for each, which values are there is chance

Measure = tuple[str, str, str, str]  # column, measure, family, SQL
Part = tuple[str, str, str]  # measure, family, SQL
SHAPES = (
    ("digits", "[0-9]"),
    ("at", "@"),
    ("plus", "^[+]"),
    ("space", " "),
    ("capitals", "\\p{Lu}"),
    ("small_letters", "\\p{Ll}"),
    ("padding", "^\\s|\\s$"),
)


def measures_of(
    connection: duckdb.DuckDBPyConnection, suite: Suite, batch: Batch
) -> Iterator[Measure]:
    """Yield what to measure of each column, as SQL over its rows."""
    listed, formats = listed_values(suite), formats_asked(connection, suite)
    told = [each for each in batch.columns if each not in BOOKKEEPING and each not in suite.key]
    if told:
        yield from _of_rows(told)
    for name, kind, *_ in connection.execute(f"describe {batch.relation}").fetchall():
        if name in BOOKKEEPING:
            continue
        column = identifier(name)
        yield name, "missing", "missing values", f"avg(({column} is null)::int)"
        if not (name in suite.key and kind.startswith((*WHOLE_NUMBERS, *FRACTIONS))):
            # Keys that are numbers count up: there is no usual size.
            for measure, family, sql in _of_kind(column, kind, is_listed=name in listed):
                yield name, measure, family, sql
        for number, value in enumerate(listed.get(name, ())):
            # Named by its number in the suite, and not by itself.
            equal = f"avg(({column} = {literal(value)})::int)"
            yield name, f"share_of_value_{number}", "another mix of values", equal
        for number, pattern in enumerate(formats.get(name, ()) if kind == "VARCHAR" else ()):
            yield name, f"fits_{number}", "wrong format", _matching(column, pattern)


def listed_values(suite: Suite) -> dict[str, list[str]]:
    """Return the values that a suite allows in a column, where it lists them."""
    listed: dict[str, list[str]] = {}
    for expectation in suite.expectations:
        if expectation["type"] == "expect_column_values_to_be_in_set":
            values = expectation["kwargs"]["value_set"]
            if all(isinstance(value, str) for value in values):
                listed.setdefault(expectation["kwargs"]["column"], list(values))
    return listed


def formats_asked(connection: duckdb.DuckDBPyConnection, suite: Suite) -> dict[str, list[str]]:
    """Return the patterns, in DuckDB's dialect, that a suite asks of most values of a column.

    What DuckDB cannot read is left out: its expectation counts as failed, and says why.
    """
    asked: dict[str, list[str]] = {}
    for expectation in suite.expectations:
        kwargs = expectation["kwargs"]
        if expectation["type"] != "expect_column_values_to_match_regex" or "mostly" not in kwargs:
            continue
        try:
            pattern = to_re2(kwargs["regex"])
            connection.execute(f"select regexp_matches('', {literal(pattern)})")
        except (UnsupportedPatternError, duckdb.Error):
            continue
        asked.setdefault(kwargs["column"], []).append(pattern)
    return asked


def _of_rows(told: list[str]) -> Iterator[Measure]:
    # The same rows under other keys: a feed that was sent twice.
    content = f"hash({', '.join(identifier(name) for name in told)})"
    repeated = f"1 - count(distinct {content})::double / nullif(count(*), 0)"
    yield "", "repeated", "repeated content", repeated
    # Over the whole row, as each column alone may have few letters that break.
    whole = f"concat_ws(' ', {', '.join(identifier(name) for name in told)})"
    yield "", "mojibake", "broken encoding", _matching(whole, MOJIBAKE)


def _of_kind(column: str, kind: str, *, is_listed: bool) -> Iterator[Part]:
    if kind == "VARCHAR" and not is_listed:
        yield from _of_text(column)
    elif kind.startswith((*WHOLE_NUMBERS, *FRACTIONS)):
        yield from _of_numbers(column, is_whole=kind.startswith(WHOLE_NUMBERS))
    elif kind.startswith("TIMESTAMP"):
        yield from _of_moments(column)
    elif kind == "DATE":
        yield "late_days", "day and month swapped", _late_days(column)
        yield "most_frequent", "one value on many rows", _most_frequent(column)
        yield from _of_age(column, "day")
    elif kind == "BOOLEAN":
        yield "true", "another mix of values", f"avg({column}::int)"


def _of_text(column: str) -> Iterator[Part]:
    yield "most_frequent", "one value on many rows", _most_frequent(column)
    host = _most_frequent(f"nullif(split_part({column}, '@', 2), '')")
    yield "same_host", "one value on many rows", host
    for measure, pattern in SHAPES:
        yield measure, "wrong format", _matching(column, pattern)
    yield "length", "wrong format", f"ln(1 + avg(length({column})))"
    yield "mojibake", "broken encoding", _matching(column, MOJIBAKE)
    yield "escaped", "broken encoding", _matching(column, ESCAPED)
    # Names that lose their accents, or their script, still look like names.
    yield "beyond_ascii", "broken encoding", _matching(column, "[^\\x00-\\x7f]")
    yield "no_value", "missing values", _matching(column, NO_VALUE)
    # How many values there are, the frequent ones counting more: half of the shops are silent.
    few = f"least({FEW_VALUES}, count({column}) / {ROWS_PER_VALUE})"
    kinds = f"case when count(distinct {column}) <= {few} then ln(2) * entropy({column}) end"
    yield "kinds", "another mix of values", kinds


def _of_numbers(column: str, *, is_whole: bool) -> Iterator[Part]:
    size = f"ln(1 + abs({column}))"
    yield "size", "amounts of another size", f"median({size})"
    # Where a part of the rows has another unit the middle stays where it was.
    yield "large", "amounts of another size", f"quantile_cont({size}, 0.9)"
    yield "negative", "sign turned round", f"avg(({column} < 0)::int)"
    yield "most_frequent", "one value on many rows", _most_frequent(column)
    if not is_whole:
        yield "whole", "decimals lost", f"avg(({column} = trunc({column}))::int)"


def _of_moments(column: str) -> Iterator[Part]:
    angle = f"(2 * pi() * (hour({column}) + minute({column}) / 60.0) / 24)"
    yield "hour_east", "shifted clock", f"avg(cos({angle}))"
    yield "hour_north", "shifted clock", f"avg(sin({angle}))"
    yield "same_day", "shifted clock", _most_frequent(f"cast({column} as date)")
    yield from _of_age(column, "hour")


def _late_days(column: str) -> str:
    """Return the SQL of the share of days that are no month's number, of dates of a year or more.

    What happens day by day lies in the first twelve days of a month, and then behind them.
    """
    ends = (f"quantile_disc({column}, {share})" for share in (0.1, 0.9))
    spread = f"date_diff('day', {', '.join(ends)})"
    return f"case when {spread} >= {DAYS_SPREAD} then avg((day({column}) > 12)::int) end"


def _of_age(column: str, unit: str) -> Iterator[Part]:
    passed = f"greatest(0, date_diff('{unit}', {column}, _loaded_at))"
    # `greatest` leaves missing values out, so that no time at all would count as just now.
    aged = f"median(ln(1 + {passed})) filter (where {column} is not null)"
    yield "age", "old rows", aged
    yield "ahead", "dates in the future", f"avg(({column} > _loaded_at)::int)"


def _matching(text: str, pattern: str) -> str:
    """Return the SQL of the share of texts in which a pattern is found."""
    return f"avg(regexp_matches({text}, {literal(pattern)})::int)"


def _most_frequent(column: str) -> str:
    """Return the SQL of the share of the most frequent value, not of the value."""
    return f"list_max(map_values(histogram({column})))::double / nullif(count({column}), 0)"
