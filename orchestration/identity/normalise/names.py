"""Normalise the names of people and take full names apart by the customs of a country.

A normalised name is lower-case a-z words with single spaces. Whether two of them mean one person
is for comparison.
"""

import re
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.normalise.distinct import (
    TextColumn,
    as_text,
    map_distinct,
    map_distinct_pairs,
)
from orchestration.identity.normalise.name_orders import (
    PATRONYMIC,
    PersonName,
    name_parts,
    name_with_patronymic,
    vietnamese_name,
    western_name,
)
from orchestration.identity.normalise.placeholders import says_nothing
from orchestration.identity.normalise.text import clean, script_of, to_latin
from orchestration.identity.normalise.vocabulary import vocabulary

FULL_NAME_TYPE = pa.struct(
    [("given_name", pa.string()), ("middle_name", pa.string()), ("family_name", pa.string())]
)
ARABIC_COUNTRIES = frozenset(
    {"AE", "SA", "KW", "QA", "OM", "BH", "YE", "IQ", "JO", "LB", "SY", "EG"}
)
PATRONYMIC_COUNTRIES = frozenset({"UZ", "RU", "KZ", "KG", "TJ", "TM", "UA", "BY", "AZ"})
_PARTS = tuple(field.name for field in FULL_NAME_TYPE)
LONGEST_NAME = 200  # longer text is not a name; comparing it would cost more than it tells

_VIETNAMESE_LETTERS = frozenset("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
_NOT_NAME = re.compile(r"[^a-z ]+")
_SPACES = re.compile(r"\s+")
_ASSIMILATED_ARTICLE = re.compile(r"\b(?:a(d|dh|n|r|s|sh|t|th|z))-(?=\1)")
_ARTICLE = re.compile(r"\b(?:al|el|ul)[- ](?=[a-z]{3,})")
_SERVANT_OF_GOD = re.compile(r"\babd[ -]?[aeou]l+[ -]?ah?\b")
_SERVANT_OF = re.compile(
    r"\b(?:abd[aeu]l[ -]?(?:[aeu]l-)?|abd[ -]+(?:[aeu]l[ -]?)?|abdu(?=[^l ])|abdi(?=[a-xz][a-z]{3})"
    r"|abd(?=[b-df-hjkmnp-tvwxz]))(?=[a-z]{3})"
)
_SUN_LETTER_SERVANT = re.compile(
    r"\babd[aeu][rsnzt]{1,2}[- ]?(?=(?:rahm|rahim|salam|samad|nass|zahir))"
)


def normalise_names(column: TextColumn) -> pa.Array:
    """Return a column of names or name parts in normalised form."""
    return map_distinct(column, normalise_name)


def parse_full_names(column: TextColumn, countries: TextColumn) -> pa.Array:
    """Return the parts of a column of full names as structs, by the country of each."""
    return map_distinct_pairs(column, countries, _parsed, FULL_NAME_TYPE)


def _parsed(text: str, country: str | None) -> dict[str, str | None] | None:
    name = parse_full_name(text, country)
    return None if name is None else {part: getattr(name, part) for part in _PARTS}


@lru_cache(maxsize=500_000)
def normalise_name(text: str) -> str | None:
    """Return one name or part of a name as Latin words, without titles and suffixes."""
    if says_nothing(text):
        return None
    words = _words(_latin(text))
    return " ".join(_without_descent(_core(words))) or None


@lru_cache(maxsize=500_000)
def parse_full_name(text: str, country: str | None = None) -> PersonName | None:
    """Return the parts of a full name; the order of its words depends on the country."""
    if says_nothing(text):
        return None
    latin = _latin(text, is_al_a_given_name=country not in ARABIC_COUNTRIES)
    front, comma, back = latin.partition(",")
    family, rest = _core(_words(front)), _core(_words(back))
    if comma and family and rest and not _are_suffixes(_words(back), len(family)):
        return name_parts(rest[:1], _without_descent(rest[1:]), family)
    words = _core(_words(latin))
    if not words:
        return None
    return _in_order_of(country or _country_of_spelling(text, words), words)


def _in_order_of(country: str | None, words: list[str]) -> PersonName:
    if country == "VN":
        return vietnamese_name(words)
    if country in PATRONYMIC_COUNTRIES:
        return name_with_patronymic(words)
    words = _without_descent(words)
    if country in ARABIC_COUNTRIES:
        return name_parts(words[:1], words[1:-1], words[1:][-1:])
    return western_name(words)


@lru_cache(maxsize=500_000)
def generation_of(text: str) -> str | None:
    """Return the generation suffix of a raw name ('jr', 'sr', ...), which tells father from son."""
    words = _words(_latin(text).replace(",", " "))
    while len(words) > 1:
        if words[-1] in vocabulary().suffixes:
            return vocabulary().suffixes[words[-1]]
        if words[-1] not in vocabulary().academic_suffixes:
            break
        words = words[:-1]
    return None


def name_scripts(column: TextColumn) -> pa.Array:
    """Return the script of each name that is not written in Latin letters; null for the others."""
    names = as_text(column)
    foreign = pc.if_else(pc.string_is_ascii(names), pa.scalar(None, pa.string()), names)
    return map_distinct(foreign, _other_script)


def _other_script(text: str) -> str | None:
    script = script_of(clean(text[:LONGEST_NAME]))
    return None if script == "latin" else script


def _country_of_spelling(text: str, words: list[str]) -> str | None:
    """Return a country whose customs fit a name of unknown origin, where its spelling tells."""
    cleaned = clean(text[:LONGEST_NAME])
    if _VIETNAMESE_LETTERS & set(cleaned) and words[0] in vocabulary().vietnamese_family_names:
        return "VN"
    if script_of(cleaned) == "arabic":
        return "AE"
    if words[0] in vocabulary().vietnamese_family_names and _has_vietnamese_middle_name(words):
        return "VN"
    has_patronymic = any(
        word in vocabulary().patronymic_words or PATRONYMIC.search(word) for word in words[1:]
    )
    return "UZ" if has_patronymic or script_of(cleaned) == "cyrillic" else None


def _has_vietnamese_middle_name(words: list[str]) -> bool:
    """Tell "Nguyen Van Le" from "Mai van der Berg"."""
    middle, last = words[1:2], words[2:3]
    known = vocabulary().vietnamese_middle_names
    return bool(last) and middle[0] in known and last[0] not in ("der", "den", "de")


def _latin(text: str, *, is_al_a_given_name: bool = False) -> str:
    cleaned = clean(text[:LONGEST_NAME])
    if not cleaned.isascii():
        cleaned = _without_vietnamese_title(cleaned)
    latin = to_latin(cleaned).replace("'", "").replace(".", " ")
    latin = _ASSIMILATED_ARTICLE.sub("al-", latin)
    latin = _SERVANT_OF_GOD.sub("abdullah", latin)
    latin = _SERVANT_OF.sub("abdul", _SUN_LETTER_SERVANT.sub("abdul", latin))
    if is_al_a_given_name and script_of(cleaned) == "latin" and _is_al_of_a_family(latin):
        return latin
    return _ARTICLE.sub("al", latin)


def _is_al_of_a_family(latin: str) -> bool:
    """Tell whether "al" and one name are all there is: Al Gore, and no article of a family name."""
    words = _core(latin.replace(",", " ").split())
    return len(words) == 2 and words[0] in ("al", "el")


def _without_vietnamese_title(text: str) -> str:
    first, _, rest = text.partition(" ")
    following = to_latin(rest.partition(" ")[0])
    is_title = (
        first in vocabulary().vietnamese_titles
        and following in vocabulary().vietnamese_family_names
    )
    return rest if is_title else text


def _words(text: str) -> list[str]:
    return _SPACES.sub(" ", _NOT_NAME.sub(" ", text)).split()


def _core(words: list[str]) -> list[str]:
    """Drop titles in front and suffixes behind, as long as a word remains."""
    known = vocabulary()
    while len(words) > 1 and words[0] in known.titles:
        words = words[1:]
    while len(words) > 1 and (words[-1] in known.suffixes or words[-1] in known.academic_suffixes):
        words = words[:-1]
    return words


def _are_suffixes(words: list[str], family_words: int) -> bool:
    """Tell whether what follows a comma is no given name, as in "John Smith, Jr."."""
    known = vocabulary()
    return all(
        word in known.suffixes
        # Behind one word "md" is a given name: Mohammed in short.
        or (word in known.academic_suffixes and family_words > 1)
        for word in words
    )


def _without_descent(words: list[str]) -> list[str]:
    """Drop 'son of' and 'daughter of' between names; in front they may be a name of their own."""
    known = vocabulary()
    skipped = known.descent_particles | known.patronymic_words
    return words[:1] + [word for word in words[1:] if word not in skipped]
