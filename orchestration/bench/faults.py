"""Ways in which a clean day breaks, each on the files that a source has delivered.

A fault says what would be right to find: the table and the causes that name it. What finds it does
not belong here.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import CsvFormat, ParquetFormat

Row = dict[str, Any]
Change = Callable[[Row, int], Row | None]
MIXED_UP = "columns shifted"
UNREADABLE = "rows that can't be read"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break the files of a table; `change_file` breaks them as a whole instead.

    `lateness` names the days on which the source delivers nothing at all.
    """

    name: str
    table: str
    causes: tuple[str, ...]
    change: Change | None = None
    change_file: Callable[[bytes], bytes] | None = None
    copies: int = 1
    days_late: int = 0


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


def put(values: Mapping[str, Any], of_ten: int = 10) -> Change:
    """Return the change that puts values on so many of ten rows."""
    return lambda row, number: {**row, **values} if number % 10 < of_ten else row


def turn(column: str, turned: Callable[[Any], Any]) -> Change:
    """Return the change that turns every value of a column into another."""

    def change(row: Row, _number: int) -> Row:
        value = row.get(column)
        return row if value in (None, "") else {**row, column: turned(value)}

    return change


def _shifted(row: Row, _number: int) -> Row:
    names = list(row)
    return dict(zip(names, [row[name] for name in [*names[1:], names[0]]], strict=True))


def _swapped_day(text: str) -> str:
    day, month, year = text.split("/")
    return f"{month}/{day}/{year}"


def _later(hours: float, form: str) -> Callable[[str], str]:
    def later(text: str) -> str:
        moment = datetime.strptime(text, form)  # noqa: DTZ007 - a text of a source, in UTC
        return (moment + timedelta(hours=hours)).strftime(form)

    return later


def _exchange(one: str, other: str) -> Change:
    return lambda row, _number: {**row, one: row.get(other), other: row.get(one)}


def _somebody_else(row: Row, number: int) -> Row:
    name = row["last_name"][::-1].title() or "Mbogo"
    return {**row, "last_name": name, "birth_date": f"{number % 27 + 1:02d}/04/1971"}


def _misread(content: bytes) -> bytes:
    return content.decode("utf-8").encode("utf-8").decode("latin-1").encode("utf-8")


FLIPPED = {"granted": "withdrawn", "withdrawn": "granted"}
MIX = "another mix of values"
ONE_VALUE = "one value on many rows"
SIZE = "amounts of another size"
CLOCK = ("shifted clock", "out of range")
VOLUME = ("unusual volume", "repeated content")
POS_TIME = "%Y%m%d%H%M%S"

FAULTS: tuple[Fault, ...] = (
    Fault("default e-mail on many records", "webshop_customers", (ONE_VALUE,),
          put({"email": "no@mail.example"}, 4)),
    Fault("one shop's phone on many records", "webshop_customers", (ONE_VALUE,),
          put({"phone": "+254700000001"}, 4)),
    Fault("day and month swapped", "webshop_customers",
          (UNREADABLE, "day and month swapped", "missing values"),
          turn("birth_date", _swapped_day)),
    Fault("country code lost", "webshop_customers", ("missing values", "unknown value", UNREADABLE),
          put({"country_code": ""})),
    Fault("+ of telephone numbers lost", "webshop_customers", ("wrong format",),
          turn("phone", lambda text: text.lstrip("+0")[3:])),
    Fault("columns shifted", "webshop_orders", (MIXED_UP, UNREADABLE, "wrong format"), _shifted),
    Fault("e-mail and phone exchanged", "webshop_customers", ("wrong format",),
          _exchange("email", "phone")),
    Fault("feed doubled under other keys", "pos_receipts", VOLUME, copies=2),
    Fault("source three times as large", "webshop_order_lines", VOLUME, copies=3),
    Fault("file cut short", "webshop_orders", (*VOLUME, UNREADABLE, "truncated"),
          change_file=lambda content: content[: len(content) // 5]),
    Fault("letters in another encoding", "webshop_customers", ("broken encoding", "wrong format"),
          change_file=_misread),
    Fault("file in an encoding of its own", "webshop_orders", ("file refused",),
          change_file=lambda content: content.decode("utf-8").encode("utf-16")),
    Fault("source late", "pos_receipts", ("source late",), days_late=3),
    Fault("currency changed", "webshop_orders", (MIX,), put({"currency": "USD"})),
    Fault("prices times 100", "webshop_order_lines", (SIZE,),
          turn("unit_price", lambda text: f"{float(text) * 100:.2f}")),
    Fault("amounts without their decimals", "webshop_orders", (SIZE,),
          turn("total_amount", lambda text: text.replace(".", ""))),
    Fault("timestamps in local time", "pos_receipts", CLOCK,
          turn("sold_at", _later(7, POS_TIME))),
    Fault("hour of the day lost", "pos_receipts", CLOCK,
          turn("sold_at", lambda text: text[:8] + "000000")),
    Fault("id re-used for another person", "webshop_customers", ("keys taken over by others",),
          _somebody_else),
    Fault("new word in an enumeration", "webshop_orders", ("unknown value",),
          put({"order_status": "parked"}, 2)),
    Fault("all consents flipped", "consent_consents", (MIX,),
          turn("consent_status", lambda text: FLIPPED.get(text, text))),
    Fault("negative quantities", "webshop_order_lines", ("sign turned round", "out of range"),
          turn("quantity", lambda text: f"-{text}")),
    Fault("key of another type", "webshop_orders", ("wrong format",),
          turn("order_no", lambda text: text[2:])),
    Fault("names are placeholders", "webshop_customers", (ONE_VALUE,),
          put({"first_name": "Customer", "last_name": "Unknown"}, 6)),
    Fault("default birth date", "webshop_customers", (ONE_VALUE, "day and month swapped"),
          put({"birth_date": "01/01/1970"}, 7)),
    Fault("column emptied", "webshop_customers", ("missing values",), put({"phone": ""})),
    Fault("all customers of guests", "webshop_orders", ("missing values", "rule broken"),
          put({"customer_no": "", "guest_email": "", "guest_phone": ""})),
    Fault("file of another table", "webshop_order_lines", ("file refused",),
          change_file=lambda content: b"sku,stock\n" + b"P1,7\n" * max(1, len(content) // 50)),
    Fault("payment method defaulted", "pos_receipts", (MIX,), put({"payment_method": "cash"})),
)  # fmt: skip
