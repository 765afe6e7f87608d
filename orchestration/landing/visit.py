"""Take one file in: look it up in the manifest, read it, and land it in one transaction."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import duckdb

from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import CsvFormat, FilesLocation, JsonLinesFormat
from orchestration.landing.csv_reader import open_csv
from orchestration.landing.deliveries import Delivery, content_hash, load_id
from orchestration.landing.errors import FileChangedError, FileRefusedError
from orchestration.landing.intake import Counts, insert_rows, prepare
from orchestration.landing.json_reader import open_json_lines
from orchestration.landing.manifest import (
    REPEATED_FILE,
    Load,
    Status,
    earlier_loads,
    record_load,
    standing,
)
from orchestration.landing.parquet_reader import open_parquet
from orchestration.landing.plain_text import empty_folder, plain_text, simple_name
from orchestration.landing.reading import Reader, count_lines
from orchestration.landing.set_aside import problems
from orchestration.landing.transaction import transaction


@dataclass(frozen=True)
class Visit:
    """What is the same for all files of one contract in one run."""

    contract: Contract
    run_id: str
    as_of: datetime
    working_dir: Path

    @cached_property
    def contract_hash(self) -> str:
        """A name for the part of the contract that decides how a file is read."""
        deciding = {"location", "format", "delivery", "key", "cursor", "columns"}
        text = self.contract.model_dump_json(include=deciding)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file; no load means that there was nothing to do."""

    delivery: Delivery
    load: Load | None = None
    undeclared: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    is_changing: bool = False

    @property
    def is_done(self) -> bool:
        """Whether the rows are in the warehouse, now or from before."""
        if self.is_changing or self.load is None:
            return not self.is_changing
        return self.load.status == "landed" or self.load.reason == REPEATED_FILE


def take_in(connection: duckdb.DuckDBPyConnection, visit: Visit, delivery: Delivery) -> Outcome:
    """Bring one file through the door, unless it is known."""
    content = content_hash(delivery.path)
    earlier = earlier_loads(connection, visit.contract)
    stands = standing(earlier, visit.contract, delivery.file, content, visit.contract_hash)
    if stands.is_known:
        return Outcome(delivery)
    name = load_id(visit.contract.landing_name, delivery.file, content, stands.repetition)
    file = _File(visit, delivery, content, name)
    if stands.repeats is not None:
        return _refuse(connection, file, stands.repeats.rows_received, REPEATED_FILE)
    try:
        rows = _read(connection, visit, delivery)
    except FileRefusedError as refusal:
        return _refuse(connection, file, refusal.rows or 0, refusal.reason)
    except FileChangedError:
        return Outcome(delivery, is_changing=True)
    return _land(connection, file, rows)


@dataclass(frozen=True, slots=True)
class _File:
    """A delivery with its name in the manifest."""

    visit: Visit
    delivery: Delivery
    content_hash: str
    load_id: str

    @property
    def place(self) -> str:
        return self.visit.contract.place(self.delivery.file)

    def load(self, counts: Counts, status: Status, reason: str | None) -> Load:
        return Load(
            load_id=self.load_id,
            source=self.visit.contract.source,
            table_name=self.visit.contract.table,
            file=self.delivery.file,
            content_hash=self.content_hash,
            contract_hash=self.visit.contract_hash,
            bytes=self.delivery.size,
            run_id=self.visit.run_id,
            loaded_at=self.visit.as_of,
            rows_received=counts.received,
            rows_landed=counts.landed,
            rows_quarantined=counts.quarantined,
            rows_refused=counts.refused,
            status=status,
            reason=reason,
        )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows that stand ready in the temporary tables of the connection."""

    in_order: bool
    undeclared: tuple[str, ...]
    line_word: str


def _read(connection: duckdb.DuckDBPyConnection, visit: Visit, delivery: Delivery) -> _Rows:
    """Type the rows of a file into temporary tables, where nothing is at stake yet."""
    with empty_folder(visit.working_dir) as working_dir:
        if isinstance(visit.contract.format, CsvFormat | JsonLinesFormat):
            rows = _read_text(connection, visit, delivery.path)
        else:
            path = simple_name(delivery.path, working_dir)
            reader = open_parquet(connection, path, visit.contract)
            in_order = prepare(connection, visit.contract, reader)
            rows = _Rows(in_order, reader.undeclared, "row")
    if delivery.has_changed():
        raise FileChangedError(delivery.file)
    return rows


def _read_text(connection: duckdb.DuckDBPyConnection, visit: Visit, delivered: Path) -> _Rows:
    contract, form = visit.contract, visit.contract.format
    is_csv = isinstance(form, CsvFormat)
    encoding = form.encoding if isinstance(form, CsvFormat) else "utf-8"
    path = plain_text(delivered, encoding, visit.working_dir)
    try:
        reader: Reader
        if is_csv:
            reader = open_csv(path, contract, visit.working_dir)
        else:
            reader = open_json_lines(connection, path, contract)
        return _Rows(prepare(connection, contract, reader), reader.undeclared, "line")
    except FileRefusedError as refusal:
        if refusal.rows is not None:
            raise
        has_header = isinstance(form, CsvFormat) and form.header
        raise FileRefusedError(refusal.reason, max(0, count_lines(path) - has_header)) from None


def _land(connection: duckdb.DuckDBPyConnection, file: _File, rows: _Rows) -> Outcome:
    contract = file.visit.contract
    found = () if rows.in_order else tuple(problems(connection, file.place, rows.line_word))
    with transaction(connection):
        stamp = (file.load_id, file.visit.as_of, file.delivery.file)
        counts = insert_rows(connection, contract, stamp, in_order=rows.in_order)
        reason = f"{counts.refused} repeated rows" if counts.refused else None
        load = file.load(counts, "landed", reason)
        record_load(connection, load)
    return Outcome(file.delivery, load, rows.undeclared, found)


def _refuse(connection: duckdb.DuckDBPyConnection, file: _File, rows: int, reason: str) -> Outcome:
    load = file.load(Counts(rows, 0, 0, rows), "refused", reason)
    with transaction(connection):
        record_load(connection, load)
    is_file = isinstance(file.visit.contract.location, FilesLocation)
    if reason == REPEATED_FILE and not is_file:
        return Outcome(file.delivery, load)  # a table that has not changed is no problem
    return Outcome(file.delivery, load, problems=(f"{file.place}: {reason}; the file is refused",))
