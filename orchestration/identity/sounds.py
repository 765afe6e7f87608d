"""Reduce a normalised name to how it sounds, so that spellings and scripts of one name meet.

Vowels go, because Arabic and Hebrew leave them out; the letters that transliterations write
differently are one.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

# What occurs in a text that has to be rewritten, and how; most names have none of it.
_SPELLINGS = (
    (("zh", "dj"), re.compile(r"dzh|zh|dj"), "j"),
    (("kh", "x"), re.compile(r"kh|x"), "h"),
    (("ph",), re.compile(r"ph"), "f"),
    (("c", "q"), re.compile(r"ck|c(?!h)|q"), "k"),
    (("ts", "z"), re.compile(r"ts|z"), "s"),
    (("ch",), re.compile(r"ch"), "k"),
    (("sh", "th"), re.compile(r"sh|th(?=[aeiou])"), "s"),
    (("w",), re.compile(r"w"), "v"),
    (("y",), re.compile(r"y"), "i"),
)
_FOLDS = (
    (("zh", "dj"), re.compile(r"dzh|zh|dj"), "j"),
    (("kh", "x"), re.compile(r"kh|x"), "h"),
    (("ph",), re.compile(r"ph"), "f"),
    (("ck", "q"), re.compile(r"ck|q"), "k"),
    (("w",), re.compile(r"w"), "v"),
    (("ee", "ie", "iy", "ii"), re.compile(r"ee|ie|iy|ii"), "i"),
    (("oo", "ou"), re.compile(r"oo|ou"), "u"),
    (("y",), re.compile(r"y"), "i"),
    (("ie",), re.compile(r"\bie"), "e"),
)
# Letters that some transliteration takes for one another, in the order they are looked for.
_BONES = (
    (re.compile(r"tsch|tch|tsh|sch|sh|dzh|zh|ch|dj|ts|tz|cz|gh|kh|[jzsxkqgc]"), "S"),
    (re.compile(r"ph|[bpfv]"), "P"),
    (re.compile(r"th|[dt]"), "T"),
    (re.compile(r"[mnlr]"), r"\g<0>"),
    (re.compile(r"[aeiouhyw ]+"), ""),
)
BONES_LENGTH = 3
_VOWELS = re.compile(r"[aeiouh ]+")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=200_000)
def skeleton(name: str) -> str:
    """Return the consonants of a name after its first sound; every vowel in front counts as one."""
    text = _rewritten(name, _SPELLINGS)
    first = "a" if text[:1] in "aeiou" else text[:1]
    return _DOUBLED.sub(r"\1", first + _VOWELS.sub("", text[1:]))


def folded(name: str) -> str:
    """Return a name with the usual variants of one spelling made alike; vowels stay."""
    text = _rewritten(name, _FOLDS)
    return _DOUBLED.sub(r"\1", text)


@lru_cache(maxsize=200_000)
def bones(name: str) -> str:
    """Return the few kinds of consonants that a name keeps through any script."""
    text = name
    for pattern, kind in _BONES:
        text = pattern.sub(kind, text)
    return _DOUBLED.sub(r"\1", text)


def _rewritten(text: str, spellings: Iterable[tuple[tuple[str, ...], re.Pattern[str], str]]) -> str:
    for parts, pattern, sound in spellings:
        for part in parts:
            if part in text:
                text = pattern.sub(sound, text)
                break
    return text
