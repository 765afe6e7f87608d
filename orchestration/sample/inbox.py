"""Write deliveries the way each source system exports them, as its contract says.

A table comes with the contract's column names. Columns beyond it are written as they are: that is
what an export that says more than it should looks like. A dot in the name of one nests it.
"""

import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.sample.contracts import TableContract, read_contracts
from orchestration.sample.errors import SampleError

_CHUNK = 1 << 22


@dataclass(slots=True)
class Inbox:
    """The folder source systems deliver to."""

    root: Path
    contracts: dict[str, TableContract] = field(default_factory=read_contracts)

    def path_of(self, name: str, delivered_on: date, suffix: str = "") -> Path:
        """Return the path of a delivery."""
        contract = self.contracts[name]
        if contract.folder is None:
            raise SampleError(f"{name} is not delivered as files")
        file_name = f"{contract.table}_{delivered_on.isoformat()}{suffix}{contract.extension}"
        return self.root / contract.folder / file_name

    def write(self, name: str, delivered_on: date, rows: pa.Table) -> Path:
        """Write a delivery and return its path."""
        contract = self.contracts[name]
        path = self.path_of(name, delivered_on)
        path.parent.mkdir(parents=True, exist_ok=True)
        kind = contract.format["type"]
        if kind == "parquet":
            pq.write_table(rows, path, compression="snappy", row_group_size=250_000)
        elif kind == "jsonl":
            _copy(rows, _nested(contract, rows), path, "format json")
        else:
            self._write_csv(contract, rows, path)
        return path

    def _write_csv(self, contract: TableContract, rows: pa.Table, path: Path) -> None:
        select = ", ".join(f"{_typed(contract, one)} as {_quoted(one.name)}" for one in rows.schema)
        delimiter = contract.format["delimiter"].replace("'", "''")
        delimiter = f"E'{delimiter}'" if delimiter.startswith("\\") else f"'{delimiter}'"
        options = f"format csv, header, delimiter {delimiter}"
        encoding = contract.format.get("encoding", "utf-8")
        if encoding == "utf-8":
            _copy(rows, select, path, options)
            return
        draft = path.with_suffix(".draft")
        _copy(rows, select, draft, options)
        _transcode(draft, path, encoding)
        draft.unlink()

    def repeat(self, path: Path, again: str) -> None:
        """Deliver a file a second time under another name."""
        shutil.copyfile(path, path.with_name(f"{path.stem}{again}{path.suffix}"))

    def truncate(self, path: Path) -> None:
        """Cut a file in the middle of its last line."""
        content = path.read_bytes()
        start = content.rstrip(b"\n").rfind(b"\n") + 1
        path.write_bytes(content[: start + (len(content) - start) // 2])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _typed(contract: TableContract, column: pa.Field) -> str:
    """Return the SQL that writes a column as text the way the contract says."""
    name = _quoted(column.name)
    layout = contract.columns.get(column.name, {}).get("format")
    if layout and not pa.types.is_string(column.type):
        return f"strftime({name}, '{layout}')"
    if pa.types.is_timestamp(column.type):
        pattern = (
            "%Y-%m-%dT%H:%M:%SZ" if contract.format["type"] == "jsonl" else "%Y-%m-%d %H:%M:%S"
        )
        return f"strftime({name}, '{pattern}')"
    if pa.types.is_decimal(column.type) and contract.format.get("decimal") == ",":
        return f"replace(cast({name} as varchar), '.', ',')"
    return name


def _nested(contract: TableContract, rows: pa.Table) -> str:
    """Return the SQL that nests columns by the paths of the contract."""
    tree: dict[str, Any] = {}
    for column in rows.schema:
        path = contract.columns.get(column.name, {}).get("path", column.name).split(".")
        node = tree
        for step in path[:-1]:
            node = node.setdefault(step, {})
        node[path[-1]] = _typed(contract, column)
    return ", ".join(f"{_struct(value)} as {_quoted(key)}" for key, value in tree.items())


def _struct(value: str | dict[str, Any]) -> str:
    if isinstance(value, str):
        return value
    return "{" + ", ".join(f"'{key}': {_struct(one)}" for key, one in value.items()) + "}"


def _copy(rows: pa.Table, select: str, path: Path, options: str) -> None:
    """Write rows in their order with DuckDB's writers."""
    with duckdb.connect(config={"threads": 2, "preserve_insertion_order": True}) as connection:
        connection.register("delivery", rows)
        target = str(path).replace("'", "''")
        connection.execute(f"copy (select {select} from delivery) to '{target}' ({options})")


def _transcode(draft: Path, path: Path, encoding: str) -> None:
    """Rewrite UTF-8 text in the encoding of the contract; what it cannot hold becomes `?`."""
    with (
        draft.open(encoding="utf-8", newline="") as source,
        path.open("w", encoding=encoding, errors="replace", newline="") as target,
    ):
        while chunk := source.read(_CHUNK):
            target.write(chunk)
