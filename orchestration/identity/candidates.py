"""Bring candidate pairs: each pair once, with the rules that brought it, in bounded chunks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from orchestration.identity.arrays import MISSING, Codes, Flags, Integers


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
    """Return the pairs that share a block under any rule, all at once."""
    found = list(candidate_chunks(blocks, chunk, different_sources))
    if not found:
        empty = np.empty(0, dtype=np.int32)
        return CandidatePairs(empty, empty, np.empty(0, dtype=np.int64))
    return CandidatePairs(
        np.concatenate([pairs.left for pairs in found]),
        np.concatenate([pairs.right for pairs in found]),
        np.concatenate([pairs.rules for pairs in found]),
    )


def candidate_chunks(
    blocks: Sequence[Codes], chunk: int, different_sources: Codes | None = None
) -> Iterator[CandidatePairs]:
    """Yield the pairs that share a block under any rule, about `chunk` at a time.

    A pair belongs to the first rule that brings it, so none occurs twice and nothing has to be
    sorted or remembered.
    """
    for number in range(len(blocks)):
        for left, right, rules in _new_pairs(blocks, number, chunk, different_sources):
            yield CandidatePairs(left, right, rules)


def _new_pairs(
    blocks: Sequence[Codes], number: int, chunk: int, sources: Codes | None
) -> Iterator[tuple[Codes, Codes, Integers]]:
    for left, right in block_pairs(blocks[number], chunk):
        if sources is not None:
            left, right = _where(sources[left] != sources[right], left, right)
        for earlier in blocks[:number]:
            codes = earlier[left]
            left, right = _where((codes == MISSING) | (codes != earlier[right]), left, right)
        rules = np.full(len(left), 1 << number, dtype=np.int64)
        for later, codes in enumerate(blocks[number + 1 :], number + 1):
            own = codes[left]
            rules |= ((own != MISSING) & (own == codes[right])).astype(np.int64) << later
        yield left, right, rules


def _where(kept: Flags, left: Codes, right: Codes) -> tuple[Codes, Codes]:
    return left[kept], right[kept]


def block_pairs(codes: Codes, chunk: int) -> Iterator[tuple[Codes, Codes]]:
    """Yield all pairs within each block, about `chunk` at a time."""
    order, sizes = in_blocks(codes)
    ends = np.repeat(np.cumsum(sizes), sizes)
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


def in_blocks(codes: Codes) -> tuple[Codes, Integers]:
    """Return the records that have a code, block after block, and the sizes of the blocks.

    A sparse matrix is built by counting, which takes a fraction of the time of sorting.
    """
    members = np.flatnonzero(codes != MISSING).astype(np.int32)
    present = codes[members]
    shape = (int(present.max(initial=0)) + 1, len(codes))
    ones = np.ones(len(members), dtype=np.int8)
    blocks = csr_matrix((ones, (present, members)), shape=shape)
    sizes = np.diff(blocks.indptr)
    return blocks.indices.astype(np.int32), sizes[sizes > 0].astype(np.int64)


def rules_of_pairs(blocks: Sequence[Codes], left: Codes, right: Codes) -> Integers:
    """Return which rules bring given pairs, as bits."""
    rules = np.zeros(len(left), dtype=np.int64)
    for number, codes in enumerate(blocks):
        shared = (codes[left] != MISSING) & (codes[left] == codes[right])
        rules |= shared.astype(np.int64) << number
    return rules
