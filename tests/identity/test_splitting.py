"""A cluster is split where its evidence is weakest, and asking about a link stays cheap."""

from collections.abc import Iterator
from itertools import combinations

import pytest

from orchestration.identity.splitting import Limits, Refusal, split

HARD, SOFT, LATER, SIZE = 0, 1, 2, 9


class _LookedUp(dict[tuple[int, int], int]):
    """Conflicts that count how often somebody looks one up."""

    looks = 0

    def __contains__(self, pair: object) -> bool:
        self.looks += 1
        return super().__contains__(pair)

    def __getitem__(self, pair: tuple[int, int]) -> int:
        self.looks += 1
        return super().__getitem__(pair)


def between(one: range, other: range) -> Iterator[tuple[int, int]]:
    return ((left, right) for left in one for right in other)


def limits(conflicts: dict[tuple[int, int], int], strong: set[tuple[int, int]]) -> Limits:
    return Limits(conflicts, strong, frozenset({SOFT, LATER}), 100, SIZE)


def test_two_halves_that_must_stay_apart_are_not_listed_for_every_link_between_them() -> None:
    halves = range(12), range(12, 24)
    conflicts = _LookedUp(dict.fromkeys(between(*halves), HARD))
    inside = [pair for half in halves for pair in combinations(half, 2)]
    parts, refused = split(range(24), [*inside, *between(*halves)], limits(conflicts, set()))
    assert set(parts.values()) == {0, 12}
    assert refused == [Refusal(0, 12, HARD)]
    assert conflicts.looks <= len(conflicts)


@pytest.mark.parametrize(("strong", "people"), [(2, 2), (3, 1)])
def test_enough_strong_pairs_between_two_parts_overrule_a_conflict(
    strong: int, people: int
) -> None:
    links = [(0, 1), (2, 3), (0, 2), (1, 2), (1, 3)]
    clear = set(links[2 : 2 + strong])
    parts, refused = split(range(4), links, limits({(0, 3): SOFT}, clear))
    assert len(set(parts.values())) == people
    assert [refusal.guard for refusal in refused] == [SOFT] * (people - 1)


def test_no_number_of_strong_pairs_overrules_what_cannot_be() -> None:
    links = [(0, 1), (2, 3), (0, 2), (1, 2), (1, 3)]
    parts, refused = split(range(4), links, limits({(0, 3): HARD, (0, 2): SOFT}, set(links)))
    assert parts == {0: 0, 1: 0, 2: 2, 3: 2}
    assert refused == [Refusal(0, 2, HARD)]


def test_of_several_broken_guards_the_first_is_told() -> None:
    conflicts = {(0, 2): LATER, (1, 2): SOFT}
    _, refused = split(range(3), [(0, 1), (0, 2)], limits(conflicts, set()))
    assert refused == [Refusal(0, 2, SOFT)]


def test_conflicts_of_other_records_say_nothing() -> None:
    parts, refused = split([1, 2], [(1, 2)], limits({(1, 7): HARD, (7, 8): HARD}, {(7, 8)}))
    assert (parts, refused) == ({1: 1, 2: 1}, [])


def test_a_part_does_not_grow_beyond_its_size() -> None:
    small = Limits({}, (), (), 2, SIZE)
    parts, refused = split(range(3), [(0, 1), (1, 2)], small)
    assert parts == {0: 0, 1: 0, 2: 2}
    assert refused == [Refusal(1, 2, SIZE)]
