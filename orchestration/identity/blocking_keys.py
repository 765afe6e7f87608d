"""Make blocking keys: for each column a ladder of keys from loose to exact, as codes per record.

Which of them become rules is decided in blocking.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.identity.arrays import MISSING, Codes, Integers
from orchestration.identity.encoding import NAME_COLUMNS, EncodedColumn, EncodedRecords
from orchestration.identity.sounds import skeleton

SOUND_LENGTH = 4
_PREFIXED_COLUMNS = ("street", "city", "postcode")
_DIGIT_COLUMNS = ("phone", "national_id", "loyalty_id")


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
    column = records.columns[name]
    if name == "birth_date":
        return _date_keys(records)
    steps: list[tuple[str, Callable[[str], str]]] = []
    if name in NAME_COLUMNS:
        steps = [
            ("initial", lambda value: value[:1]),
            ("two letters", lambda value: value[:2]),
            ("sound", lambda value: skeleton(value)[:SOUND_LENGTH]),
        ]
    elif name == "email":
        steps = [("mailbox", lambda value: value.partition("@")[0])]
    elif name in _DIGIT_COLUMNS:
        steps = [("last four", lambda value: value[-4:]), ("first four", lambda value: value[:4])]
    elif name in _PREFIXED_COLUMNS:
        steps = [("beginning", lambda value: value[: max(3, len(value) // 2)])]
    made = [Key(name, step, _on_values(column, function)) for step, function in steps]
    return (*made, Key(name, "exact", column.codes))


def _on_values(column: EncodedColumn, function: Callable[[str], str]) -> Codes:
    """Work a key out per distinct value and hand it to the records."""
    made = np.array([function(value) for value in column.values.tolist()], dtype=object)
    return _handed(pd.factorize(made)[0], column.codes)


def _handed(per_value: Integers, codes: Codes) -> Codes:
    return np.append(per_value, MISSING).astype(np.int32)[codes]


def _date_keys(records: EncodedRecords) -> tuple[Key, ...]:
    column, parts = records.columns["birth_date"], records.birth_parts
    year, month, day = (parts[:, position].astype(np.int64) for position in range(3))

    def key(name: str, code: Integers, *needed: Integers) -> Key:
        usable = np.logical_and.reduce([part > 0 for part in needed])
        return Key("birth_date", name, _handed(np.where(usable, code, MISSING), column.codes))

    return (
        key("year", year, year),
        key("month and day", month * 32 + day, month, day),
        key("year and month", year * 13 + month, year, month),
        key("year and day", year * 32 + day, year, day),
        key("exact", np.arange(len(year)), year, month, day),
    )


def combined(keys: tuple[Key, ...]) -> Integers:
    """Return one code for records that agree on all keys; -1 where one of them is missing."""
    codes = keys[0].codes.astype(np.int64)
    missing = codes == MISSING
    for key in keys[1:]:
        missing |= key.codes == MISSING
        codes = codes * (int(key.codes.max(initial=0)) + 2) + key.codes
        if len(keys) > 2:  # two int32 codes fit into 63 bits, three need numbering in between
            codes = pd.factorize(codes)[0].astype(np.int64)
    return np.where(missing, MISSING, codes)
