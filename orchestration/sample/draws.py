"""Random numbers as a pure function of seed, stream and key.

A draw belongs to a record, not to a place in a sequence: the record draws the same numbers in
whichever day, chunk or order it is made. That makes three days at once equal to two and one more.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Bits = NDArray[np.uint64]
Keys = NDArray[Any]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def _mix(state: Bits) -> Bits:
    """Scramble 64-bit states (the finaliser of splitmix64)."""
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return state ^ (state >> np.uint64(31))


def repeated(rows: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Return each row as often as its count says, and which of its repetitions each one is."""
    nth = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(rows, counts), nth


@dataclass(frozen=True, slots=True)
class Draws:
    """A source of draws; `stream` names what is drawn, the keys name the record it is drawn for."""

    seed: int

    def bits(self, stream: str, *keys: Keys) -> Bits:
        """Return 64 random bits per key."""
        digest = hashlib.blake2b(f"{self.seed}:{stream}".encode(), digest_size=8).digest()
        state = np.uint64(int.from_bytes(digest, "little"))
        with np.errstate(over="ignore"):
            mixed = _mix(np.asarray(keys[0]).astype(np.uint64) * _GOLDEN + state)
            for key in keys[1:]:
                mixed = _mix(mixed + np.asarray(key).astype(np.uint64) * _GOLDEN + state)
        return mixed

    def uniform(self, stream: str, *keys: Keys) -> Floats:
        """Return a number in [0, 1) per key."""
        return (self.bits(stream, *keys) >> np.uint64(11)).astype(np.float64) * (2.0**-53)

    def chance(self, stream: str, rate: float | Floats, *keys: Keys) -> Flags:
        """Return true for a `rate` share of the keys."""
        return np.asarray(self.uniform(stream, *keys) < rate)

    def below(self, stream: str, high: int | Keys, *keys: Keys) -> Ints:
        """Return a whole number in [0, high) per key."""
        return np.asarray((self.uniform(stream, *keys) * high).astype(np.int64))

    def choice(self, stream: str, weights: Sequence[float] | Floats, *keys: Keys) -> Ints:
        """Return an index into `weights` per key, as often as its weight says."""
        bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
        picked = np.searchsorted(bounds, self.uniform(stream, *keys) * bounds[-1], side="right")
        return np.asarray(np.minimum(picked, len(bounds) - 1), dtype=np.int64)

    def about(self, stream: str, mean: float, *keys: Keys) -> Ints:
        """Return a geometric count of the given mean per key: most are small, a few large."""
        stay = mean / (1.0 + mean)
        drawn = np.log1p(-self.uniform(stream, *keys)) / np.log(stay)
        return np.asarray(np.minimum(drawn, 60).astype(np.int64))
