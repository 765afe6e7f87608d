"""Bring candidate pairs: each pair once, with the rules that brought it, in bounded chunks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.identity.arrays import MISSING, Codes, Integers


@dataclass(frozen=True, slots=True)
class CandidatePairs:
    """Pairs of record positions, smaller first; bit r of `rules`: rule r brings the pair."""

    left: Codes
    right: Codes
    rules: Integers

    @property
    def size(self) -> int:
        """Number of pairs."""
        return len(self.left)


def candidate_pairs(
    blocks: Sequence[Codes], chunk: int, different_sources: Codes | None = None
) -> CandidatePairs:
    """Return the pairs that share a block under any rule.

    A pair belongs to the first rule that brings it, so none occurs twice and nothing has to be
    sorted.
    """
    found = [
        CandidatePairs(left, right, rules)
        for number in range(len(blocks))
        for left, right, rules in _new_pairs(blocks, number, chunk, different_sources)
    ]
    if not found:
        empty = np.empty(0, dtype=np.int32)
        return CandidatePairs(empty, empty, np.empty(0, dtype=np.int64))
    return CandidatePairs(
        np.concatenate([pairs.left for pairs in found]),
        np.concatenate([pairs.right for pairs in found]),
        np.concatenate([pairs.rules for pairs in found]),
    )


def _new_pairs(
    blocks: Sequence[Codes], number: int, chunk: int, sources: Codes | None
) -> Iterator[tuple[Codes, Codes, Integers]]:
    for left, right in block_pairs(blocks[number], chunk):
        fresh = np.ones(len(left), dtype=np.bool_)
        if sources is not None:
            fresh &= sources[left] != sources[right]
        for earlier in blocks[:number]:
            fresh &= (earlier[left] == MISSING) | (earlier[left] != earlier[right])
        left, right = left[fresh], right[fresh]
        rules = np.full(len(left), 1 << number, dtype=np.int64)
        for later, codes in enumerate(blocks[number + 1 :], number + 1):
            shared = (codes[left] != MISSING) & (codes[left] == codes[right])
            rules |= shared.astype(np.int64) << later
        yield left, right, rules


def block_pairs(codes: Codes, chunk: int) -> Iterator[tuple[Codes, Codes]]:
    """Yield all pairs within each block, about `chunk` at a time."""
    members = np.flatnonzero(codes != MISSING)
    order = members[np.argsort(codes[members], kind="stable")].astype(np.int32)
    sorted_codes = codes[order]
    ends = np.searchsorted(sorted_codes, sorted_codes, side="right")
    partners = ends - 1 - np.arange(len(order))  # each record meets those behind it in its block
    totals = np.cumsum(partners)
    start = 0
    while start < len(order):
        done = totals[start - 1] if start else 0
        stop = max(int(np.searchsorted(totals, done + chunk, side="right")), start + 1)
        counts = partners[start:stop]
        first = np.repeat(np.arange(start, stop), counts)
        offset = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
        if len(first):
            yield order[first], order[first + 1 + offset]
        start = stop


def rules_of_pairs(blocks: Sequence[Codes], left: Codes, right: Codes) -> Integers:
    """Return which rules bring given pairs, as bits."""
    rules = np.zeros(len(left), dtype=np.int64)
    for number, codes in enumerate(blocks):
        shared = (codes[left] != MISSING) & (codes[left] == codes[right])
        rules |= shared.astype(np.int64) << number
    return rules
