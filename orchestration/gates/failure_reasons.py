"""Say why an expectation could not be computed, without a value of a row.

A database error quotes what it choked on ("Could not convert string 'ann@...' to INT32"). Only
errors that are raised before a row is read may be quoted; of all others the kind is told, no more.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

# Raised while a statement is planned: the text holds names and constants of the suite, never data.
PLANNING_ERRORS = frozenset({"BinderException", "CatalogException", "ParserException"})
# GX's own refusal to compare a column of one type with a constant of another.
SPEAKS_OF_TYPES = frozenset({"InvalidColumnTypeError"})
DATABASE_ERROR = re.compile(r"\((?:_duckdb|duckdb(?:\.\w+)*)\.(?P<kind>\w+)\)\s*(?P<text>[^\n]*)")
RAISED = re.compile(r"^(?:\w+\.)*(?P<kind>[A-Z]\w*)(?::|$)", re.MULTILINE)


def reason_of_error(error: BaseException) -> str:
    """Return the reason of an exception that ended the computation."""
    return reason_of_text(str(error), type(error).__name__)


def reason_of_exception_info(info: Mapping[str, Any]) -> str:
    """Return the reason that GX recorded with a result, in either of its two shapes."""
    for text, traceback in _recorded(info):
        if not traceback:  # ours: an expectation that was never handed to GX
            return text
        kinds = RAISED.findall(traceback)
        return reason_of_text(text, kinds[0] if kinds else "error")
    return ""


def reason_of_text(text: str, kind: str) -> str:
    """Return the part of an error's text that can't hold a value of a row."""
    found = DATABASE_ERROR.search(text)
    if found is None and kind in SPEAKS_OF_TYPES:
        return f"could not be computed: {text}"
    if found is None and kind in PLANNING_ERRORS:
        return f"could not be computed: {text.partition(chr(10))[0]}"
    if found is None:
        return f"could not be computed ({kind})"
    if found["kind"] in PLANNING_ERRORS:
        return f"could not be computed: {found['text']}"
    return f"could not be computed ({found['kind']})"


def _recorded(info: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    entries = [info, *(value for value in info.values() if isinstance(value, Mapping))]
    for entry in entries:
        if entry.get("exception_message"):
            yield str(entry["exception_message"]), str(entry.get("exception_traceback") or "")
