"""`c360 resolve --record`: who a single person is, by the state of the last run."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table

from orchestration.cli.identity_input import exit_on_wrong_input
from orchestration.cli.terminal import print_json, say
from orchestration.identity.desk.record_desk import DeskAnswer, RecordDesk
from orchestration.identity.errors import RecordsError
from orchestration.settings import Settings
from orchestration.warehouse import Warehouse

SHOWN = 5


def show_record(record: str, *, as_json: bool) -> None:
    """Print who a person is, given as JSON by role, or as a file that holds it."""
    with (
        exit_on_wrong_input(as_json),
        Warehouse.of(Settings()).connect(read_only=True) as connection,
    ):
        values = _values(record)
        answer = RecordDesk(connection).resolve(values)
    if as_json:
        print_json(asdict(answer))
        return
    _tell(answer)


def _values(record: str) -> dict[str, Any]:
    is_json = record.lstrip().startswith("{")
    # In no message what was typed: it is about a person, also where it was taken for a path.
    try:
        text = record if is_json else Path(record).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise RecordsError("no such file can be read: give JSON, or a file of it") from error
    try:
        values = json.loads(text)
    except ValueError as error:
        raise RecordsError("the record is no JSON object") from error
    if not isinstance(values, dict):
        raise RecordsError("the record is no JSON object")
    return values


def _tell(answer: DeskAnswer) -> None:
    if answer.customer_id is None:
        say(f"Nobody whom we know ({answer.compared:,} records compared).")
    else:
        say(f"Customer {answer.customer_id} ({answer.compared:,} records compared).")
    if answer.also_joins:
        say(f"The record would also bring in {', '.join(answer.also_joins)}.")
    if answer.candidates:
        table = Table("record", "customer", "probability", box=None, pad_edge=False)
        for one in answer.candidates[:SHOWN]:
            table.add_row(one.source_record_id, one.customer_id, f"{one.probability:.3f}")
        say(table)
