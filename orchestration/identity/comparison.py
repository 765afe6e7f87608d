"""Compare pairs of records field by field in graded levels and pack these into one integer.

A missing value is a level of its own that carries no weight. What a level is worth is decided in
scoring.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.address_levels import ADDRESS_COLUMNS, address_levels
from orchestration.identity.arrays import Codes, Integers, Levels
from orchestration.identity.date_levels import date_levels
from orchestration.identity.encoding import EncodedRecords
from orchestration.identity.fields import Field, FieldKind, Holding, active_fields
from orchestration.identity.identifier_levels import category_levels, digits_levels, email_levels
from orchestration.identity.letter_counts import LetterCounts
from orchestration.identity.name_levels import (
    SWAPPED,
    NameWords,
    name_levels,
    raise_short_forms,
    swapped,
)
from orchestration.identity.script_levels import Scripts
from orchestration.identity.side_by_side import both, side_by_side

# Forms differ in the order they ask for names in, and people in the order they know.
_SWAPPED_WITH = {
    "given_name": ("family_name", "middle_name"),
    "middle_name": ("given_name",),
    "family_name": ("given_name",),
}

# Columns whose texts are compared letter by letter, other than names.
_SPELLED = ("email", "phone", "national_id", "loyalty_id", *ADDRESS_COLUMNS)


@dataclass(frozen=True, slots=True)
class Comparer:
    """Compares records of one set; what depends on distinct values only is worked out once."""

    records: EncodedRecords
    fields: tuple[Field, ...]
    words: NameWords
    letters: Mapping[str, LetterCounts]  # of the columns whose texts are compared
    mailboxes: Integers
    scripts: Scripts

    @classmethod
    def of(
        cls, records: EncodedRecords, holdings: Mapping[str, Holding] | None = None
    ) -> "Comparer":
        """Prepare the comparison of the fields that tell anything in these records."""
        words, (letters, mailboxes) = both(
            lambda: NameWords.of(records.columns["given_name"].values),
            lambda: (_letters(records), _mailboxes(records)),
        )
        return cls(
            records=records,
            fields=active_fields(records.telling_columns, holdings),
            words=words,
            letters=letters,
            mailboxes=mailboxes,
            scripts=Scripts.of(records),
        )

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of levels of each field, missing included."""
        return tuple(len(field.levels) for field in self.fields)

    def levels(self, left: Codes, right: Codes, fields: Sequence[Field] | None = None) -> Levels:
        """Return one row of levels per field for pairs of record positions."""
        chosen = self.fields if fields is None else fields
        compared = [self._field_levels(field, left, right) for field in chosen]
        return np.stack(compared) if compared else np.zeros((0, len(left)), dtype=np.int8)

    def patterns(self, left: Codes, right: Codes, chunk: int) -> Integers:
        """Return the packed levels of many pairs, comparing a bounded number at a time."""
        packed = np.empty(len(left), dtype=np.int64)
        for start, stop in chunks(len(left), chunk):
            packed[start:stop] = pack(self.levels(left[start:stop], right[start:stop]), self.sizes)
        return packed

    def _field_levels(self, field: Field, left: Codes, right: Codes) -> Levels:
        compare: dict[FieldKind, Callable[[Field, Codes, Codes], Levels]] = {
            FieldKind.NAME: self._names,
            FieldKind.BIRTH_DATE: self._dates,
            FieldKind.EMAIL: self._emails,
            FieldKind.DIGITS: self._digits,
            FieldKind.CATEGORY: self._categories,
            FieldKind.ADDRESS: lambda _, one, other: address_levels(
                self.records.columns, self.letters, one, other
            ),
        }
        return compare[field.kind](field, left, right)

    def _names(self, field: Field, left: Codes, right: Codes) -> Levels:
        names = self._both_codes(field.name, left, right)
        levels = name_levels(self.words, *names)
        self.scripts.raise_levels(levels, self.words.values, (left, right), names)
        if field.name == "given_name":
            raise_short_forms(self.words, levels, *names)
        for other in _SWAPPED_WITH[field.name]:
            # What order given and middle name come in is one coincidence, so it counts once.
            is_swapped = swapped(self.words, names, self._both_codes(other, left, right))
            levels[is_swapped] = 0 if field.name == "middle_name" else SWAPPED
        return levels

    def _both_codes(self, column: str, left: Codes, right: Codes) -> tuple[Codes, Codes]:
        codes = self.records.columns[column].codes
        return codes[left], codes[right]

    def _dates(self, field: Field, left: Codes, right: Codes) -> Levels:
        column = self.records.columns[field.name]
        return date_levels(
            self.records.birth_parts, column.values, column.codes[left], column.codes[right]
        )

    def _emails(self, field: Field, left: Codes, right: Codes) -> Levels:
        column = self.records.columns[field.name]
        codes = column.codes[left], column.codes[right]
        return email_levels(column.values, self.letters[field.name], self.mailboxes, *codes)

    def _digits(self, field: Field, left: Codes, right: Codes) -> Levels:
        """Return the best level over all columns: a second phone may be the other's first."""
        columns = [self.records.columns[name] for name in field.columns]
        telling = [column for column in columns if (column.codes >= 0).any()]
        letters = self.letters[field.name]
        best = np.zeros(len(left), dtype=np.int8)
        for one in telling:
            for other in telling:
                compared = digits_levels(one.values, letters, one.codes[left], other.codes[right])
                np.maximum(best, compared, out=best)
        return best

    def _categories(self, field: Field, left: Codes, right: Codes) -> Levels:
        codes = self.records.columns[field.name].codes
        return category_levels(codes[left], codes[right])


def _letters(records: EncodedRecords) -> dict[str, LetterCounts]:
    counted = side_by_side(lambda name: LetterCounts.of(records.columns[name].values), _SPELLED)
    return dict(zip(_SPELLED, counted, strict=True))


def _mailboxes(records: EncodedRecords) -> Integers:
    addresses = pa.array(records.columns["email"].values, pa.string())
    mailboxes = pc.replace_substring_regex(addresses, "(?s)@.*", "").dictionary_encode()
    return np.asarray(mailboxes.indices.to_numpy(), dtype=np.int64)


def pack(levels: Levels, sizes: Sequence[int]) -> Integers:
    """Return the levels of each pair as one integer (mixed radix, first field highest)."""
    packed = np.zeros(levels.shape[1], dtype=np.int64)
    for row, size in zip(levels, sizes, strict=True):
        packed = packed * size + row
    return packed


def unpack(packed: Integers, sizes: Sequence[int]) -> Levels:
    """Return the levels that `pack` packed, one row per field."""
    rows = []
    rest = packed.copy()
    for size in reversed(sizes):
        rows.append((rest % size).astype(np.int8))
        rest //= size
    return np.stack(rows[::-1]) if rows else np.zeros((0, len(packed)), dtype=np.int8)


def chunks(total: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of consecutive stretches of at most `size`."""
    for start in range(0, total, size):
        yield start, min(start + size, total)
