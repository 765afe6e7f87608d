"""The verb `quarantine`: the rows that wait, and what stewards decide on them."""

import json
from typing import Annotated, Any

import typer
from rich.table import Table

from orchestration.cli.errors import CommandLineError
from orchestration.cli.quarantine_loads import hold, list_loads
from orchestration.cli.stewarding import AsJson, Author, Reason, Until, end_date, steward_named
from orchestration.cli.terminal import print_json, say
from orchestration.gates.held_loads import hold_loads
from orchestration.gates.quarantine_tables import create_quarantine_tables
from orchestration.gates.replay import AREA, LOAD_PREFIX, Replayed, replay
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
COLUMNS = (
    *("quarantine_id", "source", "table_name", "load_id", "file", "line", "column_name"),
    *("rule", "reason", "state", "outcome_reason", "quarantined_at"),
)
NEXT = "`c360 quarantine replay`, `c360 run --resume` or the next run carries it out."


@quarantine.command("list")
def list_rows(
    everything: Annotated[
        bool, typer.Option("--all", help="Also those put back or refused.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many rows to show.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List the waiting rows by their place and reason, without their content.

    Reads the warehouse, which no run may hold meanwhile.
    """
    condition = "true" if everything else "is_waiting"
    found = _rows(f"{condition} order by source, table_name, load_id, line limit {limit}")
    if as_json:
        print_json({"rows": found})
        return
    table = Table("row", "table", "file and line", "reason", "state", box=None, header_style="dim")
    for row in found:
        why = f"{row['column_name'] or 'row'}: {row['outcome_reason'] or row['reason']}"
        place = f"{row['file']}:{row['line']}"
        name = f"{row['source']}.{row['table_name']}"
        table.add_row(row["quarantine_id"], name, place, why, row["state"])
    say(table if found else "No row waits in quarantine.")


@quarantine.command()
def show(quarantine_id: Id, as_json: AsJson = False) -> None:
    """Show one row with its content, which is personal data. Reads the warehouse."""
    row = _row(quarantine_id, with_content=True)
    if as_json:
        print_json(row)
        return
    for name in COLUMNS:
        if row[name] is not None:
            say(f"{name:<16}{row[name]}")
    for name, value in row["content"].items():
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
    row = _row(quarantine_id)
    label = f"{row['source']}_{row['table_name']}"
    contracts = {each.landing_name: each for each in load_contracts(Settings().sources_dir)}
    unknown = sorted({name for name, _, _ in pairs} - set(contracts[label].columns))
    if unknown:
        raise typer.BadParameter(f"{label} has no column {', '.join(unknown)}", param_hint="--set")
    _decide("correct", quarantine_id, (author, reason), {"values": {n: v for n, _, v in pairs}})


@quarantine.command()
def waive(quarantine_id: Id, until: Until, author: Author, reason: Reason) -> None:
    """Put the row back as it is; the gate looks away up to a day. Writes the decision store."""
    _row(quarantine_id)
    _decide("waive", quarantine_id, (author, reason), {"until": end_date(until)})


@quarantine.command()
def refuse(quarantine_id: Id, author: Author, reason: Reason) -> None:
    """Keep the row out for good. Writes the decision store."""
    _row(quarantine_id)
    _decide("refuse", quarantine_id, (author, reason))


@quarantine.command()
def accept(
    load_id: Annotated[str, typer.Argument(help="The load whose waiting rows are taken as is.")],
    author: Author,
    reason: Reason,
) -> None:
    """Put all waiting rows of a load back as they are. Writes the decision store."""
    waiting = [row for row in _rows("is_waiting") if row["load_id"] == load_id]
    if not waiting:
        raise CommandLineError(f"no row of load {load_id} waits in quarantine")
    _decide("accept", LOAD_PREFIX + load_id, (author, reason))


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


def _rows(condition: str) -> list[dict[str, Any]]:
    settings = Settings()
    if not settings.warehouse_path.exists():
        return []
    with Warehouse.of(settings).connect() as connection:
        create_quarantine_tables(connection)
        query = f"select {', '.join(COLUMNS)} from quality.quarantine_rows where {condition}"
        found = connection.execute(query).fetchall()
    return [dict(zip(COLUMNS, row, strict=True)) for row in found]


def _row(quarantine_id: str, *, with_content: bool = False) -> dict[str, Any]:
    found = [row for row in _rows("true") if row["quarantine_id"] == quarantine_id]
    if not found:
        raise CommandLineError(f"there is no row {quarantine_id}: `c360 quarantine list --all`")
    row = found[0]
    if with_content:
        with Warehouse.of(Settings()).connect(read_only=True) as connection:
            content = connection.execute(
                "select content from quality.quarantine_rows where quarantine_id = ?",
                [quarantine_id],
            ).fetchall()
        row["content"] = json.loads(content[0][0])
    return row


def _decide(
    verb: str, subject: str, by: tuple[str, str], payload: dict[str, Any] | None = None
) -> None:
    author, reason = by
    steward_named(author).decide(f"{AREA}.{verb}", subject, reason, payload)
    say(f"{subject}: {verb}. {NEXT}")
