"""Name the rows that fail an expectation by their keys: enough to find them, never a value.

A key column may itself hold a wrong value (a shifted column puts an e-mail address where the number
was). So a key is quoted only when it looks like one; else the row's position in its load stands in,
or a hash where rows have none.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
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
    formats = key_formats(suite)
    return tuple(dict.fromkeys(shown_key(row, formats) for row in rows))


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


def shown_key(row: Mapping[str, Any], formats: Mapping[str, re.Pattern[str]]) -> str:
    """Return the key of a row if it looks like one; else where the row stands, or a hash of it."""
    parts = {name: str(value) for name, value in row.items() if name not in POSITION}
    if parts and all(_is_quotable(name, value, formats) for name, value in parts.items()):
        return "|".join(parts.values())
    if all(name in row for name in POSITION):
        return f"load {row[POSITION[0]]} row {row[POSITION[1]]}"
    return "hash " + hashlib.sha256("|".join(parts.values()).encode()).hexdigest()[:12]


def _is_quotable(name: str, value: str, formats: Mapping[str, re.Pattern[str]]) -> bool:
    pattern = LOOKS_LIKE_A_NAME if name in NAMES_OF_THINGS else LOOKS_LIKE_A_KEY
    return formats.get(name, pattern).match(value) is not None
