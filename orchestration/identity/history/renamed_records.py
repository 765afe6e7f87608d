"""Keep which key followed which: a record that is known under another key is the same record.

`identity.renamed_records` has a row per key whose record is known under another one since. Where a
key shows somebody else and nothing came in place of whom it showed, the other is a name that no
source gives out. Judgements, and the records of a merge, are followed along it. What is believed of
memberships stands under the keys of today; a day that is played again needs the keys of that day,
because ids follow from the key of the founding record.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from orchestration.identity.identity_tables import TIMESTAMP, has_table
from orchestration.identity.known_again import FORMER, RE_ISSUED, RENAMED, renamed_today

RENAMED_RECORDS = pa.schema(
    [("former_id", pa.string()), ("record_id", pa.string()), ("since", TIMESTAMP)]
)
_KEPT = "renames_kept"  # temporary: the renames of this run, and keys whose record is gone
# Whom a key showed is gone when it shows somebody else, or came to somebody else after a pause.
_COLLECT = f"""
    create or replace temp table {_KEPT} as
    with taken as (
        select source_record_id from {RE_ISSUED}
        union
        select source_record_id
        from {RENAMED}
        semi join identity.believed_memberships using (source_record_id)
    )
    select former_id, source_record_id as record_id, false as is_gone from {RENAMED}
    union all
    select taken.source_record_id, taken.source_record_id || '{FORMER} ' || $moment, true
    from taken
    anti join {RENAMED} as renamed on taken.source_record_id = renamed.former_id
"""
_RENAME_BELIEVED = f"""
    update identity.believed_memberships
    set source_record_id = kept.record_id,
        valid_to = case
            when kept.is_gone then coalesce(valid_to, cast($moment as timestamp)) else valid_to
        end
    from {_KEPT} as kept
    where believed_memberships.source_record_id = kept.former_id
"""
# A run that is repeated may rename again what its first try renamed at the same moment.
_COMPOSE = f"""
    create or replace temp table renames_composed as
    select distinct
        coalesce(earlier.former_id, kept.former_id) as former_id,
        kept.record_id,
        cast($moment as timestamp) as since
    from {_KEPT} as kept
    left join identity.renamed_records as earlier
        on kept.former_id = earlier.record_id and earlier.since = cast($moment as timestamp)
"""
_FORGET_STEPS = f"""
    delete from identity.renamed_records
    where since = cast($moment as timestamp)
        and record_id in (select former_id from {_KEPT})
"""
_APPEND = """
    insert into identity.renamed_records
    select former_id, record_id, since
    from renames_composed
    anti join identity.renamed_records using (former_id, record_id, since)
    where former_id <> record_id
    order by former_id asc, record_id asc
"""
_REACHED = """
    with recursive reached as (
        select {near} as near, {far} as far, since
        from identity.renamed_records
        where {near} in (select unnest(?))
        union
        select renamed.{near}, renamed.{far}, renamed.since
        from reached
        inner join identity.renamed_records as renamed on reached.far = renamed.{near}
    )
    select near, far, since from reached order by since asc, near asc, far asc
"""

Steps = Mapping[str, Sequence[tuple[datetime, str]]]  # by key, in order of time: when, which other


@dataclass(frozen=True, slots=True)
class KeysOfTheTime:
    """Under which keys some records were known before they had the keys of today."""

    records: tuple[str, ...]
    came_from: Steps

    def at(self, moment: datetime) -> dict[str, str]:
        """Return, by record, the key of a moment where it was another."""
        keys = {record: self._at(record, moment) for record in self.records}
        return {record: key for record, key in keys.items() if key != record}

    def _at(self, record: str, moment: datetime) -> str:
        key, before = record, None
        while earlier := [
            (since, former)
            for since, former in self.came_from.get(key, ())
            if moment < since and (before is None or since < before)
        ]:
            before, key = earlier[-1]
        return key


def keep_renames(connection: duckdb.DuckDBPyConnection, moment: datetime) -> None:
    """Keep what `know_again` found renamed; call inside the transaction that gives out ids."""
    found = connection.execute(
        f"select (select count(*) from {RENAMED}) + (select count(*) from {RE_ISSUED})"
    ).fetchone()
    if found == (0,):
        return
    at = {"moment": moment.isoformat(sep=" ")}
    connection.execute(_COLLECT, at)
    connection.execute(_RENAME_BELIEVED, at)
    connection.execute(_COMPOSE, at)
    connection.execute(_FORGET_STEPS, at)
    connection.execute(_APPEND)


def keys_of_the_time(
    connection: duckdb.DuckDBPyConnection, records: Collection[str]
) -> KeysOfTheTime:
    """Return under which keys records of today were known before."""
    came_from = _reached(connection, records, near="record_id", far="former_id")
    return KeysOfTheTime(tuple(sorted(set(records) & came_from.keys())), came_from)


def former_keys(
    connection: duckdb.DuckDBPyConnection, records: Iterable[str]
) -> list[tuple[str, str]]:
    """Return each record with every key it may have been known under, its own among them."""
    wanted = sorted(set(records))
    steps = _steps(_reached(connection, wanted, near="record_id", far="former_id"))
    found = _all_reached(wanted, steps)
    return [(record, key) for record in wanted for key in sorted({record, *found[record]})]


def keys_today(
    connection: duckdb.DuckDBPyConnection, records: Collection[str], since: datetime
) -> set[str]:
    """Return the keys under which the records of just before some moment are known now."""
    went_to = _reached(connection, records, near="former_id", far="record_id")
    return {_later(went_to, record, since) for record in records}


def followers(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> dict[str, set[str]]:
    """Return, by key, all other keys that ever followed it."""
    wanted = sorted(set(keys))
    steps = _steps(_reached(connection, wanted, near="former_id", far="record_id"))
    return _all_reached(wanted, steps)


def followers_today(
    connection: duckdb.DuckDBPyConnection, followed: Mapping[str, set[str]]
) -> dict[str, set[str]]:
    """Return followers with those under which records came back since ids were last given out."""
    came = renamed_today(connection, {key for one in followed for key in (one, *followed[one])})
    return {
        one: keys | {came[key] for key in (one, *keys) if key in came}
        for one, keys in followed.items()
    }


def _later(went_to: Steps, key: str, since: datetime) -> str:
    following = [step for step in went_to.get(key, ()) if step[0] >= since]
    while following:
        since, key = following[0]
        following = [step for step in went_to.get(key, ()) if step[0] > since]
    return key


def _steps(renames: Steps) -> dict[str, set[str]]:
    return {key: {other for _, other in steps} for key, steps in renames.items()}


def _all_reached(keys: Iterable[str], steps: Mapping[str, set[str]]) -> dict[str, set[str]]:
    found = {}
    for key in keys:
        reached, waiting = set[str](), [key]
        while waiting:
            fresh = steps.get(waiting.pop(), set()) - reached
            reached |= fresh
            waiting += sorted(fresh)
        found[key] = reached - {key}
    return found


def _reached(
    connection: duckdb.DuckDBPyConnection, keys: Collection[str], *, near: str, far: str
) -> dict[str, list[tuple[datetime, str]]]:
    """Return the renames that lead on from some keys, and from where they lead, and so on."""
    found: dict[str, list[tuple[datetime, str]]] = {}
    if not keys or not has_table(connection, "renamed_records"):
        return found
    query = _REACHED.format(near=near, far=far)
    for key, other, since in connection.execute(query, [sorted(keys)]).fetchall():
        found.setdefault(key, []).append((since, other))
    return found
