"""Say who lives together: a relation between people of its own, never a reason to merge them."""

import hashlib
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from orchestration.identity.arrays import MISSING, Codes, Flags, Integers, Texts
from orchestration.identity.encoding import EncodedColumn
from orchestration.identity.families import families, only_families_share
from orchestration.identity.homes import homes
from orchestration.identity.identity_tables import one_transaction, replace_table
from orchestration.identity.warehouse_records import SOURCE_TABLE

# More at one address is a house whose flats nobody wrote down, or an office.
MOST_PEOPLE = 8
HOUSEHOLDS = pa.schema(
    [
        ("source_record_id", pa.string()),
        ("customer_id", pa.string()),
        ("household_id", pa.string()),
        ("people_count", pa.int64()),
        ("evidence", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class SharedHomes:
    """Records whose home several people share, by their position."""

    records: Integers
    household_id: Texts
    people_count: Integers
    evidence: Texts


def shared_homes(
    people: Codes,
    homes_of_rows: tuple[Codes, pa.Array],
    family_names: EncodedColumn,
    phones: EncodedColumn,
) -> SharedHomes:
    """Return the household of each record whose home two to eight people share.

    Each record has the number of its person, and its home (see `homes`). Somebody who moved belongs
    to the household of each home that a record of theirs names. Where addresses without a flat are
    houses rather than homes, only families are households.
    """
    places, addresses = homes_of_rows
    living = np.flatnonzero(places != MISSING)
    places, people = places[living], people[living]
    shared = family_names.codes[living], phones.codes[living]
    family = families(places, people, shared)
    in_house = only_families_share(addresses, places, people, family)[places]
    values = np.concatenate([family_names.values, phones.values])
    of_phone = np.where(shared[1] == MISSING, MISSING, shared[1] + len(family_names.values))
    called = np.where(shared[0] == MISSING, of_phone, shared[0])
    names = _family_names(family[in_house], called[in_house], values)
    named, distinct_names = pd.factorize(names)
    name = np.zeros(len(places), dtype=np.int64)
    name[in_house] = named + 1
    of_row, distinct = pd.factorize(places.astype(np.int64) * (len(distinct_names) + 1) + name)
    people_count = _different(of_row, people)
    rows = np.flatnonzero(((people_count >= 2) & (people_count <= MOST_PEOPLE))[of_row])
    shared_by_people, of_row = np.unique(of_row[rows], return_inverse=True)
    place, name = np.divmod(distinct[shared_by_people], len(distinct_names) + 1)
    ids = _household_ids(addresses.take(pa.array(place)), name, distinct_names)
    is_one_name, is_one_phone = (
        _is_in_common(len(ids), of_row, people[rows], codes[rows]) for codes in shared
    )
    evidence = np.select(
        [is_one_phone, is_one_name],
        ["address and telephone", "address and family name"],
        default="address",
    ).astype(object)
    count = people_count[shared_by_people][of_row]
    return SharedHomes(living[rows], ids[of_row], count, evidence[of_row])


def households(records: pa.Table) -> pa.Table:
    """Return the households of records with their customer.

    `records` hold source_record_id, customer_id and, where known, family_name, phone and a
    normalised address.
    """
    known = [_encoded(records, name) for name in ("customer_id", "family_name", "phone")]
    found = shared_homes(known[0].codes, homes(records), *known[1:])
    named = records.select(["source_record_id", "customer_id"]).take(pa.array(found.records))
    columns = (found.household_id, found.people_count, found.evidence)
    rows = pa.table([*named.columns, *map(pa.array, columns)], names=HOUSEHOLDS.names)
    return rows.cast(HOUSEHOLDS).sort_by("source_record_id")


def _family_names(family: Codes, called: Codes, values: Texts) -> Texts:
    """Return for each row the name or number that most rows of its family bear.

    Whoever has neither is a family alone, and known by its number.
    """
    rows = pd.DataFrame({"family": family, "value": called})
    counted = rows[rows["value"] != MISSING].value_counts().reset_index(name="count")
    counted["name"] = values[counted["value"]]
    counted = counted.sort_values(["family", "count", "name"], ascending=[True, False, True])
    name_of = counted.drop_duplicates("family").set_index("family")["name"]
    names = rows["family"].map(name_of).astype(object)
    return np.asarray(names.fillna(rows["family"].astype(str)), dtype=object)


def _household_ids(addresses: pa.Array, name: Integers, distinct_names: Texts) -> Texts:
    """Return ids made of addresses, and of the name (from 1 on) of a family in a house."""
    after = ["", *("|" + text for text in distinct_names)]
    texts = (f"{text}{after[one]}" for text, one in zip(addresses.to_pylist(), name, strict=True))
    ids = ["H" + hashlib.blake2b(text.encode(), digest_size=8).hexdigest() for text in texts]
    return np.array(ids, dtype=object)


def _is_in_common(count: int, of_row: Integers, people: Codes, values: Codes) -> Flags:
    """Tell of each household whether two of its people have the same value."""
    known = np.flatnonzero(values != MISSING)
    of_row, people, values = of_row[known], people[known], values[known]
    carriers, carried = _different(of_row, people, values), _different(of_row, values)
    is_common = np.zeros(count, dtype=np.bool_)
    is_common[: len(carried)] = carriers > carried
    return is_common


def _different(of_row: Integers, *values: Codes) -> Integers:
    """Return how many different combinations of values each household has among its rows."""
    rows = pd.DataFrame(np.column_stack([of_row, *values])).drop_duplicates()
    return np.bincount(rows[0])


def _encoded(records: pa.Table, name: str) -> EncodedColumn:
    """Return the codes of a column of texts; a company may have none of that name."""
    if name not in records.column_names:
        return EncodedColumn(np.full(len(records), MISSING, np.int32), np.empty(0, dtype=object))
    encoded = records[name].combine_chunks().dictionary_encode()
    values = encoded.dictionary.to_numpy(zero_copy_only=False)
    return EncodedColumn(np.asarray(encoded.indices.fill_null(MISSING).to_numpy()), values)


@dataclass(frozen=True, slots=True)
class HouseholdSummary:
    """How many households there are, and how many person records belong to them."""

    households: int
    records: int


def build_households(connection: duckdb.DuckDBPyConnection) -> HouseholdSummary:
    """Write `identity.households`.

    Test records live nowhere, and the address of a business contact is the firm's.
    """
    known = set(connection.sql(f"select * from {SOURCE_TABLE} limit 0").columns)
    optional = ("country_code", "city", "postcode", "street", "unit", "family_name", "phone")
    columns = ", ".join(f"records.{name}" for name in optional if name in known)
    business = "and records.account_id is null" if "account_id" in known else ""
    records = connection.sql(
        f"select records.source_record_id, map.customer_id, {columns}"
        f" from {SOURCE_TABLE} as records"
        " inner join identity.identity_map as map using (source_record_id)"
        f" where not coalesce(records.is_test_record, false) {business}"
        " order by records.source_record_id"
    ).to_arrow_table()
    found = households(records)
    with one_transaction(connection):
        replace_table(connection, "households", found)
    return HouseholdSummary(len(found["household_id"].unique()), found.num_rows)
