"""Tell what people and systems write where nothing is known, so that it is no evidence.

Only what says so in words. Values that too many people carry are found from the data.
"""

import re
from functools import cache

from orchestration.identity.normalise.vocabulary import vocabulary

_AROUND = " .,;:-_*?!()[]<>\"'"
_NOT_LETTER = re.compile(r"[\W_]+")
LONGEST_PLACEHOLDER = 40


def says_nothing(text: str) -> bool:
    """Tell whether a text says that nothing is known ("N/A", "unknown", "not given")."""
    # A look at the first letter: nearly every one of a million streets is told by it.
    if len(text) > LONGEST_PLACEHOLDER or text.lstrip(_AROUND)[:1].casefold() not in _initials():
        return False
    words = [word.strip(_AROUND) for word in text.casefold().split()]
    known = vocabulary().placeholder_texts
    return " ".join(words).strip() in known or bool(words) and all(word in known for word in words)


@cache
def _initials() -> frozenset[str]:
    return frozenset(text[0] for text in vocabulary().placeholder_texts)


@cache
def placeholder_codes() -> frozenset[str]:
    """Return the same as identifiers are kept, in capital letters without gaps.

    Among identifiers also what could be a name of somebody says that there is none ("NA").
    """
    known = vocabulary()
    spelled = {_NOT_LETTER.sub("", text) for text in known.placeholder_texts}
    return frozenset(code.upper() for code in spelled | known.placeholder_ids)
