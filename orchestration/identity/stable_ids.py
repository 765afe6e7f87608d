"""Give clusters the ids of the customers they were before: ids never change without a cause.

A split keeps the id with the larger, then older part; a merge keeps the older id and leaves an
alias; an id is never used again. Pure functions over tables; the pipeline reads and writes them.
"""

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NewType

import pandas as pd

CustomerId = NewType("CustomerId", str)
Event = Literal["created", "merged", "split", "moved", "retired", "restored"]


@dataclass(frozen=True, slots=True)
class IdEvent:
    """One change of a customer id.

    `related_customer_id` is what it merged into, what it split from, or to whom some of its records
    moved while both customers remain, or in whom it lay hidden until an undo restored it.
    """

    event: Event
    customer_id: CustomerId
    related_customer_id: CustomerId | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """The customer of every record, and what happened to ids."""

    customers: pd.DataFrame  # source_record_id, customer_id
    events: tuple[IdEvent, ...]


def assign_ids(
    clusters: pd.DataFrame,
    previous: pd.DataFrame,
    created: pd.DataFrame,
    *,
    used: Collection[str] | None = None,
) -> Assignment:
    """Return the customer of each record.

    Args:
        clusters: source_record_id, cluster_id of every record there is now.
        previous: source_record_id, customer_id, assigned_at of the last map.
        created: customer_id, created_at of every id ever given out.
        used: ids that must not be given out again; by default the created ones.
    """
    members = clusters.merge(previous, on="source_record_id", how="left").sort_values(
        "source_record_id", ignore_index=True
    )
    members["place"] = members.index  # stands for the record id in every order, and is a number
    overlaps = _overlaps(members, created)
    heirs = overlaps.drop_duplicates("customer_id")  # ranked: the best part of each id comes first
    ranked = heirs.sort_values(
        ["cluster_id", "created_at", "records", "first_record"],
        ascending=[True, True, False, True],
    )
    winners = ranked.drop_duplicates("cluster_id").set_index("cluster_id")["customer_id"]
    taken = set(created["customer_id"] if used is None else used)
    fresh, events = _fresh_ids(members, overlaps, winners, taken)
    by_cluster = pd.concat([winners, fresh])
    members["customer_id"] = members["cluster_id"].map(by_cluster).astype(object)
    events += _merged(ranked, winners) + _retired(previous, heirs)
    events += _moved(overlaps.assign(now=overlaps["cluster_id"].map(by_cluster)), events)
    return Assignment(members[["source_record_id", "customer_id"]], tuple(_in_order(events)))


def _overlaps(members: pd.DataFrame, created: pd.DataFrame) -> pd.DataFrame:
    """Return the part of each old id in each cluster, the part that inherits the id first."""
    overlaps = (
        members.dropna(subset=["customer_id"])
        .groupby(["customer_id", "cluster_id"], as_index=False)
        .agg(
            records=("place", "size"),
            first_record=("place", "min"),
            first_assigned=("assigned_at", "min"),
        )
        .merge(created, on="customer_id", how="left")
    )
    return overlaps.sort_values(
        ["customer_id", "records", "first_assigned", "first_record"],
        ascending=[True, False, True, True],
        ignore_index=True,
    )


def _fresh_ids(
    members: pd.DataFrame,
    overlaps: pd.DataFrame,
    winners: "pd.Series[str]",
    used: set[str],
) -> tuple["pd.Series[str]", list[IdEvent]]:
    """Return ids for clusters that inherit none: new people, or what split off from a customer."""
    without = members[~members["cluster_id"].isin(winners.index)]
    founders = without.drop_duplicates("cluster_id").set_index("cluster_id")["source_record_id"]
    from_largest = overlaps.sort_values(
        ["cluster_id", "records", "customer_id"], ascending=[True, False, True]
    ).drop_duplicates("cluster_id")
    origins = from_largest.set_index("cluster_id")["customer_id"].to_dict()
    given, events = [], []
    for cluster, founder in zip(founders.index.tolist(), founders.tolist(), strict=True):
        customer_id = new_customer_id(founder, used)
        used.add(customer_id)
        given.append(customer_id)
        origin = origins.get(cluster)
        events.append(
            IdEvent("split", customer_id, CustomerId(origin))
            if origin
            else IdEvent("created", customer_id, None)
        )
    return pd.Series(given, index=founders.index, dtype=object), events


def _merged(ranked: pd.DataFrame, winners: "pd.Series[str]") -> list[IdEvent]:
    kept = ranked["cluster_id"].map(winners)
    lost = ranked[ranked["customer_id"] != kept]
    return [
        IdEvent("merged", CustomerId(old), CustomerId(current))
        for old, current in zip(lost["customer_id"], kept[lost.index], strict=True)
    ]


def _retired(previous: pd.DataFrame, heirs: pd.DataFrame) -> list[IdEvent]:
    gone = previous.loc[~previous["customer_id"].isin(heirs["customer_id"]), "customer_id"]
    return [IdEvent("retired", CustomerId(old), None) for old in gone.unique()]


def _moved(overlaps: pd.DataFrame, events: list[IdEvent]) -> list[IdEvent]:
    """Return an event for each part of a customer that left without a merge or a split."""
    told = {(event.customer_id, event.related_customer_id) for event in events}
    left = overlaps[overlaps["customer_id"] != overlaps["now"]]
    pairs = zip(left["customer_id"], left["now"], strict=True)
    return [
        IdEvent("moved", CustomerId(old), CustomerId(now))
        for old, now in pairs
        if (old, now) not in told and (now, old) not in told
    ]


def _in_order(events: list[IdEvent]) -> list[IdEvent]:
    return sorted(events, key=lambda event: (event.event, event.customer_id))


def new_customer_id(founder: str, used: Collection[str]) -> CustomerId:
    """Return an opaque id that follows from the founding record and was never given out before."""
    counter = 0
    while (candidate := founders_id(founder, counter)) in used:
        counter += 1
    return candidate


def founders_id(founder: str, counter: int) -> CustomerId:
    """Return the id that a record gives to a customer who is the first, second ... it founds."""
    content = f"{founder}#{counter}" if counter else founder
    return CustomerId("C" + short_hash(content))


def event_id(run_id: str, event: IdEvent) -> str:
    """Return the id of an event, the same whenever the run is repeated."""
    parts = (run_id, event.event, event.customer_id, event.related_customer_id or "")
    return "E" + short_hash("\n".join(parts))


def short_hash(text: str) -> str:
    """Return 16 lower-case base32 characters of a hash."""
    digest = hashlib.blake2b(text.encode("utf-8"), digest_size=10).digest()
    return base64.b32encode(digest).decode("ascii").lower()


def resolved_aliases(
    aliases: pd.DataFrame, events: Collection[IdEvent], as_of: datetime
) -> pd.DataFrame:
    """Return aliases after merges: every id that ever merged points to the customer of today.

    One whose customer is retired leads nowhere any more; the id history tells where it went.
    """
    retired = {event.customer_id for event in events if event.event == "retired"}
    moved = {
        event.customer_id: event.related_customer_id for event in events if event.event == "merged"
    }
    current = aliases["current_customer_id"].map(lambda old: moved.get(old, old))
    added = pd.DataFrame(
        {
            "customer_id": list(moved),
            "current_customer_id": list(moved.values()),
            "since": pd.Series([as_of] * len(moved), dtype="datetime64[us]"),
        }
    )
    kept = aliases.assign(current_customer_id=current)
    whole = pd.concat([kept, added], ignore_index=True) if len(kept) else added
    leads = whole[~whole["current_customer_id"].isin(retired)]
    return leads.sort_values("customer_id", ignore_index=True)
