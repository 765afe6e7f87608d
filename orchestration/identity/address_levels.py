"""Graded levels for addresses: street, city and postcode are one field and change together."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from orchestration.identity.arrays import MISSING, Codes, Flags, Levels, Texts
from orchestration.identity.encoding import EncodedColumn
from orchestration.identity.letter_counts import LetterCounts
from orchestration.identity.similarity import DistinctPairs, jaro_winkler, near_edits

(
    ELSEWHERE,
    STREET_ELSEWHERE,
    AREA_ALIKE,
    SAME_CITY,
    SAME_POSTCODE,
    STREET_ALIKE,
    EQUAL,
) = range(1, 8)
ADDRESS_COLUMNS = ("street", "city", "postcode")
STREET_FROM, CITY_FROM, NEVER = 0.92, 0.9, 2.0


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of two columns of addresses: what is known, equal and alike."""

    known: Flags
    equal: Flags
    left: Codes
    right: Codes
    values: Texts
    letters: LetterCounts

    def alike(self, among: Flags, similarity_from: float) -> Flags:
        """Tell which differing parts are spellings of one another, looking only where asked."""
        result = np.zeros(len(self.known), dtype=np.bool_)
        chosen = np.flatnonzero(among & self.known & ~self.equal)
        if not chosen.size:
            return result
        pairs = DistinctPairs.of(self.left[chosen], self.right[chosen])
        slips = near_edits(self.values, self.letters, pairs, 2)
        near = slips <= 1
        two = np.flatnonzero(slips == 2) if similarity_from <= 1 else np.empty(0, dtype=np.int64)
        if two.size:
            scores = jaro_winkler(self.values, pairs.left[two], pairs.right[two])
            near[two] = scores >= similarity_from
        result[chosen] = near[pairs.inverse]
        return result


def address_levels(
    columns: Mapping[str, EncodedColumn],
    letters: Mapping[str, LetterCounts],
    left: Codes,
    right: Codes,
) -> Levels:
    """Return how close the addresses of pairs of record positions are."""
    street, city, postcode = (
        _part(columns[name], letters[name], left, right) for name in ADDRESS_COLUMNS
    )
    area = city.equal | postcode.equal
    near_area = city.alike(~area, CITY_FROM) | postcode.alike(~area, NEVER)
    levels = np.full(len(left), ELSEWHERE, dtype=np.int8)
    levels[near_area] = AREA_ALIKE
    levels[city.equal] = SAME_CITY
    levels[postcode.equal] = SAME_POSTCODE
    if columns["street"].is_telling:
        levels[street.alike(area | near_area, STREET_FROM)] = STREET_ALIKE
        area_unknown = ~(city.known | postcode.known)
        levels[street.equal & ~area] = STREET_ELSEWHERE  # every town has a 12 Station Road
        levels[street.equal & near_area] = STREET_ALIKE
        levels[street.equal & (area | area_unknown)] = EQUAL
    else:
        levels[city.equal & postcode.equal] = EQUAL
        if not (columns["city"].is_telling and columns["postcode"].is_telling):
            levels[area] = EQUAL
    levels[~(street.known | city.known | postcode.known)] = 0
    return levels


def _part(column: EncodedColumn, letters: LetterCounts, left: Codes, right: Codes) -> _Part:
    one, other = column.codes[left], column.codes[right]
    known = (one != MISSING) & (other != MISSING)
    return _Part(known, known & (one == other), one, other, column.values, letters)
