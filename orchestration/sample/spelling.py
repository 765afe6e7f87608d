"""Spell one name in several scripts: read the list notation and derive what rules can derive.

Runs over the few thousand entries of the name lists, never over people.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_UZBEK_PAIRS = (
    ("oʻ", "ў"), ("gʻ", "ғ"), ("sh", "ш"), ("ch", "ч"), ("ya", "я"), ("yo", "ё"), ("yu", "ю"),
    ("ye", "е"),
)  # fmt: skip
_UZBEK_LETTERS = dict(zip("abdefghijklmnopqrstuvxyz", "абдефгҳижклмнопқрстувхйз", strict=True))
_UZBEK_TO_RUSSIAN = str.maketrans("ўғҳқЎҒҲҚ", "угхкУГХК")
_RUSSIAN_TO_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spellings:
    """One name: Latin spellings (the usual one first), native and Russian letters, nicknames."""

    latin: tuple[str, ...]
    native: tuple[str, ...] = ()
    russian: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()


def unmarked(name: str) -> str:
    """Return a name without the marks on its letters."""
    plain = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def uzbek_cyrillic(name: str) -> str:
    """Write an Uzbek name in Uzbek Cyrillic."""
    lower = name.lower()
    if lower.startswith("e"):
        lower = "э" + lower[1:]
    for latin, cyrillic in _UZBEK_PAIRS:
        lower = lower.replace(latin, cyrillic)
    lower = lower.replace("ʻ", "").replace("ʼ", "ъ")
    return "".join(_UZBEK_LETTERS.get(letter, letter) for letter in lower).title()


def latin_from_russian(name: str) -> str:
    """Write a Russian spelling in Latin letters, as passports do."""
    lower = name.lower().replace("ье", "ye").replace("ьё", "yo")
    return "".join(_RUSSIAN_TO_LATIN.get(letter, letter) for letter in lower).title()


def distinct(*names: str) -> tuple[str, ...]:
    """Return names without repetition, in their order."""
    return tuple(dict.fromkeys(names))


def _listed(entry: str, nicknames: Mapping[str, str]) -> Spellings:
    """Read `native=Latin/Latin` or `Latin/Latin`."""
    native, _, latin = entry.rpartition("=")
    spellings = tuple(part.strip() for part in latin.split("/"))
    short = nicknames.get(spellings[0])
    return Spellings(
        spellings,
        native=(native.strip(),) if native else (),
        nicknames=tuple(short.split("/")) if short else (),
    )


def _unmarked(entry: str, nicknames: Mapping[str, str]) -> Spellings:
    """Read a name with marks; its Latin spelling has none."""
    marked = tuple(part.strip() for part in entry.split("/"))
    return Spellings(tuple(unmarked(part) for part in marked), native=marked)


def _uzbek(entry: str, nicknames: Mapping[str, str]) -> Spellings:
    """Read an Uzbek Latin name; Cyrillic, Russian and the ways to type its apostrophe follow."""
    name = entry.split("/")[0].strip()
    cyrillic = uzbek_cyrillic(name)
    russian = cyrillic.translate(_UZBEK_TO_RUSSIAN)
    ways = ("'", "ʻ", "`", "")
    typed = (name.replace("ʻ", way).replace("ʼ", way) for way in ways)
    others = tuple(part.strip() for part in entry.split("/")[1:])
    latin = distinct(*typed, latin_from_russian(russian), *others)
    short = nicknames.get(name)
    return Spellings(latin, (cyrillic,), (russian,), tuple(short.split("/")) if short else ())


SPELLING_RULES: dict[str, Callable[[str, Mapping[str, str]], Spellings]] = {
    "listed": _listed,
    "unmarked": _unmarked,
    "uzbek": _uzbek,
}
