"""What an explanation asks about people, answered from memory: for a desk with many questions."""

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.arrays import Floats, Integers, Levels
from orchestration.identity.desk.key_lookup import KeyLookup, stretches
from orchestration.identity.edge_table import read_cluster_edges
from orchestration.identity.explaining.asked_records import refuse_gone, unknown_name
from orchestration.identity.explaining.stored_people import Pair, ScoredPair
from orchestration.identity.state.value_hashes import Hashes
from orchestration.identity.warehouse_records import read_person_records


class RememberedPeople:
    """Everybody of a warehouse, by the place of a record among the sorted ids."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, rules: int) -> None:
        """Read records, keys, pairs, clusters and customers once; until opened anew."""
        self._keys = KeyLookup.of(connection, rules)
        self._records = read_person_records(connection).combine_chunks()
        self._ids: pa.Array = self._records["source_record_id"].combine_chunks()
        self._edges = read_cluster_edges(connection, self._ids)
        self._places = {name: place for place, name in enumerate(self._ids.to_pylist())}
        named = connection.execute(
            "select source_record_id, customer_id from identity.identity_map"
            " order by customer_id asc, source_record_id asc"
        ).to_arrow_table()
        known = named["customer_id"].combine_chunks().dictionary_encode()
        self._codes = known.indices.to_numpy()  # ascending, as the table is sorted
        self._members: list[str] = named["source_record_id"].to_pylist()
        self._customers: list[str] = known.dictionary.to_pylist()
        self._numbers = {name: number for number, name in enumerate(self._customers)}
        self._code_of = dict(zip(self._members, self._codes.tolist(), strict=True))
        clustered = connection.execute(
            "select source_record_id, cluster_id from identity.clusters"
            " order by cluster_id asc, source_record_id asc"
        ).to_arrow_table()
        self._clustered: pa.Array = clustered["source_record_id"].combine_chunks()
        self._clusters = clustered["cluster_id"].to_numpy()  # ascending
        self._place_in_clusters = pc.index_in(self._ids, self._clustered)
        self._aliases: dict[str, str] = dict(
            connection.execute(
                "select customer_id, current_customer_id from identity.customer_aliases"
            ).fetchall()
        )

    def named(self, name: str) -> list[str]:
        """Return the records of a record id, or of a customer id of today or of before.

        Raises:
            UnknownRecordError: it is neither.
        """
        if name in self._code_of:
            return [name]
        found = self._of_customer(self._aliases.get(name, name))
        if not found:
            raise unknown_name(name)
        return found

    def customers(self, one: str, other: str) -> dict[str, str]:
        """Return the customers of two records."""
        return {record: self._customers[self._code_of[record]] for record in (one, other)}

    def clusters(self, one: str, other: str) -> dict[str, int]:
        """Return the clusters of two records.

        Raises:
            UnknownRecordError: one of them was not there when clusters were made.
        """
        places = {name: self._place_in_clusters[self._places[name]] for name in (one, other)}
        found = {
            name: int(self._clusters[place.as_py()])
            for name, place in places.items()
            if place.is_valid
        }
        refuse_gone((one, other), found)
        return found

    def members(self, cluster: int) -> list[str]:
        """Return the records of a cluster, sorted."""
        first, last = stretches(self._clusters, np.array([cluster]))
        return list(self._clustered[int(first[0]) : int(last[0])].to_pylist())

    def records(self, ids: Sequence[str]) -> pa.Table:
        """Return some records in the engine's shape, sorted by id.

        Raises:
            UnknownRecordError: one of them is gone since ids were given out.
        """
        refuse_gone(ids, self._places)
        return self._records.take(pa.array(self._places_of(ids))).combine_chunks()

    def block_sizes(self, keys: Mapping[int, int]) -> dict[int, int]:
        """Return by rule how many records have the one key that is given for it."""
        return {rule: self._block_size(self._keys.keys[rule], key) for rule, key in keys.items()}

    def pairs(self, ids: Sequence[str]) -> list[ScoredPair]:
        """Return the scored pairs among some records, sorted."""
        chosen = self._pairs_among(ids)
        chances = self._edges.probability[chosen].tolist()
        return [(*ends, chance) for ends, chance in zip(self._ends(chosen), chances, strict=True)]

    def guarded(self, ids: Sequence[str]) -> tuple[list[Pair], dict[str, Levels], Floats]:
        """Return the same pairs with what guards look at, and their probability."""
        chosen = self._pairs_among(ids)
        levels = {name: held[chosen] for name, held in self._edges.levels.items()}
        return self._ends(chosen), levels, self._edges.probability[chosen]

    def _of_customer(self, customer: str) -> list[str]:
        number = self._numbers.get(customer)
        if number is None:
            return []
        first, last = stretches(self._codes, np.array([number]))
        return self._members[first[0] : last[0]]

    def _places_of(self, ids: Sequence[str]) -> Integers:
        return np.sort(np.array([self._places[name] for name in ids], dtype=np.int64))

    def _block_size(self, ordered: Hashes, key: int) -> int:
        first, last = stretches(ordered, np.array([key], dtype=np.uint64))
        return int(last[0] - first[0])

    def _pairs_among(self, ids: Sequence[str]) -> Integers:
        places = self._places_of([name for name in ids if name in self._places])
        first, last = stretches(self._edges.left, places)
        parts = [np.arange(one, two) for one, two in zip(first, last, strict=True)]
        chosen = np.concatenate([*parts, np.arange(0)]).astype(np.int64)
        return np.asarray(chosen[np.isin(self._edges.right[chosen], places)])

    def _ends(self, chosen: Integers) -> list[Pair]:
        ends = (self._edges.left[chosen], self._edges.right[chosen])
        left, right = (self._ids.take(pa.array(end)).to_pylist() for end in ends)
        return list(zip(left, right, strict=True))
