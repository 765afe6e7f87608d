"""Let days pass over made people: some records arrive, some change, some are deleted."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.bench.people import Positions, person_records_with_truth

CHANGING = ("email", "phone", "family_name", "street", "given_name")
# Of what changes, so much becomes the value of somebody else: links come and go.
_TAKEN_FROM_ANOTHER = 0.3


def days_of_people(records: int, days: int, share: float, seed: int) -> Iterator[pa.Table]:
    """Yield the records of each day, sorted by id; the first day shows the beginning.

    Of `records` about `share` are new, changed or deleted each day, a third each.
    """
    random = np.random.default_rng(seed)
    few = max(1, round(records * share / 3))
    everybody = person_records_with_truth(records + few * days, seed)
    order = random.permutation(everybody.num_rows)
    present, spare = order[:records], order[records:]
    yield everybody.take(pa.array(np.sort(present)))
    for _ in range(days - 1):
        leaving = random.random(len(present)) < few / len(present)
        present = np.concatenate([present[~leaving], spare[:few]])
        spare = spare[few:]
        changed = random.choice(present, few, replace=False)
        everybody = _changed(everybody, changed, random)
        yield everybody.take(pa.array(np.sort(present)))


def _changed(records: pa.Table, places: Positions, random: np.random.Generator) -> pa.Table:
    """Return the records of which one value each has changed."""
    which = random.integers(0, len(CHANGING), len(places))
    for number, name in enumerate(CHANGING):
        mine = np.sort(places[which == number])
        values = records[name].combine_chunks()
        own = pc.binary_join_element_wise(values.take(pa.array(mine)), "x", "")
        others = values.take(pa.array(random.integers(0, records.num_rows, len(mine))))
        is_taken = pa.array(random.random(len(mine)) < _TAKEN_FROM_ANOTHER)
        mask = np.zeros(records.num_rows, dtype=np.bool_)
        mask[mine] = True
        new = pc.if_else(is_taken, others, own)
        changed = pc.replace_with_mask(values, pa.array(mask), new)
        records = records.set_column(records.column_names.index(name), name, changed)
    return records
