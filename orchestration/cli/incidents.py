"""The verb `incidents`: what the gates found and somebody has to decide, the most urgent first."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.table import Table

from orchestration.cli.errors import CommandLineError
from orchestration.cli.stewarding import (
    AsJson,
    Author,
    Reason,
    Until,
    end_date,
    steward_named,
    store_of_home,
)
from orchestration.cli.terminal import print_json, say
from orchestration.gates.failing_keys import KEYS_SHOWN
from orchestration.gates.incidents import AREA, Incident, incidents_of
from orchestration.gates.relations import columns_of
from orchestration.run_lock import RunLock
from orchestration.settings import Settings
from orchestration.warehouse import Warehouse

incidents = typer.Typer(
    help="What the gates found, one incident per cause, and what stewards decide on it.",
    no_args_is_help=True,
)
Id = Annotated[str, typer.Argument(help="The incident, as `c360 incidents list` names it.")]
SHOWN_MARTS = 6
ALL_KEYS = """
    select distinct failing_key from quality.failing_keys
    where incident_id = ?
    order by failing_key asc
"""


@incidents.command("list")
def list_incidents(
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the open incidents, the most urgent first.

    Reads the decision store, also while a run is at work.
    """
    found = [each for each in known_incidents() if everything or each.is_open]
    if as_json:
        print_json({"incidents": [incident_as_json(each) for each in found]})
    elif found:
        say(incident_table(found))
    else:
        say("No incident is open.")


@incidents.command()
def show(incident_id: Id, as_json: AsJson = False) -> None:
    """Show one incident: what, why, how grave, what to do, and all that was decided on it."""
    incident = _found(incident_id)
    if as_json:
        history = [
            {
                "at": each.decided_at,
                "kind": each.kind,
                "author": each.author,
                "reason": each.reason,
            }
            for each in incident.history
        ]
        print_json({**incident_as_json(incident), "history": history})
    else:
        say(*_lines(incident))


@incidents.command()
def keys(incident_id: Id, as_json: AsJson = False) -> None:
    """Print the keys of all rows that failed when a critical incident was last seen, one a line.

    Reads the decision store and the warehouse, which a run keeps to itself while it is at work.
    """
    incident = _found(incident_id)
    found = _all_keys(incident)
    if as_json:
        print_json({"incident_id": incident.incident_id, "failing_keys": found})
    else:
        typer.echo("\n".join(found) or "none of them has a key")  # rich takes seconds for many


@incidents.command()
def ack(incident_id: Id, author: Author, reason: Reason = "looking at it") -> None:
    """Say that somebody has seen it. Writes the decision store."""
    _decide("acknowledge", incident_id, author, reason)


@incidents.command()
def assign(
    incident_id: Id,
    assignee: Annotated[str, typer.Option("--to", help="Who shall see to it.")],
    author: Author,
    reason: Reason = "theirs to mend",
) -> None:
    """Give it to somebody. Writes the decision store."""
    _decide("assign", incident_id, author, reason, {"assignee": assignee})


@incidents.command()
def resolve(incident_id: Id, author: Author, reason: Reason) -> None:
    """Say that it is mended; if it comes back, it opens again. Writes the decision store."""
    _decide("resolve", incident_id, author, reason)


@incidents.command()
def waive(incident_id: Id, until: Until, author: Author, reason: Reason) -> None:
    """Let the gate pass in spite of it, up to a day. Writes the decision store."""
    _decide("waive", incident_id, author, reason, {"until": end_date(until)})


def known_incidents() -> list[Incident]:
    """Return every incident of this home, the most urgent first."""
    return incidents_of(store_of_home().decisions(area=AREA))


def incident_as_json(incident: Incident) -> dict[str, Any]:
    """Return an incident for machines."""
    names = (
        *("incident_id", "label", "column", "cause", "severity", "state", "why", "what_to_do"),
        *("owner", "assignee", "customers", "rows_failing", "times_seen", "times_reopened"),
        *("opened_at", "last_seen_at", "waived_until"),
    )
    told = {name: getattr(incident, name) for name in names}
    lists = {"hangs_on": list(incident.hangs_on), "failing_keys": list(incident.failing_keys)}
    return {**told, **lists}


def incident_table(found: list[Incident]) -> Table:
    """Return the incidents as a table."""
    table = Table("incident", "state", "what", box=None, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("customers", justify="right")
    table.add_column("hang on it", justify="right")
    table.add_column("seen", justify="right")
    for each in found:
        stops = each.severity == "critical" and each.is_open and each.state != "waived"
        state = state_in_words(each)
        table.add_row(
            each.incident_id,
            f"{state}, stops the run" if stops else state,
            each.title,
            f"{each.customers:,}",
            str(len(each.hangs_on)),
            f"{each.times_seen}x",
        )
    return table


def state_in_words(incident: Incident) -> str:
    """Return how an incident stands, until when, and who has it."""
    if incident.state == "waived":
        assigned = f", assigned to {incident.assignee}" if incident.assignee else ""
        return f"waived until {incident.waived_until}{assigned}"
    return incident.state + (f" to {incident.assignee}" if incident.state == "assigned" else "")


def _all_keys(incident: Incident) -> list[str]:
    settings = Settings()
    if holder := RunLock(settings.home_dir).holder():
        raise CommandLineError(
            f"run {holder.run_id[:8]} is at work and has the warehouse: ask again when it has "
            "ended, or see the first keys with `c360 incidents show`"
        )
    if not settings.warehouse_path.exists():
        return list(incident.failing_keys)
    with Warehouse.of(settings).connect(read_only=True) as connection:
        if not columns_of(connection, "quality", "failing_keys"):
            return list(incident.failing_keys)
        kept = connection.execute(ALL_KEYS, [incident.incident_id]).fetchall()
    return [key for (key,) in kept] or list(incident.failing_keys)


def _found(incident_id: str) -> Incident:
    for each in known_incidents():
        if each.incident_id == incident_id:
            return each
    raise CommandLineError(f"there is no incident {incident_id}: `c360 incidents list --all`")


def _lines(incident: Incident) -> Iterator[RenderableType]:
    yield f"{incident.incident_id}  {incident.title}"
    state = state_in_words(incident)
    yield f"  state       {state}, {incident.severity}, owned by {incident.owner}"
    yield f"  why         {incident.why}"
    yield f"  customers   about {incident.customers:,}"
    if incident.rows_failing is not None:
        yield f"  failing     {incident.rows_failing:,} (of rows, or of groups of them)"
    if incident.failing_keys:
        yield f"  keys        {', '.join(incident.failing_keys)}"
        is_critical = incident.severity == "critical"
        if is_critical and (incident.rows_failing or 0) > len(incident.failing_keys) >= KEYS_SHOWN:
            yield f"              all of them: `c360 incidents keys {incident.incident_id}`"
    marts = incident.hangs_on
    more = f" and {len(marts) - SHOWN_MARTS} more" if len(marts) > SHOWN_MARTS else ""
    yield f"  hang on it  {', '.join(marts[:SHOWN_MARTS]) or 'nothing published'}{more}"
    yield f"  what to do  {incident.what_to_do}"
    yield "  history"
    for each in incident.history:
        yield f"    {each.decided_at:%Y-%m-%d %H:%M}  {each.verb:<12}{each.author}: {each.reason}"


def _decide(
    verb: str, incident_id: str, author: str, reason: str, payload: dict[str, Any] | None = None
) -> None:
    incident = _found(incident_id)
    incident.check_open()
    steward_named(author).decide(f"{AREA}.{verb}", incident.incident_id, reason, payload)
    say(f"{incident.incident_id}: {state_in_words(_found(incident_id))}.")
    if verb in ("resolve", "waive") and incident.severity == "critical":
        say("`c360 run --resume` continues the run that it stopped.")
