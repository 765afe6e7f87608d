"""Bring any writing to lower-case Latin letters without marks.

Rules of our own for Cyrillic (Russian, Uzbek), Arabic and Hebrew, because a general table loses
what their speakers write in Latin letters; every other script falls back on anyascii. What names,
streets or e-mails do with it is theirs.
"""

import re
import unicodedata
from functools import cache

from anyascii import anyascii

from orchestration.identity.normalise.hebrew import spell_hebrew
from orchestration.identity.normalise.vocabulary import vocabulary

_APOSTROPHES = dict.fromkeys(map(ord, "ʻʼʹʽ’‘`´ʾʿ′＇"), "'")
# With them the vowel points of Hebrew and Arabic, which hardly anybody types.
_INVISIBLE = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\u0640"
    r"\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0652\u0670]"
)
_LATIN_LETTERS = str.maketrans(
    {
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ø": "o",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
    }
)
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch",
    "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ў": "o", "қ": "q", "ғ": "g",
    "ҳ": "h", "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ә": "a", "ң": "n", "ө": "o", "ұ": "u",
    "ү": "u", "һ": "h", "ӣ": "i", "ӯ": "u", "ҷ": "j",
}  # fmt: skip
# In Uzbek Latin х is x and ж is j; a letter that only Uzbek has shows which table to take.
_UZBEK = {**_CYRILLIC, "х": "x", "ж": "j"}
_UZBEK_LETTERS = frozenset("ўқғҳ")
_ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j",
    "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s",
    "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l",
    "م": "m", "ن": "n", "ه": "h", "ة": "a", "ى": "a", "ء": "", "ئ": "i", "ؤ": "u", "پ": "p",
    "چ": "ch", "ژ": "zh", "گ": "g", "ک": "k", "ی": "y", "ۀ": "a", "ہ": "h", "ے": "e",
}  # fmt: skip
_ARABIC_VOWELS = frozenset("اأإآٱىةعوي")
_DOUBLED_VOWEL = re.compile(r"([aiu])\1+")


def clean(text: str) -> str:
    """Return the text in one Unicode form: NFKC, lower case, one apostrophe, plain digits."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    folded = _INVISIBLE.sub("", folded)
    if folded.isascii():
        return folded.strip()
    return "".join(_plain_digit(sign) for sign in folded).strip()


def to_latin(text: str) -> str:
    """Return cleaned text in ASCII letters, each word by the rules of its script."""
    if text.isascii():
        return text
    return re.sub(r"[^\W\d_][\w']*", lambda word: _word_to_latin(word.group()), text)


def _plain_digit(sign: str) -> str:
    if sign.isascii() or not sign.isdigit():
        return sign
    return str(unicodedata.digit(sign))


def _word_to_latin(word: str) -> str:
    if word.isascii():
        return word
    script = script_of(word)
    if script == "cyrillic":
        table = _UZBEK if _UZBEK_LETTERS & set(word) else _CYRILLIC
        return strip_marks(
            "".join(table.get(sign, sign) for sign in unicodedata.normalize("NFC", word))
        )
    if script == "arabic":
        return _arabic_to_latin(word)
    return strip_marks(spell_hebrew(word) if script == "hebrew" else word)


def strip_marks(text: str) -> str:
    """Return text without diacritics; a letter that still is not ASCII goes through anyascii."""
    decomposed = unicodedata.normalize("NFD", text.translate(_LATIN_LETTERS))
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return plain if plain.isascii() else str(anyascii(plain)).lower()


def script_of(text: str) -> str:
    """Return 'latin', 'cyrillic', 'arabic', 'hebrew' or 'other' by the first letter that tells."""
    for sign in text:
        if sign.isascii() or not sign.isalpha():
            continue
        name = unicodedata.name(sign, "")
        for script in ("LATIN", "CYRILLIC", "ARABIC", "HEBREW"):
            if name.startswith(script):
                return script.lower()
        return "other"
    return "latin"


def _arabic_to_latin(word: str) -> str:
    known = arabic_names().get(word)
    if known:
        return known
    if word.startswith("ال") and len(word) > 4:
        return "al" + (arabic_names().get(word[2:]) or _spell_arabic(word[2:]))
    for prefix in ("عبدال", "عبد"):
        if word.startswith(prefix) and len(word) > len(prefix) + 2:
            rest = word[len(prefix) :]
            return "abdul" + (arabic_names().get(rest) or _spell_arabic(rest))
    return _spell_arabic(word)


def _spell_arabic(word: str) -> str:
    """Spell letter by letter; waw and ya are vowels between consonants, else consonants."""
    letters: list[str] = []
    for position, sign in enumerate(word):
        if sign in "ويی":
            before = word[position - 1] if position else ""
            after = word[position + 1] if position + 1 < len(word) else ""
            consonant = not before or before in _ARABIC_VOWELS or after in "اأآةى" and after != ""
            letters.append(
                ("w" if sign == "و" else "y") if consonant else ("u" if sign == "و" else "i")
            )
        else:
            letters.append(_ARABIC.get(sign, ""))
    return _DOUBLED_VOWEL.sub(r"\1", "".join(letters))


@cache
def arabic_names() -> dict[str, str]:
    """Return how common names in Arabic script are mostly written in Latin letters."""
    return {
        spelling: latin
        for latin, spellings in vocabulary().arabic_names.items()
        for spelling in spellings
    }
