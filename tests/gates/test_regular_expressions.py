"""A pattern means in DuckDB what it means in Python."""

import re
import warnings

import duckdb
import pytest

from orchestration.gates.errors import UnsupportedPatternError
from orchestration.gates.regular_expressions import to_re2

TEXTS = [
    "abc", "a\nb", "a b", "Nguyễn", "١٢٣", "123", "x\u00a0y", "tail\n", "", "a.b@c.de",
    "[x]", "]", "a_b", "é", "\u2028", "日本", "a-b", "²", "$5", "a\\b",
]  # fmt: skip
PATTERNS = [
    r"^\w+$", r"\d", r"^\D+$", r"\s", r"^\S+$", r"[\w.-]+@", r"a.b", r"b$", r"l$", r"^[A-Z]+$",
    r"[]x]", r"[^]x]", r"[[x]", r"\u00e9", r"[\d]", r"^\W", r"\Ab", r"l\Z", r"(?i)ABC",
    r"^[a-c]{3}$", r"\.", r"[\s]", r"\x61", r"\$\d", r"a\\b", r"^(abc|a b)$", r"[$]",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_what_python_matches(pattern):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        expected = [re.search(pattern, text) is not None for text in TEXTS]
    with duckdb.connect() as connection:
        found = [
            connection.execute("select regexp_matches(?, ?)", [text, to_re2(pattern)]).fetchone()[0]
            for text in TEXTS
        ]
    assert found == expected


@pytest.mark.parametrize("pattern", [r"[\W]", r"[a\S]", r"(?m)^a$", r"(?im)a"])
def test_a_pattern_that_would_mean_something_else_is_refused(pattern):
    with pytest.raises(UnsupportedPatternError):
        to_re2(pattern)
