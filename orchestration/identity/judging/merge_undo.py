"""Find what a merge brought together, so that one judgement can undo it weeks later."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.identity.errors import UnknownRecordError
from orchestration.identity.history.renamed_records import keys_today

_MERGE = """
    select related_customer_id, occurred_at
    from identity.id_history
    where event = 'merged' and customer_id = ?
    order by occurred_at desc
    limit 1
"""
# Who belonged to a customer in the last moment before; later arrivals follow their evidence.
_MEMBERS_BEFORE = """
    select distinct source_record_id
    from identity.membership_history
    where customer_id = ? and valid_from < ? and (valid_to is null or valid_to >= ?)
"""
_PRESENT = """
    select source_record_id
    from identity.identity_map
    where source_record_id in (select unnest(?))
    order by source_record_id asc
"""
_CURRENT = "select current_customer_id from identity.customer_aliases where customer_id = ?"


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge as it happened: who was merged into whom, when, and the records of both sides."""

    customer_id: str
    into_customer_id: str
    merged_at: datetime
    left: tuple[str, ...]
    right: tuple[str, ...]


def last_merge(connection: duckdb.DuckDBPyConnection, customer_id: str) -> Merge:
    """Return the merge in which a customer id ended.

    Raises:
        UnknownRecordError: the id never ended in a merge, the merge is undone already, or one of
            its sides has no record left.
    """
    row = connection.execute(_MERGE, [customer_id]).fetchone()
    if row is None:
        raise UnknownRecordError(f"{customer_id} was never merged into another customer")
    if connection.execute(_CURRENT, [customer_id]).fetchone() is None:
        raise UnknownRecordError(f"{customer_id} is a customer of its own again already")
    into, moment = str(row[0]), row[1]
    sides = [_members_today(connection, customer, moment) for customer in (customer_id, into)]
    if not all(sides):
        raise UnknownRecordError(
            f"nothing is left to take apart: {customer_id} or {into} has no record any more"
        )
    return Merge(customer_id, into, moment, sides[0], sides[1])


def _members_today(
    connection: duckdb.DuckDBPyConnection, customer_id: str, merged_at: datetime
) -> tuple[str, ...]:
    """Return the records of one side that are still there, under the keys they have now."""
    before = connection.execute(_MEMBERS_BEFORE, [customer_id, merged_at, merged_at]).fetchall()
    keys = keys_today(connection, [record for (record,) in before], merged_at)
    present = connection.execute(_PRESENT, [sorted(keys)]).fetchall()
    return tuple(record for (record,) in present)
