"""Tell what an undo did to ids, in the words of the id history, and lead every old id to today."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

import pandas as pd

from orchestration.identity.history.ledger import Ledger
from orchestration.identity.stable_ids import CustomerId, IdEvent


def events_between(
    before: pd.DataFrame, after: pd.DataFrame, used: Collection[str]
) -> tuple[IdEvent, ...]:
    """Return the events that lead from one map to another (source_record_id, customer_id).

    `used` are the ids that were ever given out: one of them that is there again was restored.
    """
    old = dict(zip(before["source_record_id"], before["customer_id"], strict=True))
    new = dict(zip(after["source_record_id"], after["customer_id"], strict=True))
    came: dict[str, Counter[str]] = {customer: Counter() for customer in new.values()}
    went: dict[str, Counter[str]] = {customer: Counter() for customer in old.values()}
    for record, customer in new.items():
        if record in old:
            came[customer][old[record]] += 1
            went[old[record]][customer] += 1
    events = []
    for customer in sorted(set(came) - set(went)):
        origin = _most(came[customer])
        if customer in used:
            events.append(IdEvent("restored", CustomerId(customer), origin))
        else:
            events.append(IdEvent("split" if origin else "created", CustomerId(customer), origin))
    for customer in sorted(set(went) - set(came)):
        heir = _most(went[customer])
        events.append(IdEvent("merged" if heir else "retired", CustomerId(customer), heir))
    told = {frozenset((one.customer_id, one.related_customer_id)) for one in events}
    for customer in sorted(set(went) & set(came)):
        for other in sorted(went[customer]):
            if other != customer and frozenset((customer, other)) not in told:
                events.append(IdEvent("moved", CustomerId(customer), CustomerId(other)))
    return tuple(events)


def joined_aliases(
    aliases: pd.DataFrame, replayed: Ledger, events: Collection[IdEvent], moment: datetime
) -> pd.DataFrame:
    """Return aliases of which those of customers played again are as they should have been.

    An id that exists only since the error leads to whoever holds most of its records now.
    """
    mine = set(replayed.created["customer_id"])
    alive = set(replayed.map["customer_id"])
    heirs = {
        event.customer_id: event.related_customer_id
        for event in events
        if event.event == "merged" and event.customer_id not in mine
    }
    kept = aliases[~aliases["customer_id"].isin(mine | set(heirs) | alive)]
    led = dict(
        zip(replayed.aliases["customer_id"], replayed.aliases["current_customer_id"], strict=True)
    )
    current = kept["current_customer_id"].map(lambda old: heirs.get(old, led.get(old, old)))
    added = pd.DataFrame(
        {
            "customer_id": list(heirs),
            "current_customer_id": list(heirs.values()),
            "since": pd.Series([moment] * len(heirs), dtype="datetime64[us]"),
        }
    )
    parts = [kept.assign(current_customer_id=current), replayed.aliases, added]
    whole = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return whole.sort_values("customer_id", ignore_index=True)


def _most(counts: Counter[str]) -> CustomerId | None:
    if not counts:
        return None
    return CustomerId(min(counts, key=lambda customer: (-counts[customer], customer)))
