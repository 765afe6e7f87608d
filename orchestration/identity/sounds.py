"""Reduce a normalised name to how it sounds, so that spellings and scripts of one name meet.

Vowels go, because Arabic and Hebrew leave them out; the letters that transliterations write
differently are one.
"""

import re
from functools import lru_cache

_SPELLINGS = (
    (re.compile(r"dzh|zh|dj"), "j"),
    (re.compile(r"kh|x"), "h"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"ck|c(?!h)|q"), "k"),
    (re.compile(r"ts|z"), "s"),
    (re.compile(r"ch"), "k"),
    (re.compile(r"sh|th(?=[aeiou])"), "s"),
    (re.compile(r"w"), "v"),
    (re.compile(r"y"), "i"),
)
_FOLDS = (
    (re.compile(r"dzh|zh|dj"), "j"),
    (re.compile(r"kh|x"), "h"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"ck|q"), "k"),
    (re.compile(r"w"), "v"),
    (re.compile(r"ee|ie|iy|ii"), "i"),
    (re.compile(r"oo|ou"), "u"),
    (re.compile(r"y"), "i"),
    (re.compile(r"\bie"), "e"),
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
    text = name
    for pattern, sound in _SPELLINGS:
        text = pattern.sub(sound, text)
    first = "a" if text[:1] in "aeiou" else text[:1]
    return _DOUBLED.sub(r"\1", first + _VOWELS.sub("", text[1:]))


def folded(name: str) -> str:
    """Return a name with the usual variants of one spelling made alike; vowels stay."""
    text = name
    for pattern, sound in _FOLDS:
        text = pattern.sub(sound, text)
    return _DOUBLED.sub(r"\1", text)


@lru_cache(maxsize=200_000)
def bones(name: str) -> str:
    """Return the few kinds of consonants that a name keeps through any script."""
    text = name
    for pattern, kind in _BONES:
        text = pattern.sub(kind, text)
    return _DOUBLED.sub(r"\1", text)
