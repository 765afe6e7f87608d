"""What an explanation asks about people, read from the warehouse each time: for few questions."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import duckdb
import pyarrow as pa

from orchestration.identity.arrays import Floats, Levels
from orchestration.identity.edge_table import guarded_levels
from orchestration.identity.explaining.asked_records import records_of, refuse_gone
from orchestration.identity.state.record_keys import block_sizes
from orchestration.identity.warehouse_records import read_person_records

Pair = tuple[str, str]
ScoredPair = tuple[str, str, float]

_CUSTOMERS = """
    select source_record_id, customer_id from identity.identity_map where source_record_id in (?, ?)
"""
_CLUSTERS = """
    select source_record_id, cluster_id from identity.clusters where source_record_id in (?, ?)
"""
_MEMBERS = """
    select source_record_id from identity.clusters where cluster_id = ?
    order by source_record_id asc
"""
_PAIRS = """
    select left_record_id, right_record_id, probability
    from identity.scored_edges
    where left_record_id in (select unnest($ids)) and right_record_id in (select unnest($ids))
    order by left_record_id asc, right_record_id asc
"""


class KnownPeople(Protocol):
    """Answers what an explanation needs to know of records, their pairs and their customers."""

    def named(self, name: str) -> list[str]:
        """Return the records of a record id, or of a customer id of today or of before."""

    def customers(self, one: str, other: str) -> dict[str, str]:
        """Return the customers of two records."""

    def clusters(self, one: str, other: str) -> dict[str, int]:
        """Return the clusters that evidence and judgements put two records into, by the last run.

        Where a gate stopped that run before it gave out ids, they are ahead of the customers.
        """

    def members(self, cluster: int) -> list[str]:
        """Return the records of a cluster, sorted."""

    def records(self, ids: Sequence[str]) -> pa.Table:
        """Return some records in the engine's shape, sorted by id."""

    def block_sizes(self, keys: Mapping[int, int]) -> dict[int, int]:
        """Return by rule how many records have the one key that is given for it."""

    def pairs(self, ids: Sequence[str]) -> list[ScoredPair]:
        """Return the scored pairs among some records, sorted."""

    def guarded(self, ids: Sequence[str]) -> tuple[list[Pair], dict[str, Levels], Floats]:
        """Return the same pairs with what guards look at, and their probability."""


class StoredPeople:
    """Asks the warehouse with every question."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take a connection; nothing is read yet."""
        self._connection = connection

    def named(self, name: str) -> list[str]:
        """Return the records of a record id, or of a customer id of today or of before."""
        return records_of(self._connection, name)

    def customers(self, one: str, other: str) -> dict[str, str]:
        """Return the customers of two records."""
        return dict(self._connection.execute(_CUSTOMERS, [one, other]).fetchall())

    def clusters(self, one: str, other: str) -> dict[str, int]:
        """Return the clusters of two records.

        Raises:
            UnknownRecordError: one of them was not there when clusters were made.
        """
        found = dict(self._connection.execute(_CLUSTERS, [one, other]).fetchall())
        refuse_gone((one, other), found)
        return found

    def members(self, cluster: int) -> list[str]:
        """Return the records of a cluster, sorted."""
        return [row[0] for row in self._connection.execute(_MEMBERS, [cluster]).fetchall()]

    def records(self, ids: Sequence[str]) -> pa.Table:
        """Return some records in the engine's shape, sorted by id.

        Raises:
            UnknownRecordError: one of them is gone since ids were given out.
        """
        found = read_person_records(self._connection, pa.array(ids))
        refuse_gone(ids, found["source_record_id"].to_pylist())
        return found

    def block_sizes(self, keys: Mapping[int, int]) -> dict[int, int]:
        """Return by rule how many records have the one key that is given for it."""
        return block_sizes(self._connection, keys)

    def pairs(self, ids: Sequence[str]) -> list[ScoredPair]:
        """Return the scored pairs among some records, sorted."""
        return self._connection.execute(_PAIRS, {"ids": list(ids)}).fetchall()

    def guarded(self, ids: Sequence[str]) -> tuple[list[Pair], dict[str, Levels], Floats]:
        """Return the same pairs with what guards look at, and their probability."""
        return guarded_levels(self._connection, ids)
