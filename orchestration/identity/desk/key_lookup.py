"""Find who shares a blocking key with a record, from sorted keys held in memory."""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from orchestration.identity.arrays import Codes, Integers
from orchestration.identity.state.record_keys import key_column
from orchestration.identity.state.value_hashes import NONE, Hashes

Numbers = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class KeyLookup:
    """The keys of all records under each rule, sorted; records by their place among the ids."""

    ids: pa.Array
    keys: tuple[Hashes, ...]
    places: tuple[Codes, ...]

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, rules: int) -> "KeyLookup":
        """Read the keys of a warehouse."""
        columns = ", ".join(key_column(rule) for rule in range(rules))
        table = connection.sql(
            f"select source_record_id, {columns} from identity.record_keys"
            " order by source_record_id asc"
        ).to_arrow_table()
        keys, places = [], []
        for rule in range(rules):
            column = table[key_column(rule)].to_numpy()
            order = np.argsort(column, kind="stable")
            keys.append(column[order])
            places.append(order.astype(np.int32))
        ids = table["source_record_id"].combine_chunks()
        return cls(ids, tuple(keys), tuple(places))

    def partners(self, keys: Hashes, at_most: int) -> Integers:
        """Return whom one record meets, given its key under each rule; sorted by place.

        A block that the record would make too large brings nobody.
        """
        found = []
        for rule, key in enumerate(keys):
            first, last = stretches(self.keys[rule], keys[rule : rule + 1])
            if key != NONE and last[0] - first[0] < at_most:
                found.append(self.places[rule][first[0] : last[0]])
        return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int32)

    def oversized(self, keys: Hashes, at_most: int) -> dict[int, Hashes]:
        """Return by rule the keys of some records, given a row per rule, of too large blocks."""
        found = {}
        for rule, row in enumerate(keys):
            first, last = stretches(self.keys[rule], row)
            found[rule] = np.unique(row[last - first >= at_most])
        return found


def stretches(ordered: Numbers, wanted: Numbers) -> tuple[Integers, Integers]:
    """Return from where to where each wanted number stands in an ordered array."""
    first = np.searchsorted(ordered, wanted, side="left")
    return np.asarray(first), np.asarray(np.searchsorted(ordered, wanted, side="right"))
