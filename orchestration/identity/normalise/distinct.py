"""Apply a scalar function to an Arrow column by way of its distinct values.

Customer columns repeat themselves, so every normaliser works on the dictionary of a column and
not on its rows. What a value becomes is decided in the sibling modules, not here.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

TextColumn: TypeAlias = pa.Array | pa.ChunkedArray
_TEXT = pa.string()
_AT_ONCE = 100_000  # so many values are Python objects at a time: millions would fill the memory


def map_distinct(column: TextColumn, function: Callable[[str], str | None]) -> pa.Array:
    """Return `function` of every value of a text column; a null stays null."""
    encoded = as_text(column).dictionary_encode()
    mapped = _in_parts(
        encoded.dictionary, lambda part: [function(value) for value in part.to_pylist()]
    )
    return mapped.take(encoded.indices)


def map_distinct_pairs(
    column: TextColumn,
    by: TextColumn,
    function: Callable[[str, str | None], object],
    result_type: pa.DataType = _TEXT,
) -> pa.Array:
    """Return `function(value, other)` for two columns, called once for each distinct pair.

    The second column may be null where the first is not; where the first is null, so is the result.
    """
    left = as_text(column).dictionary_encode()
    right = as_text(by).dictionary_encode()
    width = len(right.dictionary) + 1
    other = pc.fill_null(right.indices.cast(pa.int64()), width - 1)
    keys = pc.add(pc.multiply(left.indices.cast(pa.int64()), width), other).dictionary_encode()
    others = [*right.dictionary.to_pylist(), None]

    def mapped(part: pa.Array) -> list[object]:
        values, places = np.divmod(part.to_numpy(), width)
        texts = left.dictionary.take(pa.array(values)).to_pylist()
        return [
            function(text, others[place])
            for text, place in zip(texts, places.tolist(), strict=True)
        ]

    return _in_parts(keys.dictionary, mapped, result_type).take(keys.indices)


def _in_parts(
    values: pa.Array,
    function: Callable[[pa.Array], list[object]],
    result_type: pa.DataType = _TEXT,
) -> pa.Array:
    """Return what a function makes of an array, a bounded number of values at a time."""
    parts = [
        pa.array(function(values.slice(start, _AT_ONCE)), result_type)
        for start in range(0, len(values), _AT_ONCE)
    ]
    return pa.concat_arrays([pa.array([], result_type), *parts])


def as_text(column: TextColumn) -> pa.Array:
    """Return the column as one contiguous array of strings."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole if pa.types.is_string(whole.type) else whole.cast(pa.string())
