"""Put dirt into the columns of a batch of records, and count it.

Whether a kind of dirt strikes a record follows from the record's key alone.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.sample.columns import Column, blend, masked
from orchestration.sample.draws import Flags, Ints
from orchestration.sample.typos import with_slips
from orchestration.sample.world import World


@dataclass(frozen=True, slots=True)
class Sightings:
    """Records of one source to be written.

    Whom each is about, under which key, and when its details were last confirmed.
    """

    source: str
    person: Ints
    key: Ints
    confirmed_at: Ints


@dataclass(slots=True)
class Spoiler:
    """Spoils columns of a batch of records by the table of dirt."""

    world: World
    batch: Sightings

    def struck(self, kind: str) -> Flags:
        """Return which records a kind of dirt falls on."""
        return self.world.dirt.strikes(self.world.draws, kind, self.batch.source, self.batch.key)

    def note(self, kind: str, flags: Flags) -> None:
        """Count dirt that was put in."""
        self.world.dirt.note(kind, self.batch.source, flags)

    def spoiled(self, kind: str, column: Column, replacement: Column | None = None) -> Column:
        """Return a column with dirt in the place of values; without any, they go missing."""
        flags = self.struck(kind) & ~np.asarray(column.is_null())
        self.note(kind, flags)
        if replacement is None:
            return masked(column, flags)
        return blend(flags, replacement, column)

    def with_slips(self, kind: str, field: str, column: Column) -> Column:
        """Return a column with slips of the keyboard; each field slips on its own."""
        draws, batch = self.world.draws, self.batch
        rate = self.world.dirt.kinds[kind].rate_in(batch.source)
        flags = draws.chance(f"dirt.{kind}.{batch.source}.{field}", rate, batch.key)
        self.note(kind, flags & ~np.asarray(column.is_null()))
        return with_slips(draws, f"slip.{batch.source}.{field}", column, flags, batch.key)
