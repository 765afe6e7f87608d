"""Know which given names are short or pet forms of which: Bob of Robert, Саша of Александр.

English ones come from the package `nicknames`, those of other languages from the vocabulary. Two
short forms of one name are not taken for each other: Al may be Albert, and Alex Alexander.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from nicknames import name_triplets

from orchestration.identity.arrays import Flags, Integers
from orchestration.identity.normalise.names import normalise_name
from orchestration.identity.normalise.vocabulary import vocabulary
from orchestration.identity.sounds import folded


@dataclass(frozen=True, slots=True)
class ShortForms:
    """The pairs of folded names of which one is a short form of the other."""

    pairs: Integers  # lower number << 32 | higher number, sorted

    @classmethod
    def of(cls, folds: Mapping[str, int]) -> "ShortForms":
        """Find the pairs among folded names, given with their numbers."""
        found = {
            min(folds[name], folds[short]) << 32 | max(folds[name], folds[short])
            for name, shorts in short_forms().items()
            if name in folds
            for short in shorts
            if short in folds
        }
        return cls(np.array(sorted(found), dtype=np.int64))

    def are_related(self, left: Integers, right: Integers) -> Flags:
        """Tell of each pair of numbers whether one name is a short form of the other."""
        if not self.pairs.size:
            return np.zeros(len(left), dtype=np.bool_)
        asked = np.minimum(left, right) << 32 | np.maximum(left, right)
        places = np.searchsorted(self.pairs, asked).clip(max=len(self.pairs) - 1)
        return np.asarray(self.pairs[places] == asked)


@cache
def short_forms() -> Mapping[str, frozenset[str]]:
    """Return the short forms of each name, all folded."""
    listed = [(line.name1, line.name2) for line in name_triplets() if _is_short_form(*line)]
    for short_form, names in vocabulary().short_forms.items():
        listed += [(name, short_form) for name in names]
    found: dict[str, set[str]] = {}
    for pair in listed:
        name, short = (folded(normalise_name(part) or "") for part in pair)
        if name and short and name != short:
            found.setdefault(name, set()).add(short)
    return {name: frozenset(short) for name, short in found.items()}


def _is_short_form(_name: str, relationship: str, _short: str) -> bool:
    return relationship == "has_nickname"
