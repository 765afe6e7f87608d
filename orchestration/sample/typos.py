"""Slips of the keyboard and of OCR on whole columns: letters as a matrix of code points."""

import numpy as np
import pyarrow as pa

from orchestration.sample.columns import Column
from orchestration.sample.draws import Draws, Flags, Ints, Keys

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
_OCR = {"o": "0", "l": "1", "i": "l", "s": "5", "b": "8", "e": "c", "n": "m", "u": "v"}
_TABLE_SIZE = 0x600


def _neighbours() -> Ints:
    """Return, by code point, the letter a finger hits when it slips to the right."""
    table = np.arange(_TABLE_SIZE, dtype=np.int64)
    for row in _ROWS:
        for letter, other in zip(row, row[1:] + row[-2], strict=True):
            table[ord(letter)] = ord(other)
            table[ord(letter.upper())] = ord(other.upper())
    return table


def _misread() -> Ints:
    table = _neighbours()
    for letter, other in _OCR.items():
        table[ord(letter)] = ord(other)
    return table


def with_slips(draws: Draws, stream: str, column: Column, struck: Flags, keys: Keys) -> Column:
    """Put one slip into each struck, non-null string of three letters or more."""
    where = np.flatnonzero(struck & ~np.asarray(column.is_null()))
    if not len(where):
        return column
    texts = np.array(column.take(pa.array(where)).to_pylist(), dtype=np.str_)
    slipped = _slip(draws, stream, texts, keys[where])
    mask = np.zeros(len(column), dtype=np.bool_)
    mask[where] = True
    return pa.compute.replace_with_mask(column, pa.array(mask), pa.array(slipped, pa.string()))


def _slip(draws: Draws, stream: str, texts: np.ndarray, keys: Keys) -> list[str]:
    """Return the strings with a letter replaced, misread, lost, doubled or swapped."""
    width = texts.dtype.itemsize // 4
    codes = texts.view(np.uint32).reshape(len(texts), width).astype(np.int64)
    codes = np.concatenate([codes, np.zeros((len(codes), 1), dtype=np.int64)], axis=1)
    lengths = np.char.str_len(texts)
    # The first letter is right most of the time: people look at it.
    place = np.minimum(
        1 + draws.below(f"{stream}.place", np.maximum(lengths - 1, 1), keys), lengths - 1
    )
    kind = draws.choice(f"{stream}.kind", (0.3, 0.1, 0.25, 0.15, 0.2), keys)
    kind = np.where(lengths < 3, 5, kind)
    columns = np.arange(width + 1)[None, :]
    at = place[:, None]
    source = np.broadcast_to(columns, codes.shape).copy()
    source = np.where((kind == 2)[:, None] & (columns >= at), columns + 1, source)
    source = np.where((kind == 3)[:, None] & (columns > at), columns - 1, source)
    swaps = (kind == 4)[:, None]
    source = np.where(swaps & (columns == at), columns - 1, source)
    source = np.where(swaps & (columns == at - 1), columns + 1, source)
    result = np.take_along_axis(codes, np.clip(source, 0, width), axis=1)
    rows = np.arange(len(codes))
    for number, table in ((0, _neighbours()), (1, _misread())):
        chosen = rows[kind == number]
        letters = result[chosen, place[chosen]]
        known = letters < _TABLE_SIZE
        result[chosen, place[chosen]] = np.where(
            known, table[np.minimum(letters, _TABLE_SIZE - 1)], letters
        )
    flat = np.ascontiguousarray(result.astype(np.uint32)).view(f"<U{width + 1}")
    return [str(text) for text in flat.ravel()]
