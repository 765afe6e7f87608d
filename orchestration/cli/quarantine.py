"""The verb `quarantine`: the rows that wait, and what stewards decide on them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Table

from orchestration.cli.errors import CommandLineError
from orchestration.cli.figures import last_run_id, not_carried_out
from orchestration.cli.quarantine_loads import hold, list_loads
from orchestration.cli.quarantined_rows import (
    COLUMNS,
    NEXT,
    UNCHECKED,
    Row,
    content_of,
    looking,
    row_named,
    row_to_decide_on,
    rows_set_aside,
    waiting_rows_of,
)
from orchestration.cli.stewarding import AsJson, Author, Reason, Until, end_date, steward_named
from orchestration.cli.summary import not_carried_out_lines
from orchestration.cli.terminal import print_json, say
from orchestration.gates.held_loads import LOAD_PREFIX, hold_loads
from orchestration.gates.quarantine_tables import create_quarantine_tables
from orchestration.gates.replay import Replayed, replay
from orchestration.gates.rulings import AREA
from orchestration.landing.contract import load_contracts
from orchestration.run_lock import RunLock
from orchestration.settings import Settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.landed_decisions import land_decisions
from orchestration.warehouse import Warehouse

quarantine = typer.Typer(
    help="Rows set aside with their reason: look, correct, waive, refuse, put back.",
    no_args_is_help=True,
)
quarantine.command("loads")(list_loads)
quarantine.command("hold")(hold)
Id = Annotated[str, typer.Argument(help="The row, as `c360 quarantine list` names it (Q...).")]


@quarantine.command("list")
def list_rows(
    everything: Annotated[
        bool, typer.Option("--all", help="Also those put back or refused.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many rows to show.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the waiting rows by their place and reason, without their content.

    Also what the last run was to carry out and could not. Reads the warehouse and the decision
    store; not while a run is at work.
    """
    with looking() as connection:
        found = rows_set_aside(connection, "true" if everything else "is_waiting", limit=limit)
        last_run = last_run_id(connection)
        not_done = not_carried_out(connection, [last_run] if last_run else [])
    if as_json:
        print_json({"rows": found, "not_carried_out": [asdict(each) for each in not_done]})
        return
    table = Table("row", "table", "place", "reason", "state", box=None, header_style="dim")
    for row in found:
        why = f"{row['column_name'] or 'row'}: {row['outcome_reason'] or row['reason']}"
        name = f"{row['source']}.{row['table_name']}"
        table.add_row(row["quarantine_id"], name, _place(row), why, _state(row))
    say(table if found else "No row waits in quarantine.", *not_carried_out_lines(not_done))


@quarantine.command()
def show(quarantine_id: Id, as_json: AsJson = False) -> None:
    """Show one row with its content, which is personal data.

    Reads the warehouse and the decision store; not while a run is at work.
    """
    with looking() as connection:
        row = row_named(connection, quarantine_id)
        content = content_of(connection, quarantine_id)
    if as_json:
        print_json({**row, "content": content})
        return
    row["state"] = _state(row)
    for name in (*COLUMNS, "row"):
        if row[name] is not None and name != "is_waiting":
            say(f"{name:<16}{row[name]}")
    for name, value in content.items():
        say(f"  {name:<20}{'' if value is None else value}")


@quarantine.command()
def correct(
    quarantine_id: Id,
    values: Annotated[
        list[str], typer.Option("--set", help="COLUMN=VALUE, dates and numbers as in 2026-01-31.")
    ],
    author: Author,
    reason: Reason,
) -> None:
    """Give values that are right; the original stays in quarantine. Writes the decision store."""
    pairs = [text.partition("=") for text in values]
    if any(not sign or not name for name, sign, _ in pairs):
        raise typer.BadParameter("write it like --set birth_date=1990-01-31", param_hint="--set")
    rows = row_to_decide_on(quarantine_id)
    for row in rows or ():
        label = f"{row['source']}_{row['table_name']}"
        contracts = {each.landing_name: each for each in load_contracts(Settings().sources_dir)}
        unknown = sorted({name for name, _, _ in pairs} - set(contracts[label].columns))
        if unknown:
            message = f"{label} has no column {', '.join(unknown)}"
            raise typer.BadParameter(message, param_hint="--set")
    given = {"values": {name: value for name, _, value in pairs}}
    _decide("correct", quarantine_id, (author, reason), rows, given)


@quarantine.command()
def waive(quarantine_id: Id, until: Until, author: Author, reason: Reason) -> None:
    """Put the row back as it is; the gate looks away up to a day. Writes the decision store."""
    last_day = {"until": end_date(until)}
    _decide("waive", quarantine_id, (author, reason), row_to_decide_on(quarantine_id), last_day)


@quarantine.command()
def refuse(quarantine_id: Id, author: Author, reason: Reason) -> None:
    """Keep the row out for good. Writes the decision store."""
    _decide("refuse", quarantine_id, (author, reason), row_to_decide_on(quarantine_id))


@quarantine.command()
def accept(
    load_id: Annotated[str, typer.Argument(help="The load whose waiting rows are taken as is.")],
    author: Author,
    reason: Reason,
) -> None:
    """Put all waiting rows of a load back as they are. Writes the decision store."""
    _decide("accept", LOAD_PREFIX + load_id, (author, reason), waiting_rows_of(load_id))


@quarantine.command("replay")
def replay_rows(as_json: AsJson = False) -> None:
    """Carry out what was decided, once: put rows back into landing, or refuse them.

    Reads the decision store and writes the warehouse, which no run may hold meanwhile.
    """
    done = _replay()
    if as_json:
        rows = [
            {"quarantine_id": each.quarantine_id, "outcome": each.outcome, "reason": each.reason}
            for each in done
        ]
        print_json({"rows": rows})
        return
    for each in done:
        say(f"{each.quarantine_id}  {each.outcome}{': ' + each.reason if each.reason else ''}")
    say(f"{len(done)} rows." if done else "Nothing is left to carry out.")


def _replay() -> list[Replayed]:
    settings = Settings()
    contracts = load_contracts(settings.sources_dir)
    with (
        RunLock(settings.home_dir).acquire("quarantine-replay"),
        Warehouse.of(settings).connect() as connection,
    ):
        create_quarantine_tables(connection)
        last = connection.execute(
            "select run_id, as_of from quality.runs order by started_order desc limit 1"
        ).fetchall()
        if not last:
            raise CommandLineError("nothing has run here yet: `c360 run`")
        run_id, as_of = last[0]
        land_decisions(connection, DecisionStore.of(settings), run_id=run_id, as_of=as_of)
        hold_loads(connection, run_id=run_id, as_of=as_of)
        return replay(connection, contracts, run_id=run_id, as_of=as_of)


def _decide(
    verb: str,
    subject: str,
    by: tuple[str, str],
    rows: Sequence[Row] | None,
    payload: dict[str, Any] | None = None,
) -> None:
    """Keep a decision; `rows` are those it is about, or nothing where nobody could look."""
    author, reason = by
    steward_named(author).decide(f"{AREA}.{verb}", subject, reason, payload)
    say(f"{subject}: {verb}. {NEXT}")
    if rows is None:
        say(UNCHECKED)
    before = {(each["author"], each["verb"]) for row in rows or () if (each := row["decided"])}
    for other, word in sorted(before):
        say(f"{other} had decided before you ({word}), and it waits still: yours is the last word.")


def _place(row: Row) -> str:
    where = f":{row['line']}" if row["row"] is None else f", row {row['row']}"
    return f"{row['file']}{where}"


def _state(row: Row) -> str:
    decided = row["decided"]
    return (
        f"{row['state']}, {decided['author']}: {decided['verb']}" if decided else str(row["state"])
    )
