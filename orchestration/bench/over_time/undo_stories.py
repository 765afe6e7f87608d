"""Stories of wrong merges: who truly is who each day, who is taken for whom, what is judged.

A wrong merge shows two persons as one cluster until a judgement undoes it; merges may be chained,
overlap in time, and records come, go, truly change hands and get other keys meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

People = dict[str, int]  # record -> person
Pair = tuple[str, str]
FAMILY = 100  # persons that differ by this stem from one another; they are never wrongly merged


@dataclass(frozen=True, slots=True)
class StoryDay:
    """One day: the true person of each record, the person shown, its key, who was judged."""

    truth: People
    shown: People
    keys: dict[str, str]  # record -> key of that day
    different: tuple[Pair, ...]


@dataclass(slots=True)
class Story:
    """Days in which wrong merges happen and are undone."""

    days: list[StoryDay] = field(default_factory=list)
    _keys: dict[str, str] = field(default_factory=dict)
    _wrong: list[frozenset[int]] = field(default_factory=list)
    _judged: list[tuple[int, int]] = field(default_factory=list)

    def rename(self, keys: Mapping[str, str]) -> None:
        """Give records other keys from the next day on."""
        self._keys |= keys

    def key(self, record: str) -> str:
        """Return the key of a record; at first it is its name."""
        return self._keys.get(record, record)

    def merge(self, one: int, other: int) -> None:
        """Show two persons as one from the next day on."""
        self._wrong.append(frozenset((one, other)))

    def undo(self, one: int, other: int) -> None:
        """Judge two persons to be two, whatever led them together."""
        self._wrong = [pair for pair in self._wrong if pair != frozenset((one, other))]
        self._judged.append((one, other))

    @property
    def wrong_merges(self) -> list[tuple[int, int]]:
        """Merges that nobody has undone yet."""
        return [(min(pair), max(pair)) for pair in self._wrong]

    @property
    def judged(self) -> list[tuple[int, int]]:
        """Persons that were judged to be two."""
        return self._judged

    def day(self, truth: People) -> None:
        """Let a day pass."""
        different = sorted(
            (min(left, right), max(left, right))
            for one, other in self._judged
            for left in truth
            for right in truth
            if truth[left] == one and truth[right] == other
        )
        shown = {record: self._shown(person) for record, person in truth.items()}
        keys = {record: self.key(record) for record in truth}
        self.days.append(StoryDay(dict(truth), shown, keys, tuple(different)))

    def _shown(self, person: int) -> int:
        """Return the person a person is taken for."""
        group, waiting = {person}, [person]
        while waiting:
            here = waiting.pop()
            for pair in self._wrong:
                if here in pair and not pair <= group:
                    group |= pair
                    waiting += pair
        return min(group)


def random_story(random: np.random.Generator, days: int = 10) -> Story:
    """Return random days of new, deleted and renamed records, true changes, wrong merges, undos.

    A true change or a deletion never concerns persons that are wrongly merged at the time, or were
    until yesterday: what happened inside one cluster was never recorded, and no judgement says it.
    """
    story, truth, made = Story(), People(), 0
    merged = set[int]()
    for day in range(days):
        for _ in range(int(random.integers(0, 4))):
            truth[f"r{made:03d}"] = int(random.integers(0, 8))
            made += 1
        if random.random() < 0.3:
            _change_truly(truth, merged, random)
        if random.random() < 0.25:
            source = str(random.choice(["", "a", "s", "z"]))
            story.rename({record: f"{source}{record}" for record in truth})
        persons = sorted(set(truth.values()))
        if len(persons) > 1 and random.random() < 0.5 and day < days - 3:
            one, other = sorted(random.choice(persons, 2, replace=False).tolist())
            if abs(one - other) % FAMILY:
                story.merge(one, other)
        story.day(truth)
        merged = {person for pair in story.wrong_merges for person in pair}
        if story.wrong_merges and random.random() < 0.4:
            pairs = story.wrong_merges
            story.undo(*pairs[int(random.integers(len(pairs)))])
    for one, other in story.wrong_merges:
        story.undo(one, other)
        story.day(truth)
    story.day(truth)
    return story


def _change_truly(truth: People, merged: set[int], random: np.random.Generator) -> None:
    """Let a record go, a person turn out to be two, or two of one family to be one."""
    persons = sorted(set(truth.values()) - merged)
    if not persons:
        return
    person = persons[int(random.integers(len(persons)))]
    records = sorted(record for record in truth if truth[record] == person)
    relatives = [one for one in persons if one != person and (one - person) % FAMILY == 0]
    if random.random() < 0.3:
        del truth[records[int(random.integers(len(records)))]]
    elif relatives:
        truth.update(dict.fromkeys(records, relatives[0]))
    elif len(records) > 1 and person + FAMILY not in merged:
        truth[records[int(random.integers(len(records)))]] = person + FAMILY
