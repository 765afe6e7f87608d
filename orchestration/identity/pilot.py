"""Draw some of the records, to choose rules and fit the model on.

Drawn at random, the share of true pairs among the pairs of any rule stays what it is among all
records, so a model fitted on the pilot is the model of all records.
"""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from orchestration.identity.arrays import MISSING, Codes, Flags, Integers
from orchestration.identity.comparison import Comparer
from orchestration.identity.encoding import (
    NAME_COLUMNS,
    PHONE_COLUMNS,
    EncodedColumn,
    EncodedRecords,
)
from orchestration.identity.script_levels import Scripts
from orchestration.identity.settings import PilotSettings


def pilot_of(comparer: Comparer, settings: PilotSettings) -> Comparer:
    """Return the comparer itself, or that of as many of its records as the settings allow.

    Drawn, not taken at even steps: ids often run in pairs.
    """
    records = comparer.records
    if records.size <= settings.records:
        return comparer
    random = np.random.default_rng(settings.seed)
    drawn = np.sort(random.choice(records.size, settings.records, replace=False))
    held = _held_values(records, drawn)
    some = _some_of(records, drawn, held)
    return replace(
        comparer,
        records=some,
        scripts=Scripts.of(some),
        words=comparer.words.where(held["given_name"]),
        letters={name: letters.where(held[name]) for name, letters in comparer.letters.items()},
        mailboxes=comparer.mailboxes[held["email"]],
    )


def _held_values(records: EncodedRecords, positions: Integers) -> dict[str, Flags]:
    """Tell for each column which of its values records at positions hold."""
    held = {
        name: _held(column.codes[positions], len(column.values))
        for name, column in records.columns.items()
    }
    for names in (NAME_COLUMNS, PHONE_COLUMNS):
        together = np.logical_or.reduce([held[name] for name in names])
        held |= {name: together for name in names}  # compared with each other, they share codes
    return held


def _some_of(
    records: EncodedRecords, positions: Integers, held: dict[str, Flags]
) -> EncodedRecords:
    """Return records at positions, with only the values that they hold."""
    return replace(
        records,
        ids=records.ids.take(pa.array(positions)),
        sources=records.sources[positions],
        scripts=records.scripts[positions],
        columns={
            name: _column(column, positions, held[name]) for name, column in records.columns.items()
        },
        birth_parts=records.birth_parts[held["birth_date"]],
        is_test_record=records.is_test_record[positions],
    )


def _held(codes: Codes, values: int) -> Flags:
    held = np.zeros(values, dtype=np.bool_)
    held[codes[codes != MISSING]] = True
    return held


def _column(column: EncodedColumn, positions: Integers, held: Flags) -> EncodedColumn:
    new_codes = np.append(np.cumsum(held) - 1, MISSING).astype(np.int32)
    return EncodedColumn(new_codes[column.codes[positions]], column.values[held])
