"""Tell from letters alone that two texts cannot be alike: far cheaper than to compare them.

Each distinct value is 64 bits: how many it has of each letter and digit, up to a few. What only one
of two texts has is an edit, and nothing they have in common.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.arrays import Flags, Floats, Integers, Texts

_DIGITS, _LETTERS = b"0123456789", b"abcdefghijklmnopqrstuvwxyz"
# So many of each sign are told apart: of numbers six of a digit, else two of a letter, one digit.
_OF_NUMBERS = dict.fromkeys(_DIGITS, 6)
_OF_TEXTS = dict.fromkeys(_LETTERS, 2) | dict.fromkeys(_DIGITS, 1)
_BATCH = 20_000  # texts whose counts stay in the processor's cache
# The most that a common beginning adds to Jaro's similarity, as a share of what it lacks.
_OF_BEGINNING = 0.4

Bits = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class LetterCounts:
    """The letters of each distinct value as bits, and how long it is."""

    bits: Bits
    lengths: Floats

    @classmethod
    def of(cls, values: Texts) -> "LetterCounts":
        """Count the letters of values, or of numbers the digits; other signs are not counted."""
        batches = [
            pa.array(values[start : start + _BATCH], pa.string())
            for start in range(0, len(values), _BATCH)
        ]
        numbers = sum(_numbers(texts) for texts in batches)
        rooms = _OF_NUMBERS if 2 * numbers > len(values) else _OF_TEXTS
        lengths = [pc.utf8_length(texts).to_numpy() for texts in batches]
        bits = [_bits(texts, rooms) for texts in batches]
        return cls(
            np.concatenate([np.empty(0, dtype=np.uint64), *bits]),
            np.maximum(np.concatenate([np.empty(0), *lengths]), 1.0),
        )

    def where(self, held: Flags) -> "LetterCounts":
        """Return what is known of some of the values."""
        return LetterCounts(self.bits[held], self.lengths[held])

    def may_be_near(self, left: Integers, right: Integers, at_most: int) -> Flags:
        """Tell which pairs may be so few edits apart; the others certainly are not."""
        only_left, only_right = self._only(left, right)
        return np.asarray(np.maximum(only_left, only_right) <= at_most)

    def may_be_alike(self, left: Integers, right: Integers, similarity: float) -> Flags:
        """Tell which pairs may have so much Jaro-Winkler similarity; the others certainly have not.

        Jaro's similarity rises with the share of each text that the other has too.
        """
        only_left, only_right = self._only(left, right)
        one, other = self.lengths[left], self.lengths[right]
        common = np.minimum(one - only_left, other - only_right)
        jaro = (common / one + common / other + 1) / 3
        return np.asarray(jaro + _OF_BEGINNING * (1 - jaro) >= similarity - 1e-9)

    def _only(self, left: Integers, right: Integers) -> tuple[Counts, Counts]:
        """Return how many letters only the left, and only the right of each pair has, at least."""
        one, other = self.bits[left], self.bits[right]
        return np.bitwise_count(one & ~other), np.bitwise_count(other & ~one)


def _numbers(texts: pa.Array) -> int:
    """Return how many texts are figures alone, maybe behind a plus."""
    return int(pc.sum(pc.utf8_is_decimal(pc.utf8_ltrim(texts, "+"))).as_py() or 0)


def _bits(texts: pa.Array, rooms: dict[int, int]) -> Bits:
    """Return for each text a run of ones per sign: as many as it has of it, up to its room."""
    _, offsets_buffer, data_buffer = texts.buffers()
    offsets = np.frombuffer(offsets_buffer, dtype=np.int32)[: len(texts) + 1]
    signs = np.frombuffer(data_buffer or b"", dtype=np.uint8)[: offsets[-1]]
    kinds = np.full(256, len(rooms))
    kinds[list(rooms)] = np.arange(len(rooms))
    owners = np.repeat(np.arange(len(texts)), np.diff(offsets))
    size = len(rooms) + 1  # the last kind is everything else
    counts = np.bincount(kinds[signs] * len(texts) + owners, minlength=len(texts) * size)
    counts = counts.reshape(size, len(texts))
    bits = np.zeros(len(texts), dtype=np.uint64)
    place = 0
    for kind, room in enumerate(rooms.values()):
        ones = (1 << np.minimum(counts[kind], room)) - 1
        bits |= ones.astype(np.uint64) << np.uint64(place)
        place += room
    return bits
