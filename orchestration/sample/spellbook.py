"""Entries with several spellings as flat arrays: millions of them are gathered in one pass."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from orchestration.sample.columns import Column
from orchestration.sample.draws import Floats, Ints, Keys
from orchestration.sample.spelling import Spellings, unmarked

LATIN, NATIVE, RUSSIAN, NICKNAME = range(4)


@dataclass(frozen=True, slots=True)
class Spellbook:
    """Spellings of every entry in four manners: Latin, native, Russian, nickname."""

    forms: Column
    plain: Column
    start: Ints
    count: Ints

    def spell(self, entries: Keys, manner: Keys | int, variant: Floats) -> Column:
        """Gather a spelling per entry; `variant` in [0, 1) picks among those of the manner.

        The usual spelling takes the lower half, all share the upper; a negative entry is null.
        """
        return self.forms.take(self._index(entries, manner, variant))

    def letters(self, entries: Keys, variant: Floats) -> Column:
        """Gather the Latin spelling as in an e-mail address: small letters a to z alone."""
        return self.plain.take(self._index(entries, LATIN, variant))

    def _index(self, entries: Keys, manner: Keys | int, variant: Floats) -> Column:
        known = np.maximum(np.asarray(entries), 0)
        count = self.count[known, manner]
        other = np.minimum(((variant - 0.5) * 2 * count).astype(np.int64), count - 1)
        index = self.start[known, manner] + np.where(variant < 0.5, 0, other)
        return pa.array(index, mask=np.asarray(entries) < 0)


def _letters(form: str) -> str:
    return "".join(letter for letter in unmarked(form).lower() if "a" <= letter <= "z")


@dataclass(slots=True)
class SpellbookBuilder:
    """Collects entries before they become arrays."""

    forms: list[str] = field(default_factory=list)
    start: list[list[int]] = field(default_factory=list)
    count: list[list[int]] = field(default_factory=list)
    numbers: dict[Spellings, int] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of entries so far."""
        return len(self.start)

    def add(self, spellings: Spellings) -> int:
        """Add an entry, unless it is there, and return its number."""
        if spellings in self.numbers:
            return self.numbers[spellings]
        self.numbers[spellings] = len(self.start)
        latin = spellings.latin
        native = spellings.native or latin
        groups = (latin, native, spellings.russian or native, spellings.nicknames or latin)
        starts = []
        for group in groups:
            starts.append(len(self.forms))
            self.forms.extend(group)
        self.start.append(starts)
        self.count.append([len(group) for group in groups])
        return self.numbers[spellings]

    def finished(self) -> Spellbook:
        """Return the arrays."""
        return Spellbook(
            pa.array(self.forms, pa.string()),
            pa.array([_letters(form) for form in self.forms], pa.string()),
            np.array(self.start, dtype=np.int64),
            np.array(self.count, dtype=np.int64),
        )
