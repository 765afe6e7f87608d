"""Arrow columns from numpy arrays: keys, amounts, moments, strings joined or picked by index.

Only kernels that know nothing of the company belong here.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample.draws import Bits, Flags, Ints, Keys

Column = Any  # a pyarrow array; pyarrow ships no types


def joined(*parts: Column | str, separator: str = "") -> Column:
    """Join strings element by element, leaving out what is null; null where nothing is left."""
    has_text = any(isinstance(part, str) for part in parts)
    absent = None if has_text else _all_null(parts)
    if absent is not None:
        # Arrow's join loses a row of which every part is null.
        parts = (pc.if_else(absent, pa.scalar(""), parts[0]), *parts[1:])
    result = pc.binary_join_element_wise(*parts, separator, null_handling="skip")
    return result if absent is None else pc.if_else(absent, pa.scalar(None, pa.string()), result)


def _all_null(parts: Sequence[Column]) -> Column | None:
    """Return where every part is null, or None if that is nowhere."""
    if any(part.null_count == 0 for part in parts):
        return None
    absent = parts[0].is_null()
    for part in parts[1:]:
        absent = pc.and_(absent, part.is_null())
    return absent


def numbered(prefix: str, numbers: Keys, width: int) -> Column:
    """Return keys such as `CT0000042`; null where the number is negative."""
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")
    return masked(pc.binary_join_element_wise(prefix, digits, ""), numbers < 0)


def masked(column: Column, is_null: Flags) -> Column:
    """Set the flagged elements to null."""
    return pc.if_else(pa.array(is_null), pa.scalar(None, column.type), column)


def blend(use_other: Flags, other: Column, column: Column) -> Column:
    """Take the flagged elements from `other`."""
    return pc.if_else(pa.array(use_other), other, column)


def picked(values: Sequence[str | None], index: Keys) -> Column:
    """Gather strings by index; null where the index is negative."""
    return pa.array(values, pa.string()).take(pa.array(index, mask=np.asarray(index) < 0))


def gathered(column: Column, index: Keys) -> Column:
    """Gather the elements of a column by index; null where the index is negative."""
    return column.take(pa.array(index, mask=np.asarray(index) < 0))


def moments(seconds: Keys) -> Column:
    """Return UTC timestamps from seconds since 1970; null where negative."""
    micros = np.asarray(seconds).astype(np.int64) * 1_000_000
    return pa.array(micros, pa.timestamp("us"), mask=micros < 0)


def days(since_epoch: Keys) -> Column:
    """Return dates from days since 1970 (birth dates may lie before)."""
    return pa.array(np.asarray(since_epoch).astype(np.int32), pa.date32())


def amounts(cents: Ints, precision: int = 18) -> Column:
    """Return decimals with two places from whole hundredths."""
    words = np.stack([cents, cents >> 63], axis=1)
    buffer = pa.py_buffer(np.ascontiguousarray(words).tobytes())
    return pa.Array.from_buffers(pa.decimal128(precision, 2), len(cents), [None, buffer])


def text_of(codes: Keys, lengths: Keys) -> Column:
    """Return strings from a matrix of ASCII codes, of which each row uses its first `lengths`."""
    width = codes.shape[1]
    used = np.arange(width)[None, :] < np.asarray(lengths)[:, None]
    flat = np.ascontiguousarray(codes.astype(np.uint8)[used])
    offsets = np.zeros(len(codes) + 1, dtype=np.int32)
    np.cumsum(lengths, out=offsets[1:])
    return pa.StringArray.from_buffers(len(codes), pa.py_buffer(offsets), pa.py_buffer(flat))


def hexadecimal(bits: Bits, width: int = 16) -> Column:
    """Return the leading hexadecimal digits of 64-bit numbers."""
    shifts = np.arange(60, 60 - 4 * width, -4, dtype=np.uint64)
    nibbles = ((bits[:, None] >> shifts[None, :]) & np.uint64(15)).astype(np.uint8)
    codes = np.where(nibbles < 10, nibbles + ord("0"), nibbles + ord("a") - 10)
    return text_of(codes, np.full(len(bits), width, dtype=np.int32))


def nothing(count: int) -> Column:
    """Return a column of null strings."""
    return pa.nulls(count, pa.string())
