"""Graded levels for e-mail addresses, numbers and categories."""

import numpy as np

from orchestration.identity.arrays import MISSING, Codes, Integers, Levels, Texts
from orchestration.identity.letter_counts import LetterCounts
from orchestration.identity.similarity import DistinctPairs, likely_similarity, near_edits

ALIKE_EMAIL_FROM = 0.88


def category_levels(left: Codes, right: Codes) -> Levels:
    """Return 2 for equal and 1 for different categories."""
    levels = np.where(left == right, 2, 1).astype(np.int8)
    levels[(left == MISSING) | (right == MISSING)] = 0
    return levels


def digits_levels(values: Texts, letters: LetterCounts, left: Codes, right: Codes) -> Levels:
    """Return how close numbers are: 4 equal, 3 one slip, 2 two slips, 1 different."""
    levels = np.ones(len(left), dtype=np.int8)
    missing = (left == MISSING) | (right == MISSING)
    differing = np.flatnonzero(~missing & (left != right))
    if differing.size:
        pairs = DistinctPairs.of(left[differing], right[differing])
        slips = near_edits(values, letters, pairs, 2)
        levels[differing] = (4 - np.clip(slips, 1, 3)).astype(np.int8)[pairs.inverse]
    levels[left == right] = 4
    levels[missing] = 0
    return levels


def email_levels(
    values: Texts, letters: LetterCounts, mailboxes: Integers, left: Codes, right: Codes
) -> Levels:
    """Return how close e-mail addresses are: 4 equal, 3 same mailbox name or two slips, 2 alike."""
    levels = np.ones(len(left), dtype=np.int8)
    missing = (left == MISSING) | (right == MISSING)
    differing = np.flatnonzero(~missing & (left != right))
    if differing.size:
        pairs = DistinctPairs.of(left[differing], right[differing])
        similarity = likely_similarity(values, letters, pairs, ALIKE_EMAIL_FROM)
        graded = np.where(similarity >= ALIKE_EMAIL_FROM, 2, 1)
        near = mailboxes[pairs.left] == mailboxes[pairs.right]
        near |= near_edits(values, letters, pairs, 2) <= 2
        graded[near] = 3
        levels[differing] = graded.astype(np.int8)[pairs.inverse]
    levels[left == right] = 4
    levels[missing] = 0
    return levels
