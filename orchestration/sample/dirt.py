"""The table of dirt: how often each kind is put in, and a ledger of how often it was.

`dirt.yml` is the table; who puts the dirt in stands with the field it spoils.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml

from orchestration.sample.draws import Draws, Flags, Keys
from orchestration.sample.errors import SampleConfigError

DIRT_FILE = Path(__file__).parent / "dirt.yml"


@dataclass(frozen=True, slots=True)
class DirtKind:
    """One kind of dirt with its rate everywhere and in single sources."""

    rate: float
    sources: dict[str, float]
    meaning: str

    def rate_in(self, source: str) -> float:
        """Return the rate in a source."""
        return self.sources.get(source, self.rate)


@dataclass(slots=True)
class Dirt:
    """Rates of every kind, and the count of what was put in so far."""

    kinds: dict[str, DirtKind]
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def strikes(self, draws: Draws, kind: str, source: str, *keys: Keys) -> Flags:
        """Return which records of a source the dirt falls on."""
        if kind not in self.kinds:
            raise SampleConfigError(f"{kind} is not in {DIRT_FILE.name}")
        rate = self.kinds[kind].rate_in(source)
        return draws.chance(f"dirt.{kind}.{source}", rate, *keys)

    def note(self, kind: str, source: str, struck: Flags | int) -> None:
        """Count what was put in."""
        count = struck if isinstance(struck, int) else int(np.count_nonzero(struck))
        if count:
            self.counts[kind, source] += count

    def take_counts(self) -> Counter[tuple[str, str]]:
        """Return the counts and start from nothing."""
        taken, self.counts = self.counts, Counter()
        return taken


def load_dirt(path: Path = DIRT_FILE) -> Dirt:
    """Read the table of dirt."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Dirt(
        {
            kind: DirtKind(one["rate"], one.get("sources", {}), one["meaning"])
            for kind, one in data.items()
        }
    )
