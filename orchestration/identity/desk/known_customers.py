"""Who belongs to whom, held in memory: links, components, judgements and customers of records."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.identity.arrays import Codes, Floats, Integers
from orchestration.identity.desk.key_lookup import stretches
from orchestration.identity.judging.constraints import JudgedPairs
from orchestration.identity.judging.judged_labels import JudgedPositions
from orchestration.identity.judging.ruling_tables import positions_of, read_judged_pairs
from orchestration.identity.linkage import components

Links = tuple[Codes, Codes, Floats]


@dataclass(frozen=True, slots=True)
class KnownCustomers:
    """Records by their place among sorted ids; links sorted by their left end."""

    ids: pa.Array
    customers: Sequence[str | None]
    links: Links
    component: Codes
    by_component: Integers  # places, those of one component together
    in_order: Codes  # the components of these
    judged: JudgedPairs

    @classmethod
    def of(
        cls, connection: duckdb.DuckDBPyConnection, ids: pa.Array, at_least: tuple[float, float]
    ) -> "KnownCustomers":
        """Read them; `at_least` is from which probability pairs are kept, and are linked."""
        kept_from, threshold = at_least
        connection.register("places", pa.table({"id": ids, "place": np.arange(len(ids))}))
        rows = connection.execute(
            "select lefts.place as one, rights.place as other, probability"
            " from identity.scored_edges inner join places as lefts on left_record_id = lefts.id"
            " inner join places as rights on right_record_id = rights.id"
            " where probability >= ? order by one asc, other asc",
            [kept_from],
        ).to_arrow_table()
        named = connection.sql(
            "select customer_id from places left join identity.identity_map"
            " on places.id = identity_map.source_record_id order by place asc"
        ).to_arrow_table()
        connection.unregister("places")
        left, right = (rows[name].to_numpy().astype(np.int32) for name in ("one", "other"))
        chances = rows["probability"].to_numpy()
        linked = chances >= threshold
        component = components(len(ids), left[linked], right[linked])
        order = np.argsort(component, kind="stable")
        return cls(
            ids,
            named["customer_id"].to_pylist(),
            (left, right, chances),
            component,
            order,
            component[order],
            read_judged_pairs(connection),
        )

    def around(self, places: Integers) -> Integers:
        """Return all records that are linked with some, directly or not; sorted."""
        labels = np.unique(self.component[places])
        first, last = stretches(self.in_order, labels)
        parts = [self.by_component[one:two] for one, two in zip(first, last, strict=True)]
        return np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)

    def links_among(self, places: Integers) -> Links:
        """Return the links among whole components, by position among the (sorted) places."""
        left, right, chances = self.links
        first, last = stretches(left, places)
        chosen = np.concatenate(
            [np.arange(one, two) for one, two in zip(first, last, strict=True)] or [np.arange(0)]
        ).astype(np.int64)
        inside = np.isin(right[chosen], places)
        chosen = chosen[inside]
        ends = (np.searchsorted(places, end[chosen]).astype(np.int32) for end in (left, right))
        one, other = ends
        return one, other, chances[chosen]

    def judged_among(self, places: Integers) -> JudgedPositions:
        """Return the judged pairs among some records, by position among the places."""
        if not self.judged:
            return JudgedPositions()
        return positions_of(self.judged, self.ids.take(pa.array(places)))

    def customers_of(self, places: Integers) -> list[str]:
        """Return the customers of some records, those of most records first."""
        found = [name for place in places.tolist() if (name := self.customers[place])]
        return sorted(set(found), key=lambda name: (-found.count(name), name))
