"""Telephone numbers: one per person and slot, never two people by chance, typed in many ways."""

import numpy as np

from orchestration.sample.columns import Column, text_of
from orchestration.sample.draws import Draws, Ints, Keys
from orchestration.sample.places import Country, Numbering, Places

SLOTS = 3  # the number of today, the one before it, the one that comes after it
_SPREAD = 7_368_787  # prime, so that multiplying by it permutes the numbers of any length

# Ways to type a number: N national with trunk digit, P "+" and country code, Z "00" and country code, L bare.
# Digits follow in groups; a template says what stands between the groups.
_WAYS = ("P", "P ", "P-", "N", "N ", "N-", "Z", "Z ", "L", "(P) ")
_WAY_WEIGHTS = (0.26, 0.14, 0.04, 0.28, 0.1, 0.05, 0.05, 0.02, 0.04, 0.02)


def _numbers(numbering: Numbering, rank: Keys, country: Country) -> Ints:
    """Return national numbers; different ranks give different numbers."""
    room = 10**numbering.digits
    line = rank % room
    # Countries start elsewhere, so that the digits of one do not recur in the next.
    start = int(country.calling_code) * 975_613
    subscriber = (line * _SPREAD + start) % room
    count = len(numbering.prefixes)
    # The lower ranks are spread over all prefixes, and the next round takes the following prefix.
    prefix = (line * 31 // 7 + rank // room) % count
    leading = np.array([int(one) for one in numbering.prefixes], dtype=np.int64)
    return np.asarray(leading[prefix] * room + subscriber)


def mobile_numbers(places: Places, country: Keys, rank: Keys, slot: Keys) -> Ints:
    """Return the mobile number of each person (by rank in the country) and slot."""
    result = np.zeros(len(country), dtype=np.int64)
    for number, one in enumerate(places.countries):
        where = np.flatnonzero(country == number)
        result[where] = _numbers(one.mobile, rank[where] * SLOTS + slot[where], one)
    return result


def landline_numbers(places: Places, country: Keys, rank: Keys) -> Ints:
    """Return the landline of each household or business (by rank in the country)."""
    result = np.zeros(len(country), dtype=np.int64)
    for number, one in enumerate(places.countries):
        where = np.flatnonzero(country == number)
        result[where] = _numbers(one.landline, rank[where], one)
    return result


def _template(country: Country, way: str, length: int) -> list[int]:
    """Return codes of one way to type a number: characters, or -1-i for digit i."""
    separator = way[-1] if way[-1] in " -" else ""
    bare = way.strip(" -")
    opening = {
        "P": "+" + country.calling_code + separator,
        "(P)": "(+" + country.calling_code + ")" + separator,
        "Z": "00" + country.calling_code + separator,
        "N": country.trunk,
        "L": "",
    }[bare]
    codes = [ord(letter) for letter in opening]
    for digit in range(length):
        if separator and digit in (2, 5) and length - digit > 2:
            codes.append(ord(separator))
        codes.append(-1 - digit)
    return codes


def typed(
    draws: Draws, stream: str, places: Places, country: Keys, number: Keys, *keys: Keys
) -> Column:
    """Return each national number as somebody typed it; `keys` name who did."""
    lengths = np.floor(np.log10(np.maximum(number, 1))).astype(np.int64) + 1
    way = draws.choice(f"{stream}.way", _WAY_WEIGHTS, *keys)
    return _write(places, country, number, lengths, way)


def international(places: Places, country: Keys, number: Keys) -> Column:
    """Return each number in E.164."""
    lengths = np.floor(np.log10(np.maximum(number, 1))).astype(np.int64) + 1
    return _write(places, country, number, lengths, np.zeros(len(lengths), dtype=np.int64))


def _write(places: Places, country: Keys, number: Keys, lengths: Ints, way: Ints) -> Column:
    """Lay digits into the template of country, way and length, all rows at once."""
    longest = 11
    table, sizes = _templates(places, longest)
    row = (np.asarray(country) * len(_WAYS) + way) * (longest + 1) + lengths
    codes = table[row]
    powers = 10 ** np.arange(longest, dtype=np.int64)
    digits = (np.asarray(number)[:, None] // powers[None, :]) % 10  # least significant first
    position = lengths[:, None] - 1 - (-1 - codes)
    taken = np.take_along_axis(digits, np.clip(position, 0, longest - 1), axis=1)
    return text_of(np.where(codes < 0, taken + ord("0"), codes), sizes[row])


def _templates(places: Places, longest: int) -> tuple[Ints, Ints]:
    rows = [
        _template(country, way, length)
        for country in places.countries
        for way in _WAYS
        for length in range(longest + 1)
    ]
    sizes = np.array([len(row) for row in rows], dtype=np.int64)
    table = np.zeros((len(rows), sizes.max()), dtype=np.int64)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table, sizes
