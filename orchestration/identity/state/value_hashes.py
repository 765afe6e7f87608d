"""Stand for values and blocking keys by numbers that are the same in every run and every batch.

Codes of the engine belong to one set of records; these do not, so that a single record can be
looked up among millions that were encoded long ago.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from orchestration.identity.arrays import MISSING, Codes, Texts
from orchestration.identity.blocking_keys import EXACT, date_codes, text_steps
from orchestration.identity.encoding import EncodedRecords

Hashes = npt.NDArray[np.uint64]
RuleParts = tuple[tuple[str, str], ...]  # the column and the name of each key of a rule

NONE = np.uint64(0)  # the hash of a key that a record has not got
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


def value_hashes(values: Texts | Sequence[str]) -> Hashes:
    """Return one number per value, never 0."""
    whole = np.asarray(values, dtype=object)
    hashed = pd.util.hash_array(whole, categorize=False) if len(whole) else np.empty(0)
    return np.maximum(np.asarray(hashed, dtype=np.uint64), np.uint64(1))


def rule_hashes(records: EncodedRecords, rules: Sequence[RuleParts]) -> Hashes:
    """Return the key of each record under each rule, one row per rule; 0 where it has none."""
    parts = {part for rule in rules for part in rule}
    hashes = {part: key_hashes(records, *part) for part in sorted(parts)}
    rows = [_joined([hashes[part] for part in rule]) for rule in rules]
    return np.stack(rows) if rows else np.zeros((0, records.size), dtype=np.uint64)


def key_hashes(records: EncodedRecords, column: str, step: str) -> Hashes:
    """Return one key of each record; 0 where it has none."""
    encoded = records.columns[column]
    if column == "birth_date":
        per_value = date_codes(records.birth_parts, step)
        hashed = np.where(per_value == MISSING, NONE, _mixed((per_value + 1).astype(np.uint64)))
        return _handed(hashed, encoded.codes)
    if step == EXACT:
        return _handed(value_hashes(encoded.values), encoded.codes)
    make = text_steps(column)[step]
    return _handed(
        value_hashes(make(pa.array(encoded.values, pa.string())).to_numpy(zero_copy_only=False)),
        encoded.codes,
    )


def _handed(per_value: Hashes, codes: Codes) -> Hashes:
    return np.asarray(np.append(per_value, NONE).astype(np.uint64)[codes])


def _joined(keys: Sequence[Hashes]) -> Hashes:
    """Return one number for records that agree on all keys."""
    joined, missing = keys[0], keys[0] == NONE
    for key in keys[1:]:
        missing = missing | (key == NONE)
        joined = _mixed(joined) ^ key
    return np.where(missing, NONE, np.maximum(joined, np.uint64(1)))


def _mixed(numbers: Hashes) -> Hashes:
    """Spread the bits, so that equal parts in another order give another number."""
    product = numbers * _MULTIPLIER  # wraps around, as meant
    return np.asarray(np.maximum(product ^ (product >> _SHIFT), np.uint64(1)))
