"""Split clusters that hold two records which must stay apart, or that grew too large.

The strongest evidence is joined first; a join that would bring two such records together is
refused, so that a cluster breaks where its evidence is weakest.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """The strongest link between two parts that had to stay apart, and the guard that said so."""

    left: int
    right: int
    guard: int


# So many strong pairs overrule one that breaks a guard.
OUTVOTED_BY = 3


class _Parts:
    """Disjoint sets of records."""

    def __init__(self, records: Sequence[int]) -> None:
        self.parent = {record: record for record in records}
        self.members = {record: [record] for record in records}

    def root(self, record: int) -> int:
        while self.parent[record] != record:
            self.parent[record] = self.parent[self.parent[record]]
            record = self.parent[record]
        return record

    def join(self, one: int, other: int) -> None:
        keep, give = sorted((one, other))  # the smaller record names the part, whatever came first
        self.parent[give] = keep
        self.members[keep].extend(self.members.pop(give))


@dataclass(frozen=True, slots=True)
class Limits:
    """What parts must not hold: conflicting pairs (smaller record first), or too many records."""

    conflicts: Mapping[tuple[int, int], int]  # pair -> guard it breaks
    strong: Collection[tuple[int, int]]  # pairs that are clearly one person
    outvotable: Collection[int]  # guards that more strong pairs than conflicts overrule
    most: int
    size_guard: int

    def guard(self, one: Sequence[int], other: Sequence[int]) -> int | None:
        """Return the guard that joining two parts would break."""
        if len(one) + len(other) > self.most:
            return self.size_guard
        if not self.conflicts:
            return None
        pairs = [(min(left, right), max(left, right)) for left in one for right in other]
        broken = [self.conflicts[pair] for pair in pairs if pair in self.conflicts]
        absolute = [guard for guard in broken if guard not in self.outvotable]
        if absolute:
            return absolute[0]
        strong = sum(pair in self.strong for pair in pairs)
        return broken[0] if strong < OUTVOTED_BY * len(broken) else None


def split(
    members: Sequence[int], links: Sequence[tuple[int, int]], limits: Limits
) -> tuple[dict[int, int], list[Refusal]]:
    """Return the part of each member, and the strongest refused link between any two parts.

    `links` come strongest first; a part is named by its smallest member.
    """
    parts = _Parts(members)
    refused: list[Refusal] = []
    for left, right in links:
        one, other = parts.root(left), parts.root(right)
        if one == other:
            continue
        guard = limits.guard(parts.members[one], parts.members[other])
        if guard is None:
            parts.join(one, other)
        else:
            refused.append(Refusal(left, right, guard))
    final = {record: parts.root(record) for record in members}
    strongest: dict[tuple[int, int], Refusal] = {}
    for refusal in refused:
        ends = sorted((final[refusal.left], final[refusal.right]))
        strongest.setdefault((ends[0], ends[1]), refusal)
    return final, list(strongest.values())
