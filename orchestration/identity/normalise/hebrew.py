"""Spell Hebrew words in Latin letters: a rule for each letter, and for the marks that change it.

The script leaves most vowels out; what is missing is made up for in comparison, by learned letter
evidence.
"""

import re

_LETTERS = {
    "א": "a", "ב": "b", "ג": "g", "ד": "d", "ה": "h", "ו": "o", "ז": "z", "ח": "h", "ט": "t",
    "י": "i", "כ": "k", "ך": "kh", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s",
    "ע": "a", "פ": "p", "ף": "f", "צ": "ts", "ץ": "ts", "ק": "k", "ר": "r", "ש": "sh", "ת": "t",
    # A geresh makes a letter stand for a sound that Hebrew has not got.
    "ג'": "j", "ז'": "zh", "צ'": "ch", "ץ'": "ch", "ת'": "th", "ט'": "th", "ד'": "dh", "ח'": "kh",
    "ע'": "gh", "ר'": "gh",
    "וו": "v", "יי": "ay",
}  # fmt: skip
# The same letters stand for consonants in front, and for a vowel behind.
_IN_FRONT = {"ו": "v", "י": "y", "יי": "y"}
_BEHIND = {"ה": "a"}
_UNIT = re.compile("|".join(sorted(_LETTERS, key=len, reverse=True)))


def spell_hebrew(word: str) -> str:
    """Return a cleaned Hebrew word in Latin letters."""
    plain = word.replace("׳", "'")

    def latin(unit: re.Match[str]) -> str:
        letters = unit.group()
        if unit.start() == 0 and letters in _IN_FRONT:
            return _IN_FRONT[letters]
        if unit.end() == len(plain) > 1 and letters in _BEHIND:
            return _BEHIND[letters]
        return _LETTERS[letters]

    return _UNIT.sub(latin, plain)
