"""Play days of clusters forward: the map, the aliases and the life of every membership.

The same steps as the daily run takes, as a pure structure; replaying and the tests use it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import pandas as pd

from orchestration.identity.stable_ids import Assignment, IdEvent, assign_ids, resolved_aliases

# A stretch of time in which a record belonged to a customer; valid_to is empty while it lasts.
MEMBERSHIP = ("source_record_id", "customer_id", "valid_from", "valid_to")
_MOMENT: Literal["datetime64[us]"] = "datetime64[us]"


def _empty(*names: str, moment: str) -> pd.DataFrame:
    columns = {name: pd.Series(dtype=object) for name in names}
    return pd.DataFrame({**columns, moment: pd.Series(dtype=_MOMENT)})


@dataclass(slots=True)
class Ledger:
    """All that is known about ids after some days."""

    map: pd.DataFrame = field(
        default_factory=lambda: _empty("source_record_id", "customer_id", moment="assigned_at")
    )
    created: pd.DataFrame = field(
        default_factory=lambda: _empty("customer_id", moment="created_at")
    )
    aliases: pd.DataFrame = field(
        default_factory=lambda: _empty("customer_id", "current_customer_id", moment="since")
    )
    closed: list[pd.DataFrame] = field(default_factory=list)
    events: list[tuple[datetime, IdEvent]] = field(default_factory=list)
    taken: Collection[str] = ()  # ids of people who are not played, which nobody else may get

    def advance(
        self, clusters: pd.DataFrame, moment: datetime, keys: Mapping[str, str] | None = None
    ) -> Assignment:
        """Take the clusters of the next day (source_record_id, cluster_id).

        `keys` are those that records had on that day where they have another one now: ids follow
        from the key of who founds a customer.
        """
        then, used = keys or {}, {*self.created["customer_id"], *self.taken}
        found = assign_ids(_under(clusters, then), _under(self.map, then), self.created, used=used)
        now = {then[record]: record for record in clusters["source_record_id"] if record in then}
        found = replace(found, customers=_under(found.customers, now))
        merged = found.customers.merge(self.map, on=["source_record_id", "customer_id"], how="left")
        times = merged["assigned_at"].astype(_MOMENT)
        current = merged.assign(assigned_at=times.mask(times.isna(), moment))
        ended = self.map.merge(
            current[["source_record_id", "customer_id"]],
            on=["source_record_id", "customer_id"],
            how="left",
            indicator=True,
        )
        gone = ended[ended["_merge"] == "left_only"].drop(columns="_merge")
        self.closed.append(_stretches(gone, moment))
        self.map = current
        fresh = [e.customer_id for e in found.events if e.event in ("created", "split")]
        added = pd.DataFrame({"customer_id": fresh, "created_at": [moment] * len(fresh)})
        added = added.astype({"customer_id": object, "created_at": _MOMENT})
        self.created = pd.concat([self.created, added], ignore_index=True)
        self.aliases = resolved_aliases(self.aliases, found.events, moment)
        self.events += [(moment, event) for event in found.events]
        return found

    def ids(self) -> dict[str, str]:
        """Return the customer of every record."""
        return dict(zip(self.map["source_record_id"], self.map["customer_id"], strict=True))

    def memberships(self) -> pd.DataFrame:
        """Return every stretch of time in which a record belonged to a customer."""
        whole = pd.concat([*self.closed, _stretches(self.map, None)], ignore_index=True)
        return whole.sort_values(["source_record_id", "valid_from"], ignore_index=True)


def _under(rows: pd.DataFrame, keys: Mapping[str, str]) -> pd.DataFrame:
    if not keys:
        return rows
    renamed = rows["source_record_id"].map(lambda record: keys.get(record, record))
    return rows.assign(source_record_id=renamed.astype(object))


def _stretches(rows: pd.DataFrame, valid_to: datetime | None) -> pd.DataFrame:
    named = rows.rename(columns={"assigned_at": "valid_from"})
    ended = pd.Series([valid_to] * len(named), index=named.index, dtype=_MOMENT)
    return named.assign(valid_to=ended)[list(MEMBERSHIP)]
