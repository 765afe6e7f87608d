"""What a reader of one format offers: a relation to type at once, and numbered rows.

The fast way reads a file once and types it at once. Only when that meets a row it can't take does
the careful way read again and give every row its position, its line and, where it is broken, the
rule it breaks.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb

RAW_ROWS = "raw_rows"
RAW_STORE = "raw_store"


class RuleName:
    """Names of the rules that a row can break at the door."""

    TRUNCATED = "truncated"
    FIELD_COUNT = "wrong number of fields"
    QUOTES = "broken quotes"
    NOT_UTF8 = "not utf-8"
    TOO_LONG = "too long"
    NOT_JSON = "not a JSON object"
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

    def renamed(self) -> "RawColumns":
        """Return the same columns as they are called in the numbered table."""
        names = tuple(f"r{index}" for index in range(len(self.expressions)))
        return RawColumns(names, self.physical_types, self.decimal)


class Reader(Protocol):
    """One file, opened: its header or schema has been checked against the contract."""

    @property
    def raw(self) -> RawColumns:
        """The declared columns in the relation."""
        ...

    @property
    def relation(self) -> str:
        """A FROM clause that yields the rows in the order of the file."""
        ...

    @property
    def broken(self) -> str:
        """SQL that is true for a row of the relation that is no row at all."""
        ...

    @property
    def undeclared(self) -> tuple[str, ...]:
        """Names of columns that were delivered and are not in the contract."""
        ...

    def number_rows(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make RAW_ROWS: _position, _line, _rule, _whole and the raw columns r0, r1, ..."""
        ...


def make_raw_store(connection: duckdb.DuckDBPyConnection, raw: RawColumns) -> None:
    """Make an empty numbered table, to be filled by a reader that numbers rows itself."""
    kinds = "".join(f", r{index} {kind}" for index, kind in enumerate(raw.physical_types))
    shape = "_position bigint, _line bigint, _rule varchar, _whole varchar"
    connection.execute(f"create or replace temp table {RAW_STORE} ({shape}{kinds})")
    connection.execute(f"create or replace temp view {RAW_ROWS} as select * from {RAW_STORE}")


def number_relation(
    connection: duckdb.DuckDBPyConnection, relation: str, raw: RawColumns, lines_before: int
) -> None:
    """Make the numbered table of a relation whose rows stand one to a line.

    The rows of a temporary table have ascending row ids in the order they were read.
    """
    named = ", ".join(f"{each} as r{index}" for index, each in enumerate(raw.expressions))
    connection.execute(
        f"create or replace temp table {RAW_STORE} as select {named} from {relation}"
    )
    connection.execute(
        f"create or replace temp view {RAW_ROWS} as select rowid + 1 as _position, "
        f"rowid + 1 + {lines_before} as _line, cast(null as varchar) as _rule, "
        f"cast(null as varchar) as _whole, * from {RAW_STORE}"
    )


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
