"""Name the rows that fail an expectation by their keys: enough to find them, never a value.

A key column may itself hold a wrong value (a shifted column puts an e-mail address where the number
was). So a key is quoted only when it looks like one; else the row's position in its load stands in,
or a hash where rows have none.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from orchestration.gates.suites import Suite

KEYS_SHOWN = 5
INCIDENTS_BY_KEY = 100  # of one expectation; the keys beyond share an incident
POSITION = ("_load_id", "_row")
# Columns that name a table, a system or a kind, and never a person.
NAMES_OF_THINGS = frozenset(
    {"column_name", "kind", "layer", "source_system", "source_table", "table_name"}
)
LOOKS_LIKE_A_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
# Letters and digits of a made-up key. Spaces, '@', '+' and other scripts belong to names, addresses
# and telephone numbers, a slash joins a platform to the name of a profile, and nine digits alone
# may be a telephone number.
LOOKS_LIKE_A_KEY = re.compile(r"(?=[^\n]*\d)(?!\d{9,}\Z)[A-Za-z0-9][A-Za-z0-9_.:|-]{0,63}\Z")


def index_columns(suite: Suite, columns: Sequence[str]) -> list[str]:
    """Return the columns that name a row: the suite's key, and its position in the load.

    The result of a query may lack the key; then its own ids and names of things stand in.
    """
    key = [name for name in suite.key if name in columns]
    if not key:
        key = [name for name in columns if name.endswith("_id") or name in NAMES_OF_THINGS]
    return [*key, *(name for name in POSITION if name in columns and name not in key)]


def failing_keys(rows: Iterable[Mapping[str, Any]], suite: Suite) -> tuple[str, ...]:
    """Return one short name per row, in their order and without repetition."""
    return tuple(dict.fromkeys(shown_keys(rows, suite)))


def shown_keys(rows: Iterable[Mapping[str, Any]], suite: Suite) -> Iterator[str]:
    """Yield the key of every row if it looks like one; else where the row stands, or a hash of it.

    All rows have the same columns.
    """
    rest = iter(rows)
    first = next(rest, None)
    if first is None:
        return
    formats = key_formats(suite)
    names = [name for name in first if name not in POSITION]
    fitting = [formats.get(name, _usual_pattern(name)).match for name in names]
    has_place = all(name in first for name in POSITION)
    for row in chain([first], rest):
        # A whole table may fail: what does not change from row to row was looked up before.
        parts = [str(row[name]) for name in names]
        if parts and all([fits(part) for fits, part in zip(fitting, parts, strict=True)]):
            yield "|".join(parts)
        elif has_place:
            yield f"load {row[POSITION[0]]} row {row[POSITION[1]]}"
        else:
            yield "hash " + hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]


def key_formats(suite: Suite) -> dict[str, re.Pattern[str]]:
    """Return the patterns that the suite itself asks of the values of its key columns."""
    formats: dict[str, re.Pattern[str]] = {}
    for expectation in suite.expectations:
        asked = expectation["kwargs"]
        if asked.get("column") not in suite.key:
            continue
        if expectation["type"] == "expect_column_values_to_match_regex":
            formats[asked["column"]] = re.compile(asked["regex"])
        elif expectation["type"] == "expect_column_values_to_be_in_set":
            allowed = "|".join(re.escape(str(value)) for value in asked["value_set"])
            formats[asked["column"]] = re.compile(rf"(?:{allowed})\Z")
    return formats


def _usual_pattern(name: str) -> re.Pattern[str]:
    return LOOKS_LIKE_A_NAME if name in NAMES_OF_THINGS else LOOKS_LIKE_A_KEY
