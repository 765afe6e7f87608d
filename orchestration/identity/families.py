"""Tell who of the people at one address are a family, and which addresses only families share.

In most towns an address is a home. Where many addresses hold a second family they are houses whose
flats nobody wrote down, and then only a name or a telephone in common says who lives together.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.arrays import MISSING, Codes, Flags
from orchestration.identity.linkage import components

# The share of addresses of a family that hold a second one, above which a town has houses of flats:
# on samples of 20,000 and 900,000 people .004 and .066, and of addresses with a flat .003 and .006.
MOST_SECOND_FAMILIES = 0.02
_SAID_BY_ALL = 100  # so many addresses of the whole count for a town of which little is known


def families(homes: Codes, people: Codes, shared: Iterable[Codes]) -> Codes:
    """Return the family of each row: people of one home with a value in common, also by others.

    Rows are what is known of people: home, person, and for each kind of value its code, -1 for
    none. Whoever has nothing in common with anybody there is a family alone.
    """
    living = _pairs(homes, people)
    left, right = [np.empty(0, dtype=np.int32)], [np.empty(0, dtype=np.int32)]
    for values in shared:
        known = np.flatnonzero(values != MISSING)
        common = _pairs(homes[known], values[known])
        _, first = np.unique(common, return_index=True)
        left.append(living[known])
        right.append(living[known][first][common])
    count = int(living.max(initial=-1)) + 1
    return components(count, np.concatenate(left), np.concatenate(right))[living]


def only_families_share(addresses: pa.Array, homes: Codes, people: Codes, family: Codes) -> Flags:
    """Return for each address whether sharing it says nothing by itself.

    `addresses` are written as country|city|street|unit. One with a flat is always a home.
    """
    rows = pd.DataFrame({"home": homes, "family": family, "person": people}).drop_duplicates()
    sizes = rows.groupby(["home", "family"]).size()
    counted = sizes[sizes > 1].groupby("home").size()
    town, has_unit = _town_and_unit(addresses)
    with_family = pd.DataFrame({"town": town[counted.index], "second": counted.to_numpy() > 1})
    with_family = with_family[~has_unit[counted.index]]
    usual = float(with_family["second"].mean()) if len(with_family) else 0.0
    by_town = with_family.groupby("town")["second"].agg(["sum", "count"])
    share = (by_town["sum"] + usual * _SAID_BY_ALL) / (by_town["count"] + _SAID_BY_ALL)
    of_address = pd.Series(town).map(share).fillna(usual).to_numpy(dtype=np.float64)
    return np.asarray(~has_unit & (of_address > MOST_SECOND_FAMILIES), dtype=np.bool_)


def _town_and_unit(addresses: pa.Array) -> tuple[Codes, Flags]:
    """Return a number for the town of each address, and whether the address names a flat."""
    parts = pc.split_pattern(addresses, "|", max_splits=2, reverse=True)
    town = pc.list_element(parts, 0).dictionary_encode().indices
    has_unit = pc.not_equal(pc.list_element(parts, 2), "")
    return town.to_numpy(), np.asarray(has_unit.to_numpy(zero_copy_only=False))


def _pairs(left: Codes, right: Codes) -> Codes:
    """Return one code for each pair of codes."""
    together = left.astype(np.int64) * (int(right.max(initial=0)) + 1) + right
    return np.asarray(pd.factorize(together, sort=True)[0], dtype=np.int32)
