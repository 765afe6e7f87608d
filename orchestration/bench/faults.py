"""What a fault is, and the changes of a row that faults are made of.

A fault says what would be right to find: the table and the causes that name it. The faults are in
`delivered_faults` and `inner_faults`; how a file is written is in `fault_files`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Row = dict[str, Any]
Change = Callable[[Row, int], Row | None]
MIXED_UP = "columns shifted"
UNREADABLE = "rows that can't be read"
MIX = "another mix of values"
ONE_VALUE = "one value on many"
SIZE = "amounts of another size"
CLOCK = ("shifted clock", "out of range", "old rows")
VOLUME = ("unusual volume", "repeated content")
KNOWN = "known rows changed"
TIES = "lines disagree with their order"
WEBSHOP_TIME = "%Y-%m-%d %H:%M:%S"
POS_TIME = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break the files of a table; `change_file` breaks them as a whole instead.

    `days_late` is for how many days the source delivers nothing at all; a source that
    `sends_yesterday` delivers the file before once more. `statement` is SQL over the CRM's
    database, `spoils` is SQL over the warehouse when a layer has been built, and `threshold` is
    another match threshold. `seen_at` names tables at which the fault may be found as well.
    """

    name: str
    table: str
    causes: tuple[str, ...]
    change: Change | None = None
    change_file: Callable[[bytes], bytes] | None = None
    copies: int = 1
    days_late: int = 0
    sends_yesterday: bool = False
    statement: str = ""
    spoils: Mapping[str, str] = field(default_factory=dict)
    threshold: float | None = None
    seen_at: tuple[str, ...] = ()


def put(values: Mapping[str, Any], of_ten: int = 10) -> Change:
    """Return the change that puts values on so many of ten rows."""
    return lambda row, number: {**row, **values} if number % 10 < of_ten else row


def turn(column: str, turned: Callable[[Any], Any]) -> Change:
    """Return the change that turns every value of a column into another."""

    def change(row: Row, _number: int) -> Row:
        value = row.get(column)
        return row if value in (None, "") else {**row, column: turned(value)}

    return change


def exchange(one: str, other: str) -> Change:
    """Return the change that puts the values of two columns into each other's."""
    return lambda row, _number: {**row, one: row.get(other), other: row.get(one)}


def later(hours: float, form: str) -> Callable[[str], str]:
    """Return the change of a text that moves its moment by hours."""

    def moved(text: str) -> str:
        moment = datetime.strptime(text, form)  # noqa: DTZ007 - a text of a source, in UTC
        return (moment + timedelta(hours=hours)).strftime(form)

    return moved
