"""Apply a scalar function to an Arrow column by way of its distinct values.

Customer columns repeat themselves, so every normaliser works on the dictionary of a column and
not on its rows. What a value becomes is decided in the sibling modules, not here.
"""

from collections.abc import Callable
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

TextColumn: TypeAlias = pa.Array | pa.ChunkedArray


def map_distinct(column: TextColumn, function: Callable[[str], str | None]) -> pa.Array:
    """Return `function` of every value of a text column; a null stays null."""
    encoded = as_text(column).dictionary_encode()
    mapped = pa.array([function(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return mapped.take(encoded.indices)


def map_distinct_pairs(
    column: TextColumn, by: TextColumn, function: Callable[[str, str | None], str | None]
) -> pa.Array:
    """Return `function(value, other)` for two columns, called once for each distinct pair.

    The second column may be null where the first is not; where the first is null, so is the result.
    """
    left = as_text(column).dictionary_encode()
    right = as_text(by).dictionary_encode()
    width = len(right.dictionary) + 1
    other = pc.fill_null(right.indices.cast(pa.int64()), width - 1)
    keys = pc.add(pc.multiply(left.indices.cast(pa.int64()), width), other).dictionary_encode()
    values, others = left.dictionary.to_pylist(), [*right.dictionary.to_pylist(), None]
    mapped = [
        function(values[key // width], others[key % width]) for key in keys.dictionary.to_pylist()
    ]
    return pa.array(mapped, pa.string()).take(keys.indices)


def as_text(column: TextColumn) -> pa.Array:
    """Return the column as one contiguous array of strings."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole if pa.types.is_string(whole.type) else whole.cast(pa.string())
