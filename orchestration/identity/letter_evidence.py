"""Tell how well a name in Latin letters fits one that was written in another script.

What each correspondence of letters is worth was learned from attested pairs of names (decision
0030; `c360 bench names` learns and measures). A name is taken apart into correspondences of up to
three letters in the way that speaks most for it, and their evidence is added up: bits for, and
bits against, the two being one name.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from orchestration.identity.arrays import Codes, Floats, Integers, Texts

EVIDENCE_FILE = Path(__file__).with_name("letter_evidence.csv")
# How many letters, of the other script (spelled in Latin) and of Latin, may correspond.
UNITS = ((1, 1), (1, 2), (2, 1), (0, 1), (1, 0), (1, 3))
LONGEST_UNIT = 3
LETTERS = 27  # a-z; 0 fills up
LONGEST_WORD = 18  # longer names tell no more, and cost by the square
# Bits from which on a pair is faintly alike, alike and close: on random pairs of names about one
# in 130, in 400 and in 1,700 reaches them.
FAINT_FROM, ALIKE_FROM, CLOSE_FROM = -4.0, 1.0, 7.0
_IMPOSSIBLE = -60.0
_BATCH = 8_192  # pairs whose intermediate results stay in the processor's cache

Evidence = npt.NDArray[np.float32]
Tables = Mapping[tuple[int, int], Evidence]


@dataclass(frozen=True, slots=True)
class LetterCodes:
    """Names as numbers: the units of one, two and three letters that begin at each place."""

    units: tuple[Codes, ...]  # by number of letters, each value x place
    lengths: Integers

    @classmethod
    def of(cls, values: Texts) -> "LetterCodes":
        """Encode names of a-z; other characters do not count."""
        words = ["".join(sign for sign in value if "a" <= sign <= "z") for value in values]
        joined = "".join(word[:LONGEST_WORD].ljust(LONGEST_WORD + LONGEST_UNIT) for word in words)
        signs = np.frombuffer(joined.encode("ascii"), dtype=np.uint8)
        letters = signs.reshape(len(words), LONGEST_WORD + LONGEST_UNIT).astype(np.int32) - 96
        letters[letters < 0] = 0
        one = letters[:, :LONGEST_WORD]
        two = one * LETTERS + letters[:, 1 : LONGEST_WORD + 1]
        three = two * LETTERS + letters[:, 2 : LONGEST_WORD + 2]
        lengths = np.array([min(len(word), LONGEST_WORD) for word in words], dtype=np.int64)
        units = (np.zeros_like(one), one, two, three)
        return cls(tuple(unit.astype(np.int32) for unit in units), lengths)


@cache
def letter_tables() -> Mapping[str, Tables]:
    """Return by script the bits of every correspondence."""
    found: dict[str, dict[tuple[int, int], Evidence]] = {}
    with EVIDENCE_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tables = found.setdefault(row["script"], empty_tables())
            other, latin = row["other"], row["latin"]
            place = unit_number(other) * LETTERS ** len(latin) + unit_number(latin)
            tables[len(other), len(latin)][place] = float(row["bits"])
    return found


def empty_tables() -> dict[tuple[int, int], Evidence]:
    """Return tables in which nothing corresponds to anything."""
    return {
        (other, latin): np.full(LETTERS ** (other + latin), _IMPOSSIBLE, dtype=np.float32)
        for other, latin in UNITS
    }


def unit_number(letters: str) -> int:
    """Return the number of a unit of letters."""
    number = 0
    for letter in letters:
        number = number * LETTERS + ord(letter) - 96
    return number


def letter_evidence(
    codes: LetterCodes, other: Integers | Codes, latin: Integers | Codes, tables: Tables
) -> Floats:
    """Return the bits for each pair of values being one name; `other` had the other script."""
    bits = np.full(len(other), _IMPOSSIBLE, dtype=np.float64)
    heights, widths = codes.lengths[other], codes.lengths[latin]
    order = np.lexsort((widths, heights))
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        bits[batch] = _best_alignments(codes, other[batch], latin[batch], tables)
    return bits


def _best_alignments(
    codes: LetterCodes, other: Integers | Codes, latin: Integers | Codes, tables: Tables
) -> Evidence:
    """Return the most evidence that any alignment gives, for pairs in order of `other`'s length.

    Beginnings of names are aligned before their ends, so that names of all lengths go together: a
    short one is done when its own end is reached, and the row of a longer place begins after it.
    """
    heights, widths = codes.lengths[other], codes.lengths[latin]
    others = [np.ascontiguousarray(unit[other].T) for unit in codes.units]
    latins = [np.ascontiguousarray(unit[latin].T) for unit in codes.units]
    ended = np.empty(len(other), dtype=np.float32)
    best: dict[tuple[int, int], Evidence] = {}
    for i in range(int(heights[-1]) + 1):
        first = int(np.searchsorted(heights, i))  # shorter names have ended
        for j in range(int(widths[first:].max()) + 1):
            here = np.full(len(other), -np.inf if i or j else 0.0, dtype=np.float32)
            for a, b in UNITS:
                if a > i or b > j:
                    continue
                unit = others[a][i - a, first:] * LETTERS**b if a else 0
                bits = tables[a, b].take(unit + latins[b][j - b, first:] if b else unit)
                bits += best[i - a, j - b][first:]
                np.maximum(here[first:], bits, out=here[first:])
            best[i, j] = here
            at_end = first + np.flatnonzero((heights[first:] == i) & (widths[first:] == j))
            ended[at_end] = here[at_end]
    return ended
