"""Learn from attested pairs of names what each correspondence of letters is worth.

Expectation-maximisation over all ways to take a pair apart into units of up to three letters; the
worth of a unit is how much more often it occurs than its letters would by chance. The same pairs
give the same file.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orchestration.identity.arrays import Floats, Integers
from orchestration.identity.letter_evidence import LETTERS, UNITS, LetterCodes

ROUNDS = 8
_DISCOUNT = 0.3  # of the count of each longer unit: it must earn its place
_SMOOTHING = 0.5  # of each letter left out or put in, so that no name is impossible
_LEAST_COUNT = 3.0
_DECIMALS = 2
_CHUNK = 20_000

Tables = dict[tuple[int, int], Floats]


@dataclass(frozen=True, slots=True)
class NamePairs:
    """Names of another script, spelled in Latin letters, beside their Latin writing."""

    other: LetterCodes
    latin: LetterCodes

    @property
    def size(self) -> int:
        """Number of pairs."""
        return len(self.other.lengths)


def learn(pairs: NamePairs) -> Tables:
    """Return the bits of evidence of each unit; NaN for one that hardly occurs."""
    probabilities = _first_guess()
    counts = probabilities
    for _ in range(ROUNDS):
        counts = _expected_counts(pairs, probabilities)
        probabilities = _probabilities(counts)
    others = _letter_chances(pairs.other)
    latins = _letter_chances(pairs.latin)
    evidence = {}
    for a, b in UNITS:
        chance = np.add.outer(_unit_chances(others, a), _unit_chances(latins, b)).ravel()
        with np.errstate(divide="ignore"):
            bits = (np.log(probabilities[a, b]) - chance) / np.log(2.0)
        is_rare = (counts[a, b] < _LEAST_COUNT) & (a + b > 1)
        evidence[a, b] = np.where(is_rare | ~np.isfinite(bits), np.nan, bits)
    return evidence


def write_evidence(learned: Mapping[str, Tables], file: Path) -> int:
    """Write the evidence of several scripts as CSV; return the number of units."""
    rows = [
        (script, _letters(place // LETTERS**b, a), _letters(place % LETTERS**b, b), bits)
        for script, tables in sorted(learned.items())
        for (a, b), table in tables.items()
        for place, bits in enumerate(table.tolist())
        if not np.isnan(bits)
    ]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("script", "other", "latin", "bits"))
        writer.writerows((*row[:3], f"{row[3]:.{_DECIMALS}f}") for row in sorted(rows))
    return len(rows)


def _first_guess() -> Tables:
    guess = {}
    for a, b in UNITS:
        share = {1: 0.05, 2: 1.0, 3: 0.3, 4: 0.1}[a + b]
        size = LETTERS ** (a + b)
        guess[a, b] = np.full(size, share / size)
    return _probabilities(guess)


def _probabilities(counts: Tables) -> Tables:
    kept = {
        (a, b): np.maximum(table - _DISCOUNT, 0) if a + b > 2 and table.max() > 1 else table
        for (a, b), table in counts.items()
    }
    total = sum(float(table.sum()) for table in kept.values())
    return {unit: table / total for unit, table in kept.items()}


def _expected_counts(pairs: NamePairs, probabilities: Tables) -> Tables:
    counts = {unit: np.zeros_like(table) for unit, table in probabilities.items()}
    for unit in ((0, 1), (1, 0)):
        counts[unit][1:] = _SMOOTHING
    shape = pairs.other.lengths * 100 + pairs.latin.lengths
    order = np.argsort(shape, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(shape[order])) + 1):
        for start in range(0, len(group), _CHUNK):
            _add_counts(pairs, group[start : start + _CHUNK], probabilities, counts)
    return counts


def _add_counts(pairs: NamePairs, chosen: Integers, probabilities: Tables, counts: Tables) -> None:
    """Add the expected counts of pairs of one shape, by summing over all alignments."""
    height = int(pairs.other.lengths[chosen[0]])
    width = int(pairs.latin.lengths[chosen[0]])
    units: dict[tuple[int, int, int, int], Integers] = {}
    before = np.zeros((height + 1, width + 1, len(chosen)))
    before[0, 0] = 1.0
    for i in range(height + 1):
        for j in range(width + 1):
            for a, b in UNITS:
                if a <= i and b <= j:
                    number = _unit_numbers(pairs, chosen, (i - a, j - b), (a, b))
                    units[i, j, a, b] = number
                    before[i, j] += before[i - a, j - b] * probabilities[a, b][number]
    after = np.zeros_like(before)
    after[height, width] = 1.0
    whole = np.maximum(before[height, width], 1e-300)
    for i in range(height, -1, -1):
        for j in range(width, -1, -1):
            for a, b in UNITS:
                if i + a <= height and j + b <= width:
                    number = units[i + a, j + b, a, b]
                    rest = probabilities[a, b][number] * after[i + a, j + b]
                    after[i, j] += rest
                    share = before[i, j] * rest / whole
                    counts[a, b] += np.bincount(number, share, minlength=len(counts[a, b]))


def _unit_numbers(
    pairs: NamePairs, chosen: Integers, place: tuple[int, int], unit: tuple[int, int]
) -> Integers:
    (i, j), (a, b) = place, unit
    numbers = np.zeros(len(chosen), dtype=np.int64)
    if a:
        numbers += pairs.other.units[a][chosen, i] * LETTERS**b
    if b:
        numbers += pairs.latin.units[b][chosen, j]
    return numbers


def _letter_chances(codes: LetterCodes) -> Floats:
    """Return the log probability of each letter, the end of a name counted as one more."""
    letters = codes.units[1]
    inside = np.arange(letters.shape[1]) < codes.lengths[:, np.newaxis]
    counts = np.bincount(letters[inside], minlength=LETTERS) + 1.0
    return np.asarray(np.log(counts / (counts.sum() + len(codes.lengths))), dtype=np.float64)


def _unit_chances(letters: Floats, length: int) -> Floats:
    chances = np.zeros(1)
    for _ in range(length):
        chances = np.add.outer(chances, letters).ravel()
    return chances


def _letters(number: int, length: int) -> str:
    letters = ""
    for _ in range(length):
        number, letter = divmod(number, LETTERS)
        letters = chr(96 + letter) + letters
    return letters
