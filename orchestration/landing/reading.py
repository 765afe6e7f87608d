"""What a reader of one format offers: raw rows, and the same rows read line by line.

The quick way reads a file once and types it at once. Where that meets a line that is no row, or has
to name the line of a row and lines and rows do not go together, the careful way reads again, line
by line.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb


class RuleName:
    """Names of the rules that a row can break at the door."""

    TRUNCATED = "truncated"
    FIELD_COUNT = "wrong number of fields"
    QUOTES = "broken quotes"
    NOT_UTF8 = "not utf-8"
    TOO_LONG = "too long"
    NOT_JSON = "not a JSON object"
    NOT_NESTED = "not a nested object"
    UNREADABLE = "unreadable value"
    MISSING = "missing value"
    DUPLICATE_KEY = "duplicate key"
    REPEATED_ROW = "repeated row"


@dataclass(frozen=True, slots=True)
class RawColumns:
    """The declared columns as a relation names them, in contract order, and their types."""

    expressions: tuple[str, ...]
    physical_types: tuple[str, ...]
    decimal: str = "."


@dataclass(frozen=True, slots=True)
class RawRows:
    """Rows in the order of the file, as SQL.

    `rule` is null, or the rule that a row breaks as a whole; `whole` is then its text. `line` is
    the line of a row; without it, rows stand one to a line after `lines_before` lines.
    """

    relation: str
    columns: RawColumns
    rule: str = "cast(null as varchar)"
    whole: str = "cast(null as varchar)"
    line: str | None = None
    lines_before: int = 0


class Reader(Protocol):
    """One file, opened: its header or schema has been checked against the contract."""

    @property
    def undeclared(self) -> tuple[str, ...]:
        """Names of columns that were delivered and are not in the contract."""
        ...

    @property
    def rows(self) -> RawRows:
        """The rows as DuckDB reads them, which may fail when it does."""
        ...

    def tells_lines_of(self, rows: int) -> bool:
        """Say whether so many rows stand one to a line."""
        ...

    def rows_line_by_line(self, connection: duckdb.DuckDBPyConnection) -> RawRows:
        """Read the rows again, each with its line, and every line that is no row."""
        ...


def count_lines(path: Path) -> int:
    """Return the number of lines of a text file; a last line without its end counts."""
    lines, last = 0, b"\n"
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            lines += block.count(b"\n")
            last = block[-1:]
    return lines + (last != b"\n")


def ends_with_newline(path: Path) -> bool:
    """Say whether the last line of a text file is finished."""
    with path.open("rb") as stream:
        stream.seek(0, 2)
        if stream.tell() == 0:
            return True
        stream.seek(-1, 2)
        return stream.read(1) in b"\r\n"
