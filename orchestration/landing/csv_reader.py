"""Read delimited text with DuckDB's strict reader, and line by line where that fails."""

import csv
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from orchestration.landing.careful_csv import (
    LONGEST_RECORD,
    QUOTE,
    TextShape,
    physical_lines,
    write_numbered,
)
from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import CsvFormat
from orchestration.landing.errors import FileRefusedError
from orchestration.landing.reading import RawColumns, RawRows, count_lines
from orchestration.landing.sql_text import literal

HEADER_LINES = 100
# Of our own copy the line end is known; DuckDB would guess it from a line break inside a field.
OWN_COPY = f", new_line = '\\n', max_line_size = {3 * LONGEST_RECORD}"
OTHER_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


@dataclass(frozen=True, slots=True)
class CsvReader:
    """One delimited file; `places` says which field each declared column is."""

    path: Path
    shape: TextShape
    lines_before: int
    places: tuple[int, ...]
    undeclared: tuple[str, ...]
    decimal: str
    working_dir: Path

    @property
    def rows(self) -> RawRows:
        """DuckDB's strict reader, with nothing left to its guessing."""
        relation = self._read(self.path, self._field_names, self.shape.quote)
        return RawRows(relation, self._columns, lines_before=self.lines_before)

    def tells_lines_of(self, rows: int) -> bool:
        """Say whether there is a line for each row: none is empty, no field holds a line break."""
        return rows + self.lines_before == count_lines(self.path)

    def rows_line_by_line(self, connection: duckdb.DuckDBPyConnection) -> RawRows:
        """Write a copy with numbered lines and return its rows."""
        self.working_dir.mkdir(parents=True, exist_ok=True)
        numbered = self.working_dir / "numbered"
        write_numbered(self.path, numbered, self.shape, self.lines_before)
        names = ("line", "rule", "whole", *self._field_names)
        return RawRows(
            relation=self._read(numbered, names, QUOTE),
            columns=self._columns,
            rule="rule",
            whole="whole",
            line="cast(line as bigint)",
        )

    @property
    def _field_names(self) -> tuple[str, ...]:
        return tuple(f"c{index}" for index in range(self.shape.fields))

    @property
    def _columns(self) -> RawColumns:
        names = tuple(f"c{place}" for place in self.places)
        return RawColumns(names, ("VARCHAR",) * len(names), self.decimal)

    def _read(self, path: Path, names: tuple[str, ...], quote: str) -> str:
        columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
        has_header = path == self.path and self.lines_before > 0
        own = "" if path == self.path else OWN_COPY
        return (
            f"read_csv({literal(str(path))}, columns = {{{columns}}}, auto_detect = false, "
            f"delim = {literal(self.shape.delimiter)}, quote = {literal(quote)}, "
            f"escape = {literal(quote)}, header = {str(has_header).lower()}, encoding = 'utf-8', "
            "compression = 'none', strict_mode = true, null_padding = false, "
            f"ignore_errors = false{own})"
        )


def open_csv(path: Path, contract: Contract, working_dir: Path) -> CsvReader:
    """Check the first line of a plain UTF-8 file against the contract and return its reader.

    Raises:
        FileRefusedError: a declared column is not there.
    """
    form = contract.format
    if not isinstance(form, CsvFormat):
        raise TypeError(f"{contract.label} is not delimited text")
    wanted = tuple(contract.physical_name(name) for name in contract.columns)
    if form.header:
        names, lines_before = _read_header(path, form)
        _check_header(names, wanted, form)
    else:
        names, lines_before = form.physical_columns or wanted, 0
    places = tuple(names.index(name) for name in wanted)
    undeclared = tuple(sorted({name for name in names if name not in wanted and name}))
    shape = TextShape(form.delimiter, form.quote, len(names), form.line_breaks)
    return CsvReader(path, shape, lines_before, places, undeclared, form.decimal, working_dir)


def _read_header(path: Path, form: CsvFormat) -> tuple[tuple[str, ...], int]:
    lines = (
        line.decode("utf-8", "replace") for _, line in islice(physical_lines(path), HEADER_LINES)
    )
    reader = csv.reader(
        lines,
        delimiter=form.delimiter,
        quotechar=form.quote or None,
        quoting=csv.QUOTE_MINIMAL if form.quote else csv.QUOTE_NONE,
    )
    try:
        names = next(reader, [])
    except csv.Error:
        raise FileRefusedError("the first line is not a header: its quotes are broken") from None
    return tuple(name.strip() for name in names), reader.line_num


def _check_header(names: tuple[str, ...], wanted: tuple[str, ...], form: CsvFormat) -> None:
    """Refuse a file without its columns; names in the file are only spoken of by their number.

    The first line of a file that lost its header is a person's data.
    """
    missing = [name for name in wanted if name not in names]
    repeated = [name for name in wanted if names.count(name) > 1]
    if repeated:
        raise FileRefusedError(f"line 1: the column {', '.join(repeated)} is there more than once")
    if not missing:
        return
    for delimiter, word in OTHER_DELIMITERS.items():
        parts = {part.strip() for name in names for part in name.split(delimiter)}
        if delimiter != form.delimiter and len(parts.intersection(missing)) > len(missing) / 2:
            declared = OTHER_DELIMITERS.get(form.delimiter, repr(form.delimiter))
            raise FileRefusedError(
                f"line 1: the columns are separated by {word}; the contract says {declared}"
            )
    if len(missing) == len(wanted):
        raise FileRefusedError(
            f"line 1: no column of the contract is there ({', '.join(wanted)}): "
            f"is it a header, and in {form.encoding}?"
        )
    raise FileRefusedError(f"line 1: missing column {', '.join(missing)}")
