"""Read delimited text with DuckDB's strict reader, and line by line where that fails."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.landing.careful_csv import (
    CarefulRecord,
    TextShape,
    careful_records,
    physical_lines,
)
from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import CsvFormat
from orchestration.landing.errors import FileRefusedError
from orchestration.landing.reading import (
    RAW_STORE,
    RawColumns,
    RawRows,
    count_lines,
    make_raw_store,
    stored_rows,
)
from orchestration.landing.sql_text import literal

BATCH = 50_000
HEADER_LINES = 100
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

    @property
    def rows(self) -> RawRows:
        """DuckDB's strict reader, with nothing left to its guessing."""
        columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(self.shape.fields))
        quote = literal(self.shape.quote)
        relation = (
            f"read_csv({literal(str(self.path))}, columns = {{{columns}}}, auto_detect = false, "
            f"delim = {literal(self.shape.delimiter)}, quote = {quote}, escape = {quote}, "
            f"header = {str(self.lines_before > 0).lower()}, encoding = 'utf-8', "
            "compression = 'none', strict_mode = true, null_padding = false, ignore_errors = false)"
        )
        return RawRows(relation, self._columns, lines_before=self.lines_before)

    @property
    def _columns(self) -> RawColumns:
        names = tuple(f"c{place}" for place in self.places)
        return RawColumns(names, ("VARCHAR",) * len(names), self.decimal)

    def tells_lines_of(self, rows: int) -> bool:
        """Say whether there is a line for each row: none is empty, no field holds a line break."""
        return rows + self.lines_before == count_lines(self.path)

    def rows_line_by_line(self, connection: duckdb.DuckDBPyConnection) -> RawRows:
        """Read the records line by line into RAW_STORE."""
        make_raw_store(connection, self._columns)
        records = careful_records(self.path, self.shape, self.lines_before)
        for batch in _batches(records):
            connection.register("careful_batch", self._as_table(batch))
            connection.execute(f"insert into {RAW_STORE} select * from careful_batch")
            connection.unregister("careful_batch")
        return stored_rows(self._columns)

    def _as_table(self, batch: list[CarefulRecord]) -> pa.Table:
        columns: dict[str, pa.Array] = {
            "_position": pa.array((record.position for record in batch), pa.int64()),
            "_line": pa.array((record.line for record in batch), pa.int64()),
            "_rule": pa.array((record.rule for record in batch), pa.string()),
            "_whole": pa.array((record.text for record in batch), pa.string()),
        }
        for index, place in enumerate(self.places):
            values = (
                record.fields[place] or None if record.rule is None and record.fields else None
                for record in batch
            )
            columns[f"r{index}"] = pa.array(values, pa.string())
        return pa.table(columns)


def open_csv(path: Path, contract: Contract) -> CsvReader:
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
    return CsvReader(path, shape, lines_before, places, undeclared, form.decimal)


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


def _batches(records: Iterator[CarefulRecord]) -> Iterator[list[CarefulRecord]]:
    while batch := list(islice(records, BATCH)):
        yield batch
