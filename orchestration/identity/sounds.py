"""Reduce a normalised name to how it sounds, so that spellings and scripts of one name meet.

Vowels go, because Arabic and Hebrew leave them out; the letters that transliterations write
differently are one. Many names are rewritten as the lines of one text (`each_line`): to start a
pattern costs more than to look at a name.
"""

import re
from collections.abc import Callable, Iterable, Sequence

# What occurs in a text that has to be rewritten, and how; most single names have none of it.
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
_VOWEL_IN_FRONT = re.compile(r"(?m)^[aeiou]")
_VOWELS_BEHIND = re.compile(r"(?<=[^\n])[aeiouh ]+")
_DOUBLED = re.compile(r"(.)(?=\1)")


def skeleton(name: str) -> str:
    """Return the consonants of a name after its first sound; every vowel in front counts as one."""
    text = _VOWEL_IN_FRONT.sub("a", _rewritten(name, _SPELLINGS))
    return _DOUBLED.sub("", _VOWELS_BEHIND.sub("", text))


def folded(name: str) -> str:
    """Return a name with the usual variants of one spelling made alike; vowels stay."""
    return _DOUBLED.sub("", _rewritten(name, _FOLDS))


def bones(name: str) -> str:
    """Return the few kinds of consonants that a name keeps through any script."""
    text = name
    for pattern, kind in _BONES:
        text = pattern.sub(kind, text)
    return _DOUBLED.sub("", text)


def each_line(rewrite: Callable[[str], str], names: Sequence[str]) -> list[str]:
    """Return what one of the functions above makes of each name, all at once."""
    text = "\n".join(names)
    if text.count("\n") != len(names) - 1:  # a name of two lines, or no name
        return [rewrite(name) for name in names]
    return rewrite(text).split("\n")


def _rewritten(text: str, spellings: Iterable[tuple[tuple[str, ...], re.Pattern[str], str]]) -> str:
    for parts, pattern, sound in spellings:
        for part in parts:
            if part in text:
                text = pattern.sub(sound, text)
                break
    return text
