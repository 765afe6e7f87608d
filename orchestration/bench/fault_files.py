"""Break the files that a source has delivered, in the form that its contract names."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.bench.faults import Fault, Row
from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import CsvFormat, ParquetFormat
from orchestration.sample.crm import DATABASE


def break_sqlite(inbox: Path, fault: Fault) -> None:
    """Break the database of the CRM."""
    with closing(sqlite3.connect(inbox / DATABASE)) as connection, connection:
        connection.executescript(fault.statement)


def break_file(path: Path, contract: Contract, fault: Fault) -> None:
    """Break one delivered file."""
    if fault.change_file is not None:
        path.write_bytes(fault.change_file(path.read_bytes()))
        return
    rows = read_rows(path, contract)
    broken: list[Row] = []
    for copy in range(fault.copies):
        for number, row in enumerate(rows):
            changed = dict(row) if fault.change is None else fault.change(dict(row), number)
            if changed is not None:
                broken.append(with_another_key(changed, contract, copy) if copy else changed)
    write_rows(path, contract, broken)


def with_another_key(row: Row, contract: Contract, copy: int) -> Row:
    """Return a row under a key of the same form: the last digits go on counting."""
    name = contract.physical_name(contract.key[0])
    key = str(row[name])
    number = int(key[-6:]) + copy * 500_000
    return {**row, name: key[:-6] + f"{number % 1_000_000:06d}"}


def read_rows(path: Path, contract: Contract) -> list[Row]:
    """Return the rows of a delivered file, as text where its format is text."""
    if isinstance(contract.format, ParquetFormat):
        rows: list[Row] = pq.read_table(path).to_pylist()
        return rows
    encoding = getattr(contract.format, "encoding", "utf-8")
    text = path.read_bytes().decode(encoding)
    if isinstance(contract.format, CsvFormat):
        names = None if contract.format.header else list(contract.format.physical_columns or ())
        stream = io.StringIO(text, newline="")
        delimiter = contract.format.delimiter
        return list(csv.DictReader(stream, fieldnames=names, delimiter=delimiter))
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def write_rows(path: Path, contract: Contract, rows: list[Row]) -> None:
    """Write rows in the form of the contract."""
    if isinstance(contract.format, ParquetFormat):
        schema = pq.read_schema(path)
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
        return
    encoding = getattr(contract.format, "encoding", "utf-8")
    stream = io.StringIO(newline="")
    if isinstance(contract.format, CsvFormat):
        names = list(rows[0]) if rows else []
        writer = csv.DictWriter(stream, names, delimiter=contract.format.delimiter)
        if contract.format.header:
            writer.writeheader()
        writer.writerows(rows)
    else:
        for row in rows:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    path.write_bytes(stream.getvalue().encode(encoding, errors="replace"))
