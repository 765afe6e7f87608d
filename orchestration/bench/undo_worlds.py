"""Two worlds day by day: one in which wrong merges happen and are undone, one without them.

The records of a day carry the true person; a wrong merge shows two persons as one cluster until it
is undone by a judgement. When all are undone, ids, dates and aliases must be those of the world in
which they never happened.
"""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from orchestration.identity.history.ledger import Ledger
from orchestration.identity.history.undoing import concerned, play_again, torn_apart

START = datetime.fromisoformat("2026-01-01")
Truth = dict[str, int]
FAMILY = 100  # persons that differ by this stem from one another; they are never wrongly merged


class UndoWorld:
    """The real world, with its errors, beside the world without them."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.real, self.ideal = Ledger(), Ledger()
        self._wrong: list[frozenset[int]] = []
        self._judged: list[tuple[int, int]] = []
        self._day = 0

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

    def day(self, truth: Truth) -> None:
        """Let a day pass in both worlds."""
        moment = START + timedelta(days=self._day)
        self._day += 1
        self.ideal.advance(_frame(truth), moment)
        shown = {record: self._shown(person) for record, person in truth.items()}
        self._advance(shown, truth, moment)

    def _advance(self, shown: Truth, truth: Truth, moment: datetime) -> None:
        previous = self.real.ids()
        different = [
            (left, right)
            for one, other in self._judged
            for left in truth
            for right in truth
            if truth[left] == one and truth[right] == other
        ]
        parts = torn_apart(previous, shown, different, ())
        if not parts:
            self.real.advance(_frame(shown), moment)
            return
        believed = self.real.memberships()
        again = concerned(believed, shown, list(parts))
        today = {record: shown[record] for record in shown if record in again}
        replayed = play_again(
            believed[believed["source_record_id"].isin(again)], parts, today, moment
        )
        rest = {record: shown[record] for record in shown if record not in again}
        self.real = joined(self.real, replayed, frozenset(again), _frame(rest), moment)

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

    def mismatches(self) -> list[str]:
        """Return the records and aliases in which the two worlds differ."""
        found = []
        for name, key in (("map", "source_record_id"), ("aliases", "customer_id")):
            real, ideal = (
                {tuple(row) for row in getattr(w, name).astype(str).itertuples(index=False)}
                for w in (self.real, self.ideal)
            )
            if name == "aliases":  # ids that exist only since the error must resolve all the same
                known = set(self.ideal.created["customer_id"])
                real = {row for row in real if row[0] in known}
            found += sorted({f"{key} {row[0]}" for row in real ^ ideal})
        return found


def joined(
    old: Ledger, replayed: Ledger, again: frozenset[str], rest: pd.DataFrame, moment: datetime
) -> Ledger:
    """Return a ledger in which some records were played again and the others go on."""
    keep = ~old.map["source_record_id"].isin(again)
    mine = set(old.memberships().query("source_record_id in @again")["customer_id"])
    other = Ledger(
        map=old.map[keep],
        created=old.created[~old.created["customer_id"].isin(mine)],
        aliases=old.aliases[~old.aliases["customer_id"].isin(mine)],
        closed=[rows[~rows["source_record_id"].isin(again)] for rows in old.closed],
        events=list(old.events),
    )
    other.advance(rest, moment)
    return Ledger(
        map=pd.concat([other.map, replayed.map]),
        created=pd.concat([other.created, replayed.created]),
        aliases=pd.concat([other.aliases, replayed.aliases]),
        closed=other.closed + replayed.closed,
        events=other.events,
    )


def random_world(random: np.random.Generator, days: int = 10) -> UndoWorld:
    """Return a world after random days of new records, true changes, wrong merges and undos.

    A true change never concerns persons that are wrongly merged at the time: what happened inside
    one cluster was never recorded, and no judgement says it.
    """
    world, truth = UndoWorld(), dict[str, int]()
    for day in range(days):
        for _ in range(int(random.integers(0, 4))):
            truth[f"r{len(truth):03d}"] = int(random.integers(0, 8))
        if random.random() < 0.3:
            _change_truly(world, truth, random)
        persons = sorted(set(truth.values()))
        if len(persons) > 1 and random.random() < 0.5 and day < days - 3:
            one, other = sorted(random.choice(persons, 2, replace=False).tolist())
            if abs(one - other) % FAMILY:
                world.merge(one, other)
        world.day(dict(truth))
        if world.wrong_merges and random.random() < 0.4:
            pairs = world.wrong_merges
            world.undo(*pairs[int(random.integers(len(pairs)))])
    for one, other in world.wrong_merges:
        world.undo(one, other)
        world.day(dict(truth))
    world.day(dict(truth))
    return world


def _change_truly(world: UndoWorld, truth: Truth, random: np.random.Generator) -> None:
    """Let a person turn out to be two, or two of one family to be one."""
    wrong = {person for pair in world.wrong_merges for person in pair}
    persons = sorted(set(truth.values()) - wrong)
    if not persons:
        return
    person = persons[int(random.integers(len(persons)))]
    records = sorted(record for record in truth if truth[record] == person)
    relatives = [one for one in persons if one != person and (one - person) % FAMILY == 0]
    if relatives:
        truth.update(dict.fromkeys(records, relatives[0]))
    elif len(records) > 1:
        truth[records[int(random.integers(len(records)))]] = person + FAMILY


def _frame(clusters: Truth) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"source_record_id": list(clusters), "cluster_id": list(clusters.values())}
    )
    return frame.astype({"source_record_id": object, "cluster_id": "int64"})
