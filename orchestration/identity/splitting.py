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


@dataclass(frozen=True, slots=True)
class Limits:
    """What parts must not hold: conflicting pairs (smaller record first), or too many records."""

    conflicts: Mapping[tuple[int, int], int]  # pair -> guard it breaks
    strong: Collection[tuple[int, int]]  # pairs that are clearly one person
    outvotable: Collection[int]  # guards that more strong pairs than conflicts overrule
    most: int
    size_guard: int


@dataclass(slots=True)
class _Between:
    """What stands between two parts."""

    absolute: int | None = None  # the first guard broken that nothing overrules
    first: int | None = None  # the first guard broken at all
    broken: int = 0
    strong: int = 0

    @property
    def guard(self) -> int | None:
        """The guard that joining the two would break."""
        if self.absolute is not None:
            return self.absolute
        return self.first if self.strong < OUTVOTED_BY * self.broken else None

    def add(self, other: "_Between") -> None:
        self.absolute = _first(self.absolute, other.absolute)
        self.first = _first(self.first, other.first)
        self.broken += other.broken
        self.strong += other.strong


class _Parts:
    """Disjoint sets of records, and what stands between any two of them.

    Two parts are counted together when they are joined, so that asking about a link costs the same
    however many records are on its sides.
    """

    def __init__(self, records: Sequence[int], limits: Limits) -> None:
        self._limits = limits
        self._parent = {record: record for record in records}
        self._name = {record: record for record in records}  # its smallest record
        self._size = dict.fromkeys(records, 1)
        self._between: dict[int, dict[int, _Between]] = {record: {} for record in records}
        for pair, guard in limits.conflicts.items():
            absolute = None if guard in limits.outvotable else guard
            self._note(pair, _Between(absolute, guard, broken=1))
        for pair in limits.strong if limits.conflicts else ():  # they only count against conflicts
            self._note(pair, _Between(strong=1))

    def root(self, record: int) -> int:
        while self._parent[record] != record:
            self._parent[record] = self._parent[self._parent[record]]
            record = self._parent[record]
        return record

    def name(self, record: int) -> int:
        """Return the smallest record of the part of a record."""
        return self._name[self.root(record)]

    def guard(self, one: int, other: int) -> int | None:
        """Return the guard that joining two parts would break."""
        if self._size[one] + self._size[other] > self._limits.most:
            return self._limits.size_guard
        between = self._between[one].get(other)
        return None if between is None else between.guard

    def join(self, one: int, other: int) -> None:
        keep, give = one, other
        if len(self._between[keep]) < len(self._between[give]):
            keep, give = give, keep
        self._parent[give] = keep
        self._name[keep] = min(self._name[keep], self._name[give])
        self._size[keep] += self._size[give]
        for neighbour, between in self._between.pop(give).items():
            del self._between[neighbour][give]
            if neighbour != keep:
                self._add(keep, neighbour, between)

    def _note(self, pair: tuple[int, int], between: _Between) -> None:
        left, right = pair
        if left != right and left in self._between and right in self._between:
            self._add(left, right, between)

    def _add(self, one: int, other: int, between: _Between) -> None:
        known = self._between[one].get(other)
        if known is None:
            self._between[one][other] = self._between[other][one] = between
        else:
            known.add(between)


def _first(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def split(
    members: Sequence[int], links: Sequence[tuple[int, int]], limits: Limits
) -> tuple[dict[int, int], list[Refusal]]:
    """Return the part of each member, and the strongest refused link between any two parts.

    `links` come strongest first; a part is named by its smallest member.
    """
    parts = _Parts(members, limits)
    refused: list[Refusal] = []
    for left, right in links:
        one, other = parts.root(left), parts.root(right)
        if one == other:
            continue
        guard = parts.guard(one, other)
        if guard is None:
            parts.join(one, other)
        else:
            refused.append(Refusal(left, right, guard))
    final = {record: parts.name(record) for record in members}
    strongest: dict[tuple[int, int], Refusal] = {}
    for refusal in refused:
        ends = sorted((final[refusal.left], final[refusal.right]))
        strongest.setdefault((ends[0], ends[1]), refusal)
    return final, list(strongest.values())
