"""Hold a day's ids against the day before, from the two maps alone.

What must have happened is worked out from who belonged together yesterday and today; what the id
history says happened is held against it. Nothing here is shared with the code that gives out ids.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields

import pandas as pd

_RECORD = "source_record_id"


@dataclass(frozen=True, slots=True)
class DayAudit:
    """What was found wrong in a day, and how much truly changed."""

    needless: int = 0  # customers that only gained or lost records, and have another id
    needless_unchanged: int = 0  # of these, whose records are exactly those of yesterday
    missing_events: int = 0
    needless_events: int = 0
    merges: int = 0
    splits: int = 0

    def __add__(self, other: "DayAudit") -> "DayAudit":
        """Add up two days."""
        sums = {
            one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)
        }
        return DayAudit(**sums)


def needless_changes(before: pd.DataFrame, after: pd.DataFrame) -> tuple[int, int]:
    """Return needless id changes, and those among them of customers with the very same records.

    Both tables have source_record_id and customer_id.
    """
    pairs = _pairs(before, after)
    one_to_one = ~pairs["old"].duplicated(keep=False) & ~pairs["new"].duplicated(keep=False)
    changed = pairs[one_to_one & (pairs["old"] != pairs["new"])]
    sizes_before = before["customer_id"].value_counts().reindex(changed["old"]).to_numpy()
    sizes_after = after["customer_id"].value_counts().reindex(changed["new"]).to_numpy()
    same = (sizes_before == changed["records"]) & (sizes_after == changed["records"])
    return len(changed), int(same.sum())


def audit_day(before: pd.DataFrame, after: pd.DataFrame, events: pd.DataFrame) -> DayAudit:
    """Return what is wrong with a day; events have event, customer_id, related_customer_id."""
    pairs = _pairs(before, after)
    old, new = set(before["customer_id"]), set(after["customer_id"])
    changed = pairs[pairs["old"] != pairs["new"]]
    expected = set(zip(changed["old"], changed["new"], strict=True))
    expected |= {(one, "") for one in old - set(pairs["old"])}
    expected |= {("", one) for one in new - set(pairs["new"])}
    told = [_told(*row) for row in events.itertuples(index=False)]
    merged = set(changed["old"]) - new  # gone, and others have its records
    split = set(changed["new"]) - old
    ended = Counter(one for event, one, _ in told if event == "merged")
    begun = Counter(other for event, _, other in told if event in ("split", "restored"))
    named = {(one, other) for _, one, other in told}
    needless, unchanged = needless_changes(before, after)
    return DayAudit(
        needless,
        unchanged,
        len(expected - named)
        + sum(ended[one] != 1 for one in merged)
        + sum(begun[one] != 1 for one in split),
        len(told) - len(expected & named),
        len(merged),
        len(split),
    )


def _told(event: str, customer: str, related: str | None) -> tuple[str, str, str]:
    """Return from whom and to whom records went, as an event says it."""
    ends = {
        "created": ("", customer),
        "retired": (customer, ""),
        "split": (related, customer),
        "restored": (related, customer),
    }
    one, other = ends.get(event, (customer, related))
    return event, str(one), str(other)


def unresolved(
    given_out: set[str], today: set[str], aliases: Mapping[str, str], events: pd.DataFrame
) -> int:
    """Return how many ids that were ever given out lead neither to a customer nor to an end.

    The history is followed from merge to merge; the alias must lead in one step to where it ends.
    """
    last: dict[str, tuple[str, str | None]] = {}
    for event, customer, related in events.itertuples(index=False):
        if event in ("merged", "retired"):
            last[customer] = (event, related)
    wrong = 0
    for one in given_out:
        if one in today:
            wrong += one in aliases
            continue
        here, event = one, "merged"
        while here not in today and event == "merged":
            event, heir = last.get(here, ("lost", None))
            here = heir or here
        if event == "merged":
            wrong += aliases.get(one) != here
        else:
            wrong += event == "lost" or one in aliases
    return wrong


def _pairs(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    both = before[[_RECORD, "customer_id"]].merge(after[[_RECORD, "customer_id"]], on=_RECORD)
    named = both.rename(columns={"customer_id_x": "old", "customer_id_y": "new"})
    return named.groupby(["old", "new"], as_index=False, sort=True).agg(records=(_RECORD, "size"))
