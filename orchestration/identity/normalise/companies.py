"""Bring names of businesses to what tells them apart, without legal form and by trading name."""

import re
from functools import lru_cache

from orchestration.identity.normalise.text import clean, to_latin
from orchestration.identity.normalise.vocabulary import vocabulary

LONGEST_NAME = 300
_NOT_WORD = re.compile(r"[^a-z0-9]+")
# "L.L.C." and "W.L.L" are words of one letter each.
_DOTTED = re.compile(r"\b[a-z]{1,2}[./](?:[a-z][./]){0,4}[a-z]\b\.?")
_TRADES_AS = re.compile(
    r"\b(?:t/as?|trading\s+as|trading\s+under(?:\s+the\s+name)?|d\s*/?\s*b\s*/?\s*a"
    r"|doing\s+business\s+as|also\s+known\s+as|formerly|f/?k/?a|a/?k/?a)\b[:.]?"
)
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_SHORTEST = 2


@lru_cache(maxsize=100_000)
def business_names(text: str) -> tuple[str, ...]:
    """Return the names a business goes by, the legal one first, without legal forms.

    "Kili Foods Ltd t/a Simba Grill" goes by both; so does "Simba Grill (Kili Foods Ltd)".
    """
    latin = to_latin(clean(text[:LONGEST_NAME])).replace("'", "")
    in_brackets = _IN_BRACKETS.findall(latin)
    parts = [*_TRADES_AS.split(_IN_BRACKETS.sub(" ", latin)), *in_brackets]
    names = [_without_form(part) for part in parts]
    return tuple(dict.fromkeys(name for name in names if len(name) >= _SHORTEST))


def _without_form(part: str) -> str:
    """Return words of a name without the legal form around them."""
    whole = _DOTTED.sub(lambda found: re.sub(r"[./]", "", found.group()) + " ", part)
    words = _NOT_WORD.sub(" ", whole.replace("&", " and ")).split()
    known = vocabulary()
    while words and words[-1] in known.legal_forms:
        words.pop()
    while words and words[0] in known.leading_legal_forms:
        words.pop(0)
    return " ".join(words).removeprefix("the ")
