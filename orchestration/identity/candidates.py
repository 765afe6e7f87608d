"""Bring candidate pairs: each pair once, with the rules that brought it, in bounded chunks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.sparse import csr_matrix

from orchestration.identity.arrays import MISSING, Codes, Flags, Integers

_CACHED_PAIRS = 1 << 15  # so many pairs' blocks stay in the processor's cache
_BYTES = 8  # a rule is one bit of an integer
_MIXER, _OTHER_MIXER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(32)


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
    blocks: Sequence[Codes],
    chunk: int,
    different_sources: Codes | None = None,
    every: int = 1,
) -> CandidatePairs:
    """Return the pairs that share a block under any rule, all at once or one in so many."""
    tasks = candidate_tasks(blocks, chunk, different_sources, every)
    found = [task() for task in tasks]
    if not found:
        empty = np.empty(0, dtype=np.int32)
        return CandidatePairs(empty, empty, np.empty(0, dtype=np.int64))
    return CandidatePairs(
        np.concatenate([pairs.left for pairs in found]),
        np.concatenate([pairs.right for pairs in found]),
        np.concatenate([pairs.rules for pairs in found]),
    )


def candidate_tasks(
    blocks: Sequence[Codes],
    chunk: int,
    different_sources: Codes | None = None,
    every: int = 1,
) -> Iterator[Callable[[], CandidatePairs]]:
    """Yield what brings about `chunk` pairs each, so that several can be brought at once.

    A pair belongs to the first rule that brings it, so none occurs twice and nothing has to be
    sorted or remembered.
    """
    if not blocks:
        return
    # All blocks of a record stand together: to read them misses the processor's cache once.
    by_record = np.stack(blocks, axis=1)
    for number, codes in enumerate(blocks):
        for left, right in block_pairs(codes, chunk):
            if every > 1:
                drawn = _drawn(left, right, every)
                left, right = left[drawn], right[drawn]
            yield partial(_new_pairs, by_record, number, left, right, different_sources)


def _drawn(left: Codes, right: Codes, every: int) -> Flags:
    """Tell which pairs are drawn: by their records, so that all rules draw the same ones."""
    mixed = left.astype(np.uint64) * _MIXER + right.astype(np.uint64) * _OTHER_MIXER
    return np.asarray((mixed >> _SHIFT) % np.uint64(every) == 0)


def _new_pairs(
    by_record: Codes, number: int, left: Codes, right: Codes, sources: Codes | None
) -> CandidatePairs:
    """Return those of a rule's pairs that no rule before it brings."""
    if sources is not None:
        apart = sources[left] != sources[right]
        left, right = left[apart], right[apart]
    rules = _shared(by_record, left, right)
    new = np.flatnonzero(rules & ((1 << number) - 1) == 0)
    return CandidatePairs(left[new], right[new], rules[new])


def _shared(by_record: Codes, left: Codes, right: Codes) -> Integers:
    """Return under which rules pairs share a block, as bits."""
    bits = np.zeros((len(left), _BYTES), dtype=np.uint8)
    for start in range(0, len(left), _CACHED_PAIRS):
        part = slice(start, start + _CACHED_PAIRS)
        one = by_record.take(left[part], axis=0)
        same = one == by_record.take(right[part], axis=0)
        same &= one != MISSING
        packed = np.packbits(same, axis=1, bitorder="little")
        bits[part, : packed.shape[1]] = packed
    return bits.view("<i8")[:, 0].astype(np.int64, copy=False)


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


def pairs_in_blocks(blocks: Sequence[Codes]) -> int:
    """Return how many pairs rules bring, those of several counted as often."""
    sizes = (np.bincount(codes[codes != MISSING]).astype(np.int64) for codes in blocks)
    return sum(int((size * (size - 1) // 2).sum()) for size in sizes)
