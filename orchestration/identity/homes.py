"""Tell which addresses are one home: the same flat, also where its street is misspelt.

Takes normalised addresses. Who lives in a home is told in `households`.
"""

import re

import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.identity.arrays import MISSING, Codes, Integers, Texts
from orchestration.identity.candidates import block_pairs
from orchestration.identity.linkage import components
from orchestration.identity.similarity import edits

ADDRESS_COLUMNS = ("country_code", "city", "postcode", "street", "unit")
# "12 elm rd" and "12 elk rd" may be two streets; so many letters hardly differ by one by chance.
SHORTEST_FOR_SLIP = 8
_MOST_STREETS = 200  # of one number in one town: more cannot be compared with one another
_NUMBER = re.compile(r"\d+[a-z]?")
_CHUNK = 1 << 20


def homes(addresses: pa.Table) -> tuple[Codes, pa.Array]:
    """Return the home of each row, missing without a street and a place, and each home's address.

    The address of a home is the way in which most of its rows write it. The place is the city, or
    the postcode where no city is known.
    """
    addresses = addresses.select(
        [name for name in ADDRESS_COLUMNS if name in addresses.schema.names]
    )
    first, of_row = _distinct_rows(addresses)
    rows = np.bincount(of_row, minlength=len(first))
    distinct_rows = addresses.take(pa.array(first))
    columns = {name: _texts(distinct_rows, name) for name in ADDRESS_COLUMNS}
    place = np.where(columns["city"] == "", columns["postcode"], columns["city"])
    is_known = (columns["street"] != "") & (place != "")
    frame = pd.DataFrame(
        {
            "place": columns["country_code"] + "|" + place,
            "street": columns["street"],
            "unit": columns["unit"],
        }
    )[is_known]
    keys = frame["place"] + "|" + frame["street"] + "|" + frame["unit"]
    codes, written = pd.factorize(keys, sort=True)
    distinct = frame.iloc[np.unique(codes, return_index=True)[1]].reset_index(drop=True)
    labels = _one_home(distinct)
    found = np.full(len(is_known), MISSING, dtype=np.int32)
    found[is_known] = labels[codes]
    counts = np.bincount(codes, weights=rows[is_known], minlength=len(written))
    commonest_first = np.lexsort((np.arange(len(written)), -counts))
    _, commonest = np.unique(labels[commonest_first], return_index=True)
    return found[of_row], pa.array(written, pa.string()).take(pa.array(commonest_first[commonest]))


def _distinct_rows(addresses: pa.Table) -> tuple[Integers, Integers]:
    """Return the first row of each distinct address, and which of them each row has.

    Millions of rows repeat themselves, and a text takes ten times the memory of a number.
    """
    codes = np.zeros(addresses.num_rows, dtype=np.int64)
    for texts in addresses.columns:
        column = texts.combine_chunks().dictionary_encode()
        places = column.indices.fill_null(len(column.dictionary)).to_numpy()
        codes = pd.factorize(codes * (len(column.dictionary) + 1) + places)[0]
    return np.unique(codes, return_index=True)[1], codes


def _one_home(distinct: pd.DataFrame) -> Codes:
    """Return the home of each distinct address: a house number must agree, a letter may not."""
    streets = distinct["street"].to_numpy(dtype=object)
    numbers = [" ".join(_NUMBER.findall(street)) for street in streets]
    letters = np.array([sum(map(str.isalpha, street)) for street in streets], dtype=np.int64)
    written = distinct["place"] + "|" + pd.Series(numbers, dtype=object) + "|" + distinct["unit"]
    houses = pd.factorize(written)[0].astype(np.int32)
    sizes = np.bincount(houses, minlength=1)[houses]
    has_number = np.array([bool(number) for number in numbers], dtype=np.bool_)
    looked_at = has_number & (letters >= SHORTEST_FOR_SLIP) & (sizes <= _MOST_STREETS)
    blocks = np.where(looked_at, houses, MISSING).astype(np.int32)
    links = [
        (left[near], right[near])
        for left, right in block_pairs(blocks, _CHUNK)
        for near in [edits(streets, left.astype(np.int64), right.astype(np.int64), 1) <= 1]
    ]
    left, right = (
        np.concatenate([np.empty(0, dtype=np.int32), *[link[side] for link in links]])
        for side in (0, 1)
    )
    return components(len(streets), left, right)


def _texts(table: pa.Table, name: str) -> Texts:
    if name not in table.column_names:
        return np.full(table.num_rows, "", dtype=object)
    filled = table[name].combine_chunks().fill_null("")
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=object)
