"""Telephone numbers: one per person and slot, never two people by chance, typed in many ways."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from orchestration.sample.columns import Column, text_of
from orchestration.sample.draws import Draws, Ints, Keys
from orchestration.sample.places import Country, Numbering, Places

SLOTS = 3  # the number before, the number of today, the one that comes after it
LINES = 3
HOUSEHOLD_LINE, ACCOUNT_LINE, SHOP_LINE = range(LINES)

# Ways to type a number: N national with trunk digit, P plus and country code, Z 00 and country
# code, L bare. Digits follow in groups; the last character is what stands between the groups.
_WAYS = ("P", "P ", "P-", "N", "N ", "N-", "Z", "Z ", "L", "(P) ")
_WAY_WEIGHTS = (0.26, 0.14, 0.04, 0.28, 0.1, 0.05, 0.05, 0.02, 0.04, 0.02)
_LONGEST = 11
_BATCH = 200_000


@dataclass
class Telephones:
    """Who has which number: it follows from a rank in the country, and no two ranks share one."""

    draws: Draws
    places: Places

    def mobile(self, country: Keys, rank: Keys, slot: Keys) -> Ints:
        """Return the mobile number of each person (by rank in the country) and slot."""
        result = np.zeros(len(country), dtype=np.int64)
        for number, one in enumerate(self.places.countries):
            where = np.flatnonzero(country == number)
            result[where] = self._numbers(one.mobile, one, rank[where] * SLOTS + slot[where])
        return result

    def landline(self, country: Keys, rank: Keys, line: int) -> Ints:
        """Return the landline of each household, account or shop (`line`) by its rank."""
        result = np.zeros(len(country), dtype=np.int64)
        for number, one in enumerate(self.places.countries):
            where = np.flatnonzero(country == number)
            result[where] = self._numbers(one.landline, one, rank[where] * LINES + line)
        return result

    def _numbers(self, numbering: Numbering, country: Country, rank: Ints) -> Ints:
        """Return national numbers; ranks beyond the room of one prefix take the next."""
        room = 10**numbering.digits
        line, lap = rank % room, rank // room
        count = len(numbering.prefixes)
        prefix = (self.draws.below(f"phone.prefix.{country.code}", count, line) + lap) % count
        leading = np.array([int(one) for one in numbering.prefixes], dtype=np.int64)
        stream = f"phone.line.{country.code}.{numbering.prefixes[0]}"
        return np.asarray(leading[prefix] * room + self._shuffled(stream, line, numbering.digits))

    def _shuffled(self, stream: str, line: Ints, digits: int) -> Ints:
        """Permute numbers of some digits: each round adds to one half what follows from the other.

        A person's next number must not follow from the last one, or the data would tell the truth.
        """
        low = 10 ** (digits // 2)
        high = 10 ** (digits - digits // 2)
        right, left = line % low, line // low
        for turn in range(3):
            left = (left + self.draws.below(f"{stream}.{turn}.left", high, right)) % high
            right = (right + self.draws.below(f"{stream}.{turn}.right", low, left)) % low
        return np.asarray(left * low + right)

    def typed(self, stream: str, country: Keys, number: Keys, *keys: Keys) -> Column:
        """Return each national number as somebody typed it; `keys` name who did."""
        return self._written(
            country, number, self.draws.choice(f"{stream}.way", _WAY_WEIGHTS, *keys)
        )

    def international(self, country: Keys, number: Keys) -> Column:
        """Return each number in E.164."""
        return self._written(country, number, np.zeros(len(number), dtype=np.int64))

    def _written(self, country: Keys, number: Keys, way: Ints) -> Column:
        """Lay digits into the template of country, way and length, many rows at once."""
        lengths = np.floor(np.log10(np.maximum(number, 1))).astype(np.int64) + 1
        row = (np.asarray(country) * len(_WAYS) + way) * (_LONGEST + 1) + lengths
        batches = [
            self._laid_out(row[start : start + _BATCH], number[start : start + _BATCH])
            for start in range(0, max(len(row), 1), _BATCH)
        ]
        return pa.concat_arrays(batches)

    def _laid_out(self, row: Ints, number: Ints) -> Column:
        table, sizes = self._templates
        codes = table[row]
        powers = 10 ** np.arange(_LONGEST, dtype=np.int64)
        digits = ((number[:, None] // powers[None, :]) % 10).astype(
            np.int16
        )  # least significant first
        position = (row % (_LONGEST + 1))[:, None] + codes
        taken = np.take_along_axis(digits, np.clip(position, 0, _LONGEST - 1), axis=1)
        return text_of(np.where(codes < 0, taken + ord("0"), codes), sizes[row])

    @cached_property
    def _templates(self) -> tuple[Ints, Ints]:
        """Return every template as a row of codes, and the length of each."""
        rows = [
            _template(country, way, length)
            for country in self.places.countries
            for way in _WAYS
            for length in range(_LONGEST + 1)
        ]
        sizes = np.array([len(row) for row in rows], dtype=np.int64)
        table = np.zeros((len(rows), sizes.max()), dtype=np.int64)
        for number, row in enumerate(rows):
            table[number, : len(row)] = row
        return table, sizes


def _template(country: Country, way: str, length: int) -> list[int]:
    """Return codes of one way to type a number: characters, or -1-i for digit i."""
    separator = way[-1] if way[-1] in " -" else ""
    opening = {
        "P": "+" + country.calling_code + separator,
        "(P)": "(+" + country.calling_code + ")" + separator,
        "Z": "00" + country.calling_code + separator,
        "N": country.trunk,
        "L": "",
    }[way.strip(" -")]
    codes = [ord(letter) for letter in opening]
    for digit in range(length):
        if separator and digit in (2, 5) and length - digit > 2:
            codes.append(ord(separator))
        codes.append(-1 - digit)
    return codes
