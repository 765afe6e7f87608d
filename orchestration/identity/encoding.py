"""Turn person records into integer codes: each value is looked at once, the rest is integers.

Also finds placeholder values, which too many different people carry to be evidence, and blanks
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.identity.arrays import MISSING, Codes, Flags, Integers, Texts
from orchestration.identity.settings import PlaceholderSettings
from orchestration.identity.side_by_side import side_by_side

NAME_COLUMNS = ("given_name", "middle_name", "family_name")
PHONE_COLUMNS = ("phone", "secondary_phone")
TEXT_COLUMNS = (
    "generation",
    "sex",
    "email",
    "national_id",
    "loyalty_id",
    "street",
    "city",
    "postcode",
)
# Columns that share their values are turned into codes together; those with most to do come first.
_TOGETHER = (
    NAME_COLUMNS,
    ("email",),
    PHONE_COLUMNS,
    ("street",),
    ("birth_date",),
    *((name,) for name in TEXT_COLUMNS if name not in ("email", "street")),
)
# Columns in which a value should belong to one person or one household, whichever of a group.
IDENTIFYING_COLUMNS = (("email",), PHONE_COLUMNS, ("national_id",), ("loyalty_id",))


@dataclass(frozen=True, slots=True)
class EncodedColumn:
    """One column as codes into distinct values; columns compared with each other share them."""

    codes: Codes
    values: Texts
    known_telling: bool | None = None  # what all records say, where these are a part of them

    @property
    def is_telling(self) -> bool:
        """Whether at least two different values occur."""
        if self.known_telling is not None:
            return self.known_telling
        one = self.codes.max(initial=MISSING)
        return bool(((self.codes != one) & (self.codes != MISSING)).any())


@dataclass(frozen=True, slots=True)
class EncodedRecords:
    """All records as codes; the position of a record is its place in the order of ids."""

    ids: pa.StringArray
    sources: Codes
    source_names: tuple[str, ...]
    columns: Mapping[str, EncodedColumn]
    birth_parts: Codes  # year, month, day of each distinct birth date; 0 = unknown
    is_test_record: Flags
    placeholder_values: Mapping[str, Texts]  # kind of value -> those that carry no evidence
    scripts: Codes  # of the name of each record; -1 for Latin
    script_names: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of records."""
        return len(self.sources)

    @property
    def is_of_many_scripts(self) -> bool:
        """Whether a name of another script could belong to one in Latin letters."""
        return bool((self.scripts != MISSING).any())

    @property
    def placeholders(self) -> dict[str, int]:
        """Number of placeholder values by kind of value, where there are any."""
        return {name: len(found) for name, found in self.placeholder_values.items()}

    @property
    def telling_columns(self) -> frozenset[str]:
        """Columns with at least two different values."""
        return frozenset(name for name, column in self.columns.items() if column.is_telling)


def kind_of_value(column: str) -> str:
    """Return the column that names the values of a column: a number is one on every telephone."""
    return PHONE_COLUMNS[0] if column in PHONE_COLUMNS else column


def encode(records: pa.Table, settings: PlaceholderSettings | None) -> EncodedRecords:
    """Encode records in the shape and order of `person_records`.

    Without settings no placeholders are looked for: a few records cannot tell what one is.
    """
    encoded = side_by_side(lambda names: _encode_together(records, names), _TOGETHER)
    columns = {name: column for group in encoded for name, column in group.items()}
    placeholders: dict[str, Texts] = {}
    if settings is not None:
        columns, placeholders = _without_placeholders(columns, settings)
    sources = records["source_system"].combine_chunks().dictionary_encode()
    scripts = records["name_script"].combine_chunks().dictionary_encode()
    tests = records["is_test_record"].combine_chunks().fill_null(False)
    is_test = np.asarray(tests.to_numpy(zero_copy_only=False), dtype=np.bool_)
    return EncodedRecords(
        ids=records["source_record_id"].combine_chunks(),
        sources=_codes(sources),
        source_names=tuple(sources.dictionary.to_pylist()),
        columns={name: _blanked(column, is_test) for name, column in columns.items()},
        birth_parts=_birth_parts(columns["birth_date"]),
        is_test_record=is_test,
        placeholder_values=placeholders,
        scripts=_codes(scripts),
        script_names=tuple(scripts.dictionary.to_pylist()),
    )


def _encode_together(records: pa.Table, names: tuple[str, ...]) -> dict[str, EncodedColumn]:
    if names == ("birth_date",):
        return {"birth_date": _encode_birth_dates(records)}
    whole = pa.concat_arrays([records[name].combine_chunks() for name in names])
    encoded = whole.dictionary_encode()
    values = encoded.dictionary.to_numpy(zero_copy_only=False)
    codes = _codes(encoded)
    size = records.num_rows
    return {
        name: EncodedColumn(codes[position * size : (position + 1) * size], values)
        for position, name in enumerate(names)
    }


def _codes(encoded: pa.DictionaryArray) -> Codes:
    filled = encoded.indices.fill_null(MISSING).to_numpy(zero_copy_only=False)
    return np.asarray(filled, dtype=np.int32)


def _encode_birth_dates(records: pa.Table) -> EncodedColumn:
    """Encode the three parts as one value; a date of which nothing is known is missing."""
    names = ("birth_year", "birth_month", "birth_day")
    parts = [
        records[name].combine_chunks().fill_null(0).to_numpy(zero_copy_only=False) for name in names
    ]
    year, month, day = (part.astype(np.int64) for part in parts)
    whole = year * 10_000 + month * 100 + day
    codes, distinct = pd.factorize(np.where(whole == 0, -1, whole))
    unknown = np.flatnonzero(distinct == -1)
    if unknown.size:
        codes = np.where(codes == unknown[0], MISSING, codes)
    # The -1 of unknown dates keeps its place among the values; no code points to it.
    shown = np.where(distinct == -1, 0, distinct)
    values = np.array([f"{value:08d}" for value in shown.tolist()], dtype=object)
    return EncodedColumn(codes.astype(np.int32), values)


def _birth_parts(column: EncodedColumn) -> Codes:
    whole = column.values.astype(np.int64)
    separate = np.stack([whole // 10_000, whole // 100 % 100, whole % 100], axis=1)
    return separate.astype(np.int32)


def _without_placeholders(
    columns: dict[str, EncodedColumn], settings: PlaceholderSettings
) -> tuple[dict[str, EncodedColumn], dict[str, Texts]]:
    """Blank the values that too many different people carry."""
    given, family = columns["given_name"].codes, columns["family_name"].codes
    names = pd.factorize(given.astype(np.int64) * (2**31) + family)[0]
    has_names = bool((given != MISSING).any() or (family != MISSING).any())
    carried_by = names if has_names else np.arange(len(names))
    limit = settings.different_names if has_names else settings.records

    def too_common(group: tuple[str, ...]) -> Flags:
        return _carriers(group, columns, carried_by) > limit

    cleaned, found = dict(columns), dict[str, Texts]()
    for group, unwanted in zip(
        IDENTIFYING_COLUMNS, side_by_side(too_common, IDENTIFYING_COLUMNS), strict=True
    ):
        if unwanted.any():
            found[group[0]] = columns[group[0]].values[unwanted]
            cleaned |= {name: without_values(columns[name], unwanted) for name in group}
    return cleaned, found


def _carriers(
    group: tuple[str, ...], columns: Mapping[str, EncodedColumn], carried_by: Integers
) -> Integers:
    """Return how many different carriers each value of a group of columns has."""
    parts = []
    for name in group:
        codes = columns[name].codes
        held = np.flatnonzero(codes != MISSING)
        parts.append(codes[held].astype(np.int64) << 32 | carried_by[held])
    carriers = np.sort(np.concatenate(parts))
    carriers = carriers[np.diff(carriers, prepend=-1) != 0]
    return np.bincount(carriers >> 32, minlength=len(columns[group[0]].values))


def without_values(column: EncodedColumn, unwanted: Flags) -> EncodedColumn:
    """Return a column in which the unwanted values are missing."""
    gone = np.append(unwanted, False)[column.codes]  # code -1 reads the False at the end
    return EncodedColumn(np.where(gone, MISSING, column.codes).astype(np.int32), column.values)


def _blanked(column: EncodedColumn, is_test: Flags) -> EncodedColumn:
    """Blank test accounts altogether: they must not meet a real person, nor shift what is usual."""
    if not is_test.any():
        return column
    return EncodedColumn(np.where(is_test, MISSING, column.codes).astype(np.int32), column.values)
