"""The verbs `quarantine loads` and `quarantine hold`: loads that a gate has stopped, as a whole."""

from typing import Annotated, Any

import typer
from rich.table import Table

from orchestration.cli.errors import CommandLineError, WarehouseHeldError
from orchestration.cli.quarantined_rows import NEXT, UNCHECKED, looking
from orchestration.cli.stewarding import AsJson, Author, Reason, steward_named
from orchestration.cli.terminal import print_json, say
from orchestration.gates.held_loads import KIND, LOAD_PREFIX
from orchestration.gates.relations import columns_of

COLUMNS = ("load_id", "source_table", "file", "rows_landed", "as_of")
UNDECIDED = """
    select undecided.load_id, undecided.source_table, loads.file, undecided.rows_landed,
        undecided.as_of
    from quality.undecided_loads as undecided
    inner join quality.loads as loads
        on undecided.load_id = loads.load_id
    order by loads.load_order asc
"""


def list_loads(as_json: AsJson = False) -> None:
    """List the loads of stopped runs that nobody has decided on.

    Reads the warehouse; not while a run is at work.
    """
    found = [dict(zip(COLUMNS, row, strict=True)) for row in _rows("undecided_loads", UNDECIDED)]
    if as_json:
        print_json({"loads": found})
        return
    table = Table("load", "table", "file", "rows", "run of", box=None, header_style="dim")
    for row in found:
        table.add_row(
            row["load_id"],
            row["source_table"],
            row["file"],
            f"{row['rows_landed']:,}",
            f"{row['as_of']:%Y-%m-%d %H:%M}",
        )
    say(table if found else "No load waits for a decision.")


def hold(
    load_id: Annotated[str, typer.Argument(help="The load, as `c360 quarantine loads` names it.")],
    author: Author,
    reason: Reason,
) -> None:
    """Take all rows of a load out of the flow, as they are, into quarantine.

    There they wait: `accept` puts the load back, each row can be corrected or refused. Writes the
    decision store, also while a run is at work.
    """
    query = "select rows_landed from quality.loads where load_id = $load_id"
    try:
        found = _rows("loads", query, {"load_id": load_id})
    except WarehouseHeldError:
        rows, more = "", [UNCHECKED]
    else:
        if not found:
            raise CommandLineError(f"there is no load {load_id}: `c360 quarantine loads`")
        if not found[0][0]:
            raise CommandLineError(f"load {load_id} has no rows in landing")
        rows, more = f" {found[0][0]:,} rows", []
    steward_named(author).decide(KIND, LOAD_PREFIX + load_id, reason)
    say(f"{load_id}: hold{rows}. {NEXT}", *more)


def _rows(table: str, query: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with looking() as connection:
        if not columns_of(connection, "quality", table):
            return []
        return connection.execute(query, values or {}).fetchall()
