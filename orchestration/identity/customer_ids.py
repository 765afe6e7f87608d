"""Give every record its customer: the step that keeps ids from run to run, and undoes merges.

Reads clusters and the last map, writes map, events, aliases and history in one transaction: a run
that is killed leaves all of it or nothing.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pandas as pd
import pyarrow as pa

from orchestration.identity.history import memberships
from orchestration.identity.history.ledger import Ledger
from orchestration.identity.history.renamed_records import (
    former_keys,
    keep_renames,
    keys_of_the_time,
)
from orchestration.identity.history.undoing import Past, play_again, torn_apart
from orchestration.identity.history.undone_events import events_between, joined_aliases
from orchestration.identity.identity_tables import (
    CLUSTERS,
    CUSTOMER_ALIASES,
    ID_HISTORY,
    IDENTITY_MAP,
    append_rows,
    one_transaction,
    read_table,
    replace_table,
)
from orchestration.identity.judging.ruling_tables import JUDGED_PAIRS, read_judged_pairs
from orchestration.identity.known_again import KNOWN_MAP, remember
from orchestration.identity.stable_ids import IdEvent, assign_ids, event_id, resolved_aliases
from orchestration.identity.state.noted_changes import CHANGED_CLUSTERS, forget
from orchestration.identity.touched_records import TOUCHED, find_touched, touch, touched_of
from orchestration.identity.used_ids import used_among, used_by_founders, used_by_others
from orchestration.identity.warehouse_records import SOURCE_TABLE

_IN_FORCE = "judged_pairs_in_force"
_TOUCHED_IDS = f"(select source_record_id from {TOUCHED})"


@dataclass(frozen=True, slots=True)
class IdentitySummary:
    """What happened to customers."""

    records: int
    customers: int
    created: int
    merged: int
    split: int
    moved: int
    retired: int
    restored: int


@dataclass(frozen=True, slots=True)
class _Settled:
    """Who is who now: source_record_id, customer_id, and assigned_at where it is known already."""

    customers: pd.DataFrame
    events: tuple[IdEvent, ...]
    aliases: pd.DataFrame
    replayed: Ledger | None


def assign_customer_ids(
    connection: duckdb.DuckDBPyConnection, *, run_id: str, as_of: datetime
) -> IdentitySummary:
    """Give every record its customer; write identity map, id history, aliases and memberships.

    Running it again for the same clusters changes nothing.
    """
    # A transaction of its own, since it may add no row to tables that get many below (decision 24).
    with one_transaction(connection):
        memberships.begin_history(connection)
    with one_transaction(connection):
        moment = memberships.history_moment(connection, as_of)
        find_touched(connection)
        keep_renames(connection, moment)
        settled, previous = _settle(connection, moment)
        _replace_touched(connection, _identity_map(connection, settled.customers, previous, moment))
        append_rows(connection, "id_history", _event_rows(settled.events, run_id, moment))
        replace_table(connection, "customer_aliases", _table(settled.aliases, CUSTOMER_ALIASES))
        if settled.replayed is not None:
            known = settled.replayed.memberships()
            records = sorted(set(known["source_record_id"]))
            memberships.correct_beliefs(connection, records, known)
        memberships.record_changes(connection, moment)
        pairs = read_table(connection, "judged_pairs", JUDGED_PAIRS)
        replace_table(connection, _IN_FORCE, pairs)
        remember(connection)
        forget(connection, CHANGED_CLUSTERS)
        records_now, customers_now = _counts(connection)
    counts = Counter(event.event for event in settled.events)
    return IdentitySummary(
        records=records_now,
        customers=customers_now,
        created=counts["created"],
        merged=counts["merged"],
        split=counts["split"],
        moved=counts["moved"],
        retired=counts["retired"],
        restored=counts["restored"],
    )


def _settle(
    connection: duckdb.DuckDBPyConnection, moment: datetime
) -> tuple[_Settled, pd.DataFrame]:
    """Decide about the touched records; return that, and the map they had.

    Records that are played again with them count as touched from here on.
    """
    clusters = touched_of(connection, "identity.clusters", CLUSTERS).to_pandas()
    previous = touched_of(connection, KNOWN_MAP, IDENTITY_MAP).to_pandas()
    aliases = read_table(connection, "customer_aliases", CUSTOMER_ALIASES).to_pandas()
    replayed = _replay(connection, clusters, previous, moment)
    again = set(replayed.map["source_record_id"]) if replayed else set[str]()
    if again:
        touch(connection, again)
        clusters = touched_of(connection, "identity.clusters", CLUSTERS).to_pandas()
        previous = touched_of(connection, KNOWN_MAP, IDENTITY_MAP).to_pandas()
    known = previous[["source_record_id", "customer_id", "assigned_at"]]
    mine = known["source_record_id"].isin(again)
    if replayed is not None:  # also records that are gone now belong to what is played again
        mine |= known["customer_id"].isin(set(known.loc[mine, "customer_id"]))
    created = memberships.created_at(connection, set(known["customer_id"]))
    rest = clusters.loc[
        ~clusters["source_record_id"].isin(again), ["source_record_id", "cluster_id"]
    ]
    founders = rest.drop_duplicates("cluster_id")["source_record_id"]  # they come sorted
    used = used_by_founders(connection, founders)
    assignment = assign_ids(rest, known[~mine], created, used=used)
    events, renamed = assignment.events, resolved_aliases(aliases, assignment.events, moment)
    if replayed is None:
        return _Settled(assignment.customers, events, renamed, None), previous
    used |= used_among(connection, set(replayed.map["customer_id"]))
    events += events_between(known[mine], replayed.map, used)
    customers = pd.concat([assignment.customers, replayed.map], ignore_index=True)
    renamed = joined_aliases(renamed, replayed, events, moment)
    return _Settled(customers, events, renamed, replayed), previous


def _replay(
    connection: duckdb.DuckDBPyConnection,
    clusters: pd.DataFrame,
    previous: pd.DataFrame,
    moment: datetime,
) -> Ledger | None:
    """Return the customers that judgements take apart now, played again; None if there are none."""
    now = read_judged_pairs(connection)
    before = read_judged_pairs(connection, _IN_FORCE)
    no_longer_same = set(before.same) - set(now.same)
    judged = {name for pair in (*now.different, *no_longer_same) for name in pair}
    if not judged:
        return None
    customers = set(previous.loc[previous["source_record_id"].isin(judged), "customer_id"])
    members = previous[previous["customer_id"].isin(customers)]
    today = clusters[clusters["source_record_id"].isin(set(members["source_record_id"]))]
    parts = torn_apart(
        dict(zip(members["source_record_id"], members["customer_id"], strict=True)),
        dict(zip(today["source_record_id"], today["cluster_id"], strict=True)),
        now.different,
        sorted(no_longer_same),
    )
    if not parts:
        return None
    believed, clusters_now = memberships.believed_of(connection, sorted(parts))
    apart = (*now.different, *sorted(no_longer_same))
    records = set(believed["source_record_id"])
    doubtful = memberships.doubtful_stretches(connection, records, apart)
    founders = {key for _, key in former_keys(connection, records)}
    past = Past(
        believed,
        doubtful,
        keys_of_the_time(connection, records),
        used_by_others(connection, founders, records),
    )
    return play_again(past, parts, clusters_now, moment)


def _replace_touched(connection: duckdb.DuckDBPyConnection, rows: pa.Table) -> None:
    connection.execute(
        f"delete from identity.identity_map where source_record_id in {_TOUCHED_IDS}"
    )
    append_rows(connection, "identity_map", rows)


def _counts(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    # A cluster is a customer, and its number is counted in a fraction of the time of an id.
    row = connection.execute(
        "select count(*), count(distinct cluster_id) from identity.clusters"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _event_rows(events: tuple[IdEvent, ...], run_id: str, moment: datetime) -> pa.Table:
    return pa.table(
        [
            [event_id(run_id, event) for event in events],
            [event.event for event in events],
            [event.customer_id for event in events],
            [event.related_customer_id for event in events],
            [moment] * len(events),
            [run_id] * len(events),
        ],
        schema=ID_HISTORY,
    )


def _identity_map(
    connection: duckdb.DuckDBPyConnection,
    customers: pd.DataFrame,
    previous: pd.DataFrame,
    moment: datetime,
) -> pa.Table:
    """Return the map; a record that stays with its customer keeps its time and model."""
    latest = connection.execute("select max_by(model_version, fitted_at) from identity.models")
    version = (latest.fetchone() or (None,))[0]
    sources = connection.sql(
        f"select source_record_id, source_system from {SOURCE_TABLE}"
        f" where source_record_id in {_TOUCHED_IDS}"
    ).df()
    known = previous.drop(columns="source_system")
    current = customers.merge(sources, on="source_record_id", how="left").merge(
        known, on=["source_record_id", "customer_id"], how="left", suffixes=("_again", "")
    )
    if "assigned_at_again" in current:  # who was played again has the time it should have had
        again = current["assigned_at_again"].notna()
        current["assigned_at"] = current["assigned_at_again"].fillna(current["assigned_at"])
        models = memberships.recorded_models(connection, current.loc[again, "source_record_id"])
        key = ["source_record_id", "customer_id", "assigned_at"]
        then = current[key].merge(models, on=key, how="left")["recorded_model"]
        current["model_version"] = then.where(then.notna(), current["model_version"])
    since = current["assigned_at"].astype("datetime64[us]")
    current["assigned_at"] = since.mask(since.isna(), moment)
    without = current["model_version"].isna()
    current["model_version"] = current["model_version"].mask(without, version)
    return _table(current.sort_values("source_record_id"), IDENTITY_MAP)


def _table(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)
