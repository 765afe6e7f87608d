"""Make blocking keys: for each column a ladder of keys from loose to exact, as codes per record.

Which of them become rules is decided in blocking.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.arrays import MISSING, Codes, Integers
from orchestration.identity.encoding import NAME_COLUMNS, EncodedColumn, EncodedRecords
from orchestration.identity.sounds import BONES_LENGTH, bones, each_line, skeleton

SOUND_LENGTH = 4
_PREFIXED_COLUMNS = ("street", "city", "postcode")
_LARGEST_CODE = 2**63 - 1
_DIGIT_COLUMNS = ("phone", "national_id", "loyalty_id")
EXACT = "exact"
BONES = "consonants in any script"
# Which parts of a birth date (year, month, day) a key takes, loosest first.
DATE_STEPS = {
    "year": [0],
    "month and day": [1, 2],
    "year and month": [0, 1],
    "year and day": [0, 2],
    EXACT: [0, 1, 2],
}


@dataclass(frozen=True, slots=True)
class Key:
    """One blocking key: records with the same code share it; -1 means the record has none."""

    column: str
    name: str
    codes: Codes

    @property
    def label(self) -> str:
        """Readable name, such as `family_name.sound`."""
        return f"{self.column}.{self.name}"


def blocking_keys(records: EncodedRecords) -> dict[str, tuple[Key, ...]]:
    """Return for each telling column its keys, loosest first."""
    telling = records.telling_columns
    ladders: dict[str, tuple[Key, ...]] = {}
    for name in (*NAME_COLUMNS, "birth_date", "email", *_DIGIT_COLUMNS, *_PREFIXED_COLUMNS):
        if name in telling:
            ladders[name] = _ladder(records, name)
    return ladders


def _ladder(records: EncodedRecords, name: str) -> tuple[Key, ...]:
    steps = DATE_STEPS if name == "birth_date" else (*text_steps(name), EXACT)
    made_for = [step for step in steps if step != BONES or records.is_of_many_scripts]
    return tuple(blocking_key(records, name, step) for step in made_for)


def blocking_key(records: EncodedRecords, column: str, step: str) -> Key:
    """Return one key of records by the names of its column and step."""
    encoded = records.columns[column]
    if column == "birth_date":
        return Key(column, step, _handed(date_codes(records.birth_parts, step), encoded.codes))
    if step == EXACT:
        return Key(column, step, encoded.codes)
    return Key(column, step, _on_values(encoded, text_steps(column)[step]))


def text_steps(column: str) -> dict[str, Callable[[pa.Array], pa.Array]]:
    """Return what makes the keys of a text column from its values, by name, loosest first.

    The exact value itself is not among them.
    """
    if column in NAME_COLUMNS:
        return {
            "initial": lambda values: pc.utf8_slice_codeunits(values, 0, 1),
            "two letters": lambda values: pc.utf8_slice_codeunits(values, 0, 2),
            BONES: lambda values: _sounding(values, bones, BONES_LENGTH),
            "sound": lambda values: _sounding(values, skeleton, SOUND_LENGTH),
        }
    if column == "email":
        return {"mailbox": lambda values: pc.replace_substring_regex(values, "(?s)@.*", "")}
    if column in _DIGIT_COLUMNS:
        return {
            "last four": lambda values: pc.utf8_slice_codeunits(values, -4),
            "first four": lambda values: pc.utf8_slice_codeunits(values, 0, 4),
        }
    return {"beginning": lambda values: _each(values, lambda text: text[: max(3, len(text) // 2)])}


def _sounding(values: pa.Array, sound: Callable[[str], str], length: int) -> pa.Array:
    sounds = pa.array(each_line(sound, values.to_pylist()), pa.string())
    return pc.utf8_slice_codeunits(sounds, 0, length)


def _each(values: pa.Array, make: Callable[[str], str]) -> pa.Array:
    return pa.array([make(value) for value in values.to_pylist()], pa.string())


def _on_values(column: EncodedColumn, make: Callable[[pa.Array], pa.Array]) -> Codes:
    """Work a key out per distinct value and hand it to the records."""
    made = make(pa.array(column.values, pa.string())).dictionary_encode()
    return _handed(made.indices.to_numpy(), column.codes)


def _handed(per_value: Integers, codes: Codes) -> Codes:
    return np.append(per_value, MISSING).astype(np.int32)[codes]


def date_codes(parts: Codes, step: str) -> Integers:
    """Return a key of each birth date (year, month, day; 0 = unknown); -1 where a part lacks."""
    needed = parts[:, DATE_STEPS[step]].astype(np.int64)
    codes = np.zeros(len(parts), dtype=np.int64)
    for position in range(needed.shape[1]):
        codes = codes * 32 + needed[:, position]  # days and months are below 32
    return np.where((needed > 0).all(axis=1), codes, MISSING)


def combined(keys: tuple[Key, ...]) -> Integers:
    """Return one code for records that agree on all keys; -1 where one of them is missing."""
    codes = keys[0].codes.astype(np.int64)
    missing = codes == MISSING
    largest = int(codes.max(initial=0))
    for key in keys[1:]:
        missing |= key.codes == MISSING
        values = int(key.codes.max(initial=0)) + 2
        if largest > _LARGEST_CODE // values - 1:
            codes = pd.factorize(codes)[0].astype(np.int64)
            largest = len(codes)
        codes = codes * values + key.codes
        largest = (largest + 1) * values
    return np.where(missing, MISSING, codes)
