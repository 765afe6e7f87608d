"""Graded levels for names: initials, spellings, sounds, shared words, swapped parts."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from orchestration.identity.arrays import MISSING, Codes, Flags, Integers, Levels, Texts
from orchestration.identity.letter_counts import LetterCounts
from orchestration.identity.short_forms import ShortForms
from orchestration.identity.similarity import DistinctPairs, edits, likely_similarity
from orchestration.identity.sounds import each_line, folded, skeleton

DIFFERENT, FAINT, INITIAL, SHORT_FORM, ALIKE, CLOSE, SWAPPED, EQUAL = range(1, 9)
FAINT_FROM, ALIKE_FROM, CLOSE_FROM = 0.7, 0.85, 0.92
SHORTEST_FOR_EDIT = 4  # one edit in "Ana" makes another name, one in "Anna" mostly does not
SHORTEST_SKELETON = 3


@dataclass(frozen=True, slots=True)
class NameWords:
    """What comparing needs to know of each distinct name, worked out once."""

    values: Texts
    lengths: Integers
    initials: Integers
    sounds: Integers
    sound_lengths: Integers
    folds: Integers
    has_words: Flags
    letters: LetterCounts
    short_forms: ShortForms  # of folds

    @classmethod
    def of(cls, values: Texts) -> "NameWords":
        """Work out lengths, initials and sounds of distinct names."""
        names = values.tolist()
        skeletons = each_line(skeleton, names)
        folds, distinct_folds = pd.factorize(np.array(each_line(folded, names), object))
        return cls(
            values=values,
            lengths=np.array([len(name) for name in names], dtype=np.int64),
            initials=np.array([ord(name[0]) for name in names], dtype=np.int64),
            sounds=_numbered(skeletons),
            sound_lengths=np.array([len(sound) for sound in skeletons], dtype=np.int64),
            folds=folds.astype(np.int64),
            has_words=np.array([" " in name for name in names], dtype=np.bool_),
            letters=LetterCounts.of(values),
            short_forms=ShortForms.of({name: place for place, name in enumerate(distinct_folds)}),
        )

    def where(self, held: Flags) -> "NameWords":
        """Return what is known of some of the names."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        letters, short_forms = parts.pop("letters").where(held), parts.pop("short_forms")
        kept = {name: part[held] for name, part in parts.items()}
        return NameWords(**kept, letters=letters, short_forms=short_forms)


def name_levels(words: NameWords, left: Codes, right: Codes) -> Levels:
    """Return how close two columns of name codes are, pair by pair."""
    levels = np.full(len(left), DIFFERENT, dtype=np.int8)
    missing = (left == MISSING) | (right == MISSING)
    equal = left == right
    differing = np.flatnonzero(~(missing | equal))
    if differing.size:
        pairs = DistinctPairs.of(left[differing], right[differing])
        levels[differing] = _different_names(words, pairs)[pairs.inverse]
    levels[equal] = EQUAL
    levels[missing] = 0
    return levels


def raise_short_forms(words: NameWords, levels: Levels, left: Codes, right: Codes) -> None:
    """Raise, in place, the levels of given names of which one is a short form of the other."""
    unlike = np.flatnonzero((levels > 0) & (levels < SHORT_FORM))
    folds = words.folds[left[unlike]], words.folds[right[unlike]]
    levels[unlike[words.short_forms.are_related(*folds)]] = SHORT_FORM


def swapped(words: NameWords, given: tuple[Codes, Codes], family: tuple[Codes, Codes]) -> Flags:
    """Tell which pairs carry one part of the name of one as the other part of the other, both ways.

    One spelling may differ, but no initial: so few pairs are left to be compared.
    """
    differing = (given[0] != given[1]) & (family[0] != family[1]) & (given[0] != family[0])
    for codes in (*given, *family):
        differing &= codes != MISSING
    possible = np.flatnonzero(differing)
    for one, other in ((given[0], family[1]), (family[0], given[1])):
        initials = words.initials[one[possible]], words.initials[other[possible]]
        possible = possible[initials[0] == initials[1]]
    result = np.zeros(len(given[0]), dtype=np.bool_)
    if possible.size:
        forth = name_levels(words, given[0][possible], family[1][possible])
        back = name_levels(words, family[0][possible], given[1][possible])
        # Two spellings at once are too much: Fernando White is not Whitney Fernandez.
        result[possible] = (np.minimum(forth, back) >= CLOSE) & (np.maximum(forth, back) == EQUAL)
    return result


def _different_names(words: NameWords, pairs: DistinctPairs) -> Levels:
    left, right = pairs.left, pairs.right
    similarity = likely_similarity(words.values, words.letters, pairs, FAINT_FROM)
    shortest = np.minimum(words.lengths[left], words.lengths[right])
    whole = shortest > 1
    levels = np.where(similarity >= FAINT_FROM, FAINT, DIFFERENT).astype(np.int8)
    levels[~whole & (words.initials[left] == words.initials[right])] = INITIAL
    same_sound = words.sounds[left] == words.sounds[right]
    long_sound = words.sound_lengths[left] >= SHORTEST_SKELETON
    levels[whole & ((similarity >= ALIKE_FROM) | (same_sound & long_sound))] = ALIKE
    close = whole & (similarity >= CLOSE_FROM)
    close |= whole & (words.folds[left] == words.folds[right])
    uncertain = np.flatnonzero(
        ~close & (similarity >= FAINT_FROM) & (shortest >= SHORTEST_FOR_EDIT)
    )
    if uncertain.size:
        close[uncertain] |= edits(words.values, left[uncertain], right[uncertain], 1) <= 1
    composed = np.flatnonzero(~close & (words.has_words[left] | words.has_words[right]))
    for pair in composed:
        close[pair] = _shares_words(words.values[left[pair]], words.values[right[pair]])
    levels[close] = CLOSE
    return levels


def _shares_words(left: str, right: str) -> bool:
    """Tell whether all words of the shorter name stand in the longer one, initials not counted."""
    shorter, longer = sorted((set(left.split()), set(right.split())), key=len)
    telling = {word for word in shorter if len(word) > 1}
    return bool(telling) and telling <= longer


def _numbered(values: list[str]) -> Integers:
    return pd.factorize(np.array(values, dtype=object))[0].astype(np.int64)
