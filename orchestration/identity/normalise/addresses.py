"""Normalise street lines, cities and postcodes so that writings of one place agree."""

import re
from functools import lru_cache

import pyarrow as pa

from orchestration.identity.normalise.distinct import TextColumn, map_distinct
from orchestration.identity.normalise.placeholders import placeholder_codes, says_nothing
from orchestration.identity.normalise.text import clean, to_latin
from orchestration.identity.normalise.vocabulary import vocabulary

_NOT_WORD = re.compile(r"[^a-z0-9]+")
# "221 B" is house 221b, while a single n, e, s or w is a point of the compass.
_HOUSE_THEN_LETTER = re.compile(r"^(\d+) ([a-df-mo-rt-vx-z])\b")
_SPACED_INITIALS = re.compile(r"\b([a-z])\.\s*(?=[a-z]\b)")
LONGEST_ADDRESS = 300


def normalise_addresses(column: TextColumn) -> pa.Array:
    """Return a column of street lines or place names in normalised form."""
    return map_distinct(column, normalise_address)


def normalise_postcodes(column: TextColumn) -> pa.Array:
    """Return a column of postcodes as letters and digits without gaps."""
    return map_distinct(column, normalise_postcode)


def normalise_identifiers(column: TextColumn) -> pa.Array:
    """Return a column of national or loyalty ids as letters and digits without gaps."""
    return map_distinct(column, normalise_identifier)


@lru_cache(maxsize=100_000)
def normalise_address(text: str) -> str | None:
    """Return a street line or place name in Latin letters, the usual words in short form."""
    if says_nothing(text):
        return None
    latin = to_latin(clean(text[:LONGEST_ADDRESS])).replace("'", "")
    latin = _SPACED_INITIALS.sub(r"\1", latin)
    known = vocabulary()
    words = [known.street_words.get(word, word) for word in _NOT_WORD.sub(" ", latin).split()]
    telling = [word for word in words if word not in known.street_noise] or words
    return _HOUSE_THEN_LETTER.sub(r"\1\2", " ".join(telling)) or None


@lru_cache(maxsize=100_000)
def normalise_postcode(text: str) -> str | None:
    """Return a postcode in upper case without gaps; one that is all zeros is none."""
    code = _NOT_WORD.sub("", to_latin(clean(text[:LONGEST_ADDRESS])))
    return None if not code or set(code) == {"0"} or says_nothing(text) else code.upper()


@lru_cache(maxsize=100_000)
def normalise_identifier(text: str) -> str | None:
    """Return an id in upper case without gaps; None for words that say there is none."""
    code = normalise_postcode(text)
    return None if code in placeholder_codes() else code
