"""Land the steward's decisions at the beginning of every run, like the rows of any source.

So a run is a function of what was landed (decision D8): a decision made while a run is at work
counts from the next one on. What decisions do to rows, incidents and identities does not belong
here.
"""

import hashlib
import json
from datetime import datetime

import duckdb

from orchestration.landing.manifest import Load, account_for, record_load
from orchestration.landing.transaction import transaction
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Decision
from orchestration.steward.errors import DecisionStoreReplacedError
from orchestration.steward.identifiers import BLOCK

SOURCE, TABLE = "steward", "decisions"
LANDING_NAME = f"{SOURCE}_{TABLE}"

LANDED_DECISIONS = """
    create table if not exists landing.steward_decisions (
        decision_order bigint,
        decision_id varchar,
        kind varchar,
        subject varchar,
        payload varchar,
        author varchar,
        reason varchar,
        decided_at timestamp,
        _load_id varchar,
        _loaded_at timestamp,
        _source_file varchar,
        _row bigint
    )
"""

# Grain: one row per identifier value that is blocked now; the conformed layer reads it.
BLOCKED_IDENTIFIERS = f"""
    create or replace table quality.blocked_identifiers as
    select subject as identifier_id, author, reason, decided_at as blocked_at
    from landing.steward_decisions
    where kind like 'identifier.%'
    qualify
        row_number() over (partition by subject order by decision_order desc) = 1
        and kind = '{BLOCK}'
    order by identifier_id asc
"""  # noqa: S608 - a constant of ours


def land_decisions(
    connection: duckdb.DuckDBPyConnection, store: DecisionStore, *, run_id: str, as_of: datetime
) -> int:
    """Land the decisions made since the last run, and return how many they are.

    Raises:
        DecisionStoreReplacedError: the store lacks what was landed from it.
        DecisionStoreError: the store can't be read. The run must not go on without it, or a
        blocked value would link strangers again.
    """
    connection.execute(LANDED_DECISIONS)
    made = _made_since(connection, store)
    with transaction(connection):
        if made:
            _land(connection, made, run_id, as_of)
        else:
            account_for(connection, run_id, SOURCE, TABLE)
        connection.execute(BLOCKED_IDENTIFIERS)
    return len(made)


def landed_decisions(connection: duckdb.DuckDBPyConnection) -> list[Decision]:
    """Return every decision that was ever landed, in the order they were made."""
    tables = "select 1 from duckdb_tables() where schema_name = 'landing' and table_name = ?"
    if not connection.execute(tables, [LANDING_NAME]).fetchall():
        return []
    rows = connection.execute(
        "select decision_order, decision_id, kind, subject, payload, author, reason, decided_at "
        "from landing.steward_decisions order by decision_order asc"
    ).fetchall()
    return [
        Decision(order, decision_id, kind, subject, json.loads(payload), author, reason, decided_at)
        for order, decision_id, kind, subject, payload, author, reason, decided_at in rows
    ]


def _made_since(connection: duckdb.DuckDBPyConnection, store: DecisionStore) -> list[Decision]:
    """Return what was decided after the last landed decision, which the store has to know.

    A copy that is older, or empty, gives its orders out again: what comes under them would never
    be landed, and what was decided between is gone from the store.
    """
    last = connection.execute(
        "select decision_order, decision_id from landing.steward_decisions "
        "order by decision_order desc limit 1"
    ).fetchall()
    if not last:
        return store.decisions()
    order, decision_id = last[0]
    made = store.decisions(after=order - 1)
    if made and made[0].decision_id == decision_id:
        return made[1:]
    raise DecisionStoreReplacedError(
        f"{store.name} lacks decision {order}, which was landed from it: an older copy, an empty "
        "store or another one stands in its place. Put the newest copy back; if there is none, "
        "`c360 decisions restore` puts back what was landed"
    )


def _land(
    connection: duckdb.DuckDBPyConnection, made: list[Decision], run_id: str, as_of: datetime
) -> None:
    ids = "\n".join(decision.decision_id for decision in made)
    content = hashlib.sha256(ids.encode()).hexdigest()
    load_id = f"{LANDING_NAME}-{content[:16]}"
    file = f"decisions {made[0].decision_order} to {made[-1].decision_order}"
    rows = [
        [
            *(each.decision_order, each.decision_id, each.kind, each.subject, each.payload_text),
            *(each.author, each.reason, each.decided_at),
            *(load_id, as_of, file, position),
        ]
        for position, each in enumerate(made, start=1)
    ]
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(f"insert into landing.steward_decisions values ({marks})", rows)
    load = Load(
        load_id=load_id,
        source=SOURCE,
        table_name=TABLE,
        file=file,
        content_hash=content,
        contract_hash="",
        bytes=sum(len(each.payload_text) for each in made),
        run_id=run_id,
        loaded_at=as_of,
        rows_received=len(rows),
        rows_landed=len(rows),
        rows_quarantined=0,
        rows_refused=0,
        status="landed",
        reason=None,
    )
    record_load(connection, load)
