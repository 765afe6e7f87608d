"""Give back what each had: the ids of the world in which a wrong merge never happened.

When a judgement takes a customer apart, the days since the first of its records arrived are played
again with its parts apart from the beginning (decision 0016). Only customers that ever shared a
record or a cluster with it are played again; nobody else's id can depend on the merge.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from orchestration.identity.history.ledger import Ledger
from orchestration.identity.history.renamed_records import KeysOfTheTime

Pair = tuple[str, str]
Clusters = Mapping[str, int]


def torn_apart(
    previous: Mapping[str, str],
    clusters: Clusters,
    different: Iterable[Pair],
    no_longer_same: Iterable[Pair],
) -> dict[str, int]:
    """Return the part of each record of the customers that judgements take apart now.

    A part is one of today's clusters, numbered by its first record. `no_longer_same` are pairs
    whose judgement was taken back.
    """
    torn = set()
    for left, right in (*different, *no_longer_same):
        customer = previous.get(left)
        if customer is None or customer != previous.get(right):
            continue
        if left in clusters and right in clusters and clusters[left] != clusters[right]:
            torn.add(customer)
    members = sorted(record for record in previous if previous[record] in torn)
    parts: dict[int, int] = {}
    return {
        record: parts.setdefault(clusters[record], len(parts))
        for record in members
        if record in clusters
    }


@dataclass(frozen=True, slots=True)
class Past:
    """The days before, of all records whose ids may hang together."""

    believed: pd.DataFrame  # memberships
    doubtful: pd.DataFrame  # when which records stood in a customer that judgements part now
    keys: KeysOfTheTime
    taken: Collection[str]  # ids of others that the keys of these could found too


def play_again(past: Past, parts: Mapping[str, int], today: Clusters, as_of: datetime) -> Ledger:
    """Play the believed memberships again with the parts apart from the beginning.

    Args:
        past: the days before, of all records whose ids may hang together with those of the parts.
        parts: the part of each record of the customers that are taken apart.
        today: the clusters of the records concerned, as they are now.
        as_of: the moment of this run.
    """
    ledger, guessed = Ledger(taken=past.taken), dict(parts)
    believed = past.believed
    moments = sorted({*believed["valid_from"], *believed["valid_to"].dropna()})
    days = [(moment, _members(believed, moment)) for moment in moments if moment < as_of]
    together = _together_until_now([members for _, members in days], parts)
    for (moment, members), still_together in zip(days, together, strict=True):
        in_doubt = still_together | set(_at(past.doubtful, moment)["source_record_id"])
        day = moment.to_pydatetime()
        ledger.advance(_apart(members, guessed, in_doubt), day, past.keys.at(day))
    ledger.advance(_frame(today), as_of)
    return ledger


def _members(believed: pd.DataFrame, moment: pd.Timestamp) -> dict[str, str]:
    """Return the customer of each record at a moment."""
    rows = _at(believed, moment)
    return dict(zip(rows["source_record_id"], rows["customer_id"], strict=True))


def _together_until_now(
    days: Sequence[Mapping[str, str]], parts: Mapping[str, int]
) -> list[set[str]]:
    """Return for each day the records that from then on always stood with one of another part.

    Nothing but what is judged wrong now has ever held them together, also where no judgement names
    them: they were led together by records that an earlier undo took away.
    """
    found: list[set[str]] = []
    groups = dict.fromkeys(parts, 0)
    for members in reversed(days):
        numbers: dict[tuple[int, str], int] = {}
        groups = {
            record: numbers.setdefault((group, members[record]), len(numbers))
            for record, group in groups.items()
            if record in members
        }
        held: dict[int, set[int]] = {}
        for record, group in groups.items():
            held.setdefault(group, set()).add(parts[record])
        found.append({record for record, group in groups.items() if len(held[group]) > 1})
    return found[::-1]


def _at(stretches: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    """Return the stretches of time that cover a moment."""
    lasts = stretches["valid_to"].isna() | (stretches["valid_to"] > moment)
    return stretches[(stretches["valid_from"] <= moment) & lasts]


def _apart(
    members: Mapping[str, str], guessed: dict[str, int], in_doubt: Collection[str]
) -> pd.DataFrame:
    """Return clusters as they would have been; a record that is gone stays with whom it was.

    A customer of which no record is in doubt was right at the time, and stays whole.
    """
    by_customer: dict[str, list[str]] = {}
    for record, customer in members.items():
        by_customer.setdefault(customer, []).append(record)
    clusters: dict[str, tuple[str, int]] = {}
    for customer, records in by_customer.items():
        known = [guessed[record] for record in records if record in guessed]
        fallback = max(set(known), key=lambda part: (known.count(part), -part)) if known else 0
        held = set(known)
        is_wrong = any(record in in_doubt for record in records)
        for record in records:
            part = guessed.get(record, fallback) if is_wrong else fallback
            if len(held) == 1:
                guessed.setdefault(record, part)
            clusters[record] = (customer, part)
    numbers = {key: number for number, key in enumerate(sorted(set(clusters.values())))}
    return _frame({record: numbers[key] for record, key in clusters.items()})


def _frame(clusters: Clusters) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"source_record_id": list(clusters), "cluster_id": list(clusters.values())}
    )
    return frame.astype({"source_record_id": object, "cluster_id": "int64"})
