"""Sum up what stewards decided on quarantined rows: one ruling per waiting row, and what is void.

Kinds of decisions, on a row (`Q...`) or on all waiting rows of a load (`load:<load id>`):
`quarantine.correct` with `values` (column: value in ISO form), `quarantine.waive` with `until`,
`quarantine.refuse`, `quarantine.accept`. Carrying them out does not belong here (`replay`).
"""

import json
from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.gates.held_loads import KIND as HOLD
from orchestration.gates.held_loads import LOAD_PREFIX

AREA = "quarantine"

# Two joins by equality: with one `or` DuckDB would compare every row with every decision.
DECIDED = f"""
    with waiting as materialized (
        select quarantine_id, load_id, source, table_name, decided_order
        from quality.quarantine_rows
        where is_waiting
    ),
    made as (
        select subject, kind, decision_order, payload
        from landing.steward_decisions
        where kind like '{AREA}.%'
    ),
    of_rows as (
        select waiting.*, made.kind, made.decision_order, made.payload
        from waiting
        inner join made on waiting.quarantine_id = made.subject
        union all
        select waiting.*, made.kind, made.decision_order, made.payload
        from waiting
        inner join made on '{LOAD_PREFIX}' || waiting.load_id = made.subject
    )
    select quarantine_id, source, table_name, kind, decision_order, payload, decided_order
    from of_rows
    order by quarantine_id asc, decision_order asc
"""  # noqa: S608 - constants of ours

# A decision is void once: its event is what says so, and keeps it from being looked at again.
VOID = f"""
    insert into quality.quarantine_events
    with decided as (
        select quarantine_id as subject, decision_order from quality.quarantine_events
        union all
        select '{LOAD_PREFIX}' || load_id as subject, decision_order
        from quality.quarantine_events
        where load_id is not null
    ),
    last_decided as (
        select subject, max(decision_order) as decision_order from decided group by subject
    ),
    subjects as (
        select quarantine_id as subject, is_waiting, state from quality.quarantine_rows
        union all
        select '{LOAD_PREFIX}' || load_id as subject, is_waiting, 'decided on' as state
        from quality.quarantine_rows
    ),
    stands as (
        select subject, bool_or(is_waiting) as is_waiting, min(state) as state
        from subjects
        group by subject
    )
    select
        made.subject, made.decision_order, 'void',
        case
            when made.kind = '{HOLD}' then 'there is no such load'
            when stands.subject is null then 'nothing of this name is in quarantine'
            else 'it does not wait any more: ' || stands.state
        end,
        null, null, null, $run_id, $as_of,
        (select coalesce(max(event_order), 0) from quality.quarantine_events)
            + row_number() over (order by made.decision_order asc)
    from landing.steward_decisions as made
    left join stands on made.subject = stands.subject
    left join last_decided on made.subject = last_decided.subject
    where
        made.decision_order > coalesce(last_decided.decision_order, 0)
        and case
            when made.kind = '{HOLD}'
                then made.subject not in (select '{LOAD_PREFIX}' || load_id from quality.loads)
            else made.kind like '{AREA}.%' and not coalesce(stands.is_waiting, false)
        end
"""  # noqa: S608 - constants of ours


@dataclass(frozen=True, slots=True)
class Ruling:
    """All that was decided on one waiting row: its corrections, and the last word.

    `named` are the columns that decisions name which have not been carried out before.
    """

    quarantine_id: str
    table: tuple[str, str]
    verb: str
    decision_order: int
    values: dict[str, str | None]
    named: frozenset[str]
    until: str | None


def rulings(connection: duckdb.DuckDBPyConnection) -> list[Ruling]:
    """Return what is decided and not carried out yet, by row."""
    summed: dict[str, Ruling] = {}
    fresh: set[str] = set()
    found = connection.execute(DECIDED).fetchall()
    for row_id, source, table, kind, order, payload, decided in found:
        told, before = json.loads(payload), summed.get(row_id)
        values = told.get("values", {})
        named: frozenset[str] = before.named if before else frozenset()
        if order > decided:
            fresh.add(row_id)
            named = named.union(values)
        summed[row_id] = Ruling(
            quarantine_id=row_id,
            table=(source, table),
            verb=kind.removeprefix(f"{AREA}."),
            decision_order=order,
            values={**(before.values if before else {}), **values},
            named=named,
            until=told.get("until") or None,
        )
    return [ruling for name, ruling in summed.items() if name in fresh]


def note_void_decisions(
    connection: duckdb.DuckDBPyConnection, run_id: str, as_of: datetime
) -> list[tuple[str, str]]:
    """Note the decisions that no row waits for, once; return what each is on, and why it is void.

    A steward may decide while a run holds the warehouse, where nobody can look whether the row, or
    the load that is to be held, is there, and whether it still waits.
    """
    told = {"run_id": run_id, "as_of": as_of}
    (last,) = connection.execute(
        "select coalesce(max(event_order), 0) from quality.quarantine_events"
    ).fetchall()[0]
    connection.execute(VOID, told)
    return connection.execute(
        "select quarantine_id, reason from quality.quarantine_events "
        "where event_order > ? order by event_order asc",
        [last],
    ).fetchall()
