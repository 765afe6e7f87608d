"""Normalise telephone numbers to E.164 by the numbering plan of a country."""

import re
from functools import lru_cache

import phonenumbers
import pyarrow as pa

from orchestration.identity.normalise.distinct import TextColumn, map_distinct_pairs
from orchestration.identity.normalise.text import clean

_NOT_DIGITS = re.compile(r"\D")
# In front of a country's number: "00", also in brackets, and what is left of a doubled "+".
_INTERNATIONAL = re.compile(r"^[^\d+]*\+?[^\d+]*00+[^\d]*(?=[1-9])")
_COUNTED_UP = re.compile(r"^0?1234567?8?9?0?$|^0?123456$")
_OTHER_CODES = {"UK": "GB"}
LONGEST_PHONE = 60
FEWEST_DIGITS = 6


def normalise_phones(column: TextColumn, countries: TextColumn) -> pa.Array:
    """Return a column of telephone numbers as E.164; a number that cannot exist becomes null."""
    return map_distinct_pairs(column, countries, normalise_phone)


@lru_cache(maxsize=100_000)
def normalise_phone(text: str, country: str | None = None) -> str | None:
    """Return a number as E.164, or None if it is none, or filled in only to fill the field.

    Without a country only a number in international form can be placed.
    """
    number = clean(text[:LONGEST_PHONE])
    number = _INTERNATIONAL.sub("+", number)
    region = region_of(country) if country else None
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    national = str(parsed.national_number)
    if not phonenumbers.is_possible_number(parsed) or is_filler(national):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def region_of(country: str) -> str | None:
    """Return the two letters by which a country has its numbering plan; None for any other text."""
    code = country.strip().upper()
    code = _OTHER_CODES.get(code, code)
    return code if code in phonenumbers.SUPPORTED_REGIONS else None


@lru_cache(maxsize=100_000)
def phone_digits(text: str) -> str | None:
    """Return the bare digits of a number whose country nobody knows, for comparing only."""
    digits = _NOT_DIGITS.sub("", clean(text[:LONGEST_PHONE]))
    return None if len(digits) < FEWEST_DIGITS or is_filler(digits) else digits


def is_filler(digits: str) -> bool:
    """Tell whether digits say nothing: too few, one digit over and over, or counted up."""
    tail = digits[-7:]
    return (
        len(digits) < FEWEST_DIGITS - 1
        or len(set(tail)) == 1
        or _COUNTED_UP.match(digits) is not None
    )
