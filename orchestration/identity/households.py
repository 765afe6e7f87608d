"""Say who lives together: a relation between people of its own, never a reason to merge them."""

import hashlib
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.arrays import MISSING, Codes, Texts
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
_LIVING = """
    with counted as (
        select
            household_id,
            count(distinct customer_id) as people_count,
            count(distinct (phone, customer_id)) filter (phone is not null)
                - count(distinct phone) as shared_phones,
            count(distinct (family_name, customer_id)) filter (family_name is not null)
                - count(distinct family_name) as shared_names
        from living
        group by household_id
        having count(distinct customer_id) between 2 and ?
    )
    select
        living.source_record_id,
        living.customer_id,
        living.household_id,
        counted.people_count,
        case
            when counted.shared_phones > 0 then 'address and telephone'
            when counted.shared_names > 0 then 'address and family name'
            else 'address'
        end as evidence
    from living
    inner join counted using (household_id)
    order by living.source_record_id
"""


def households(connection: duckdb.DuckDBPyConnection, records: pa.Table) -> pa.Table:
    """Return the household of each record whose home two to eight people share.

    `records` hold source_record_id, customer_id, family_name, phone and a normalised address.
    The connection counts under its own limits, and none of its tables is read or written.
    Somebody who moved belongs to the household of each home that a record of theirs names. Where
    addresses without a flat are houses rather than homes, only families are households.
    """
    places, addresses = homes(records)
    for name in ("family_name", "phone"):  # a company may have neither
        if name not in records.column_names:
            records = records.append_column(name, pa.nulls(records.num_rows, pa.string()))
    living = records.select(["source_record_id", "customer_id", "family_name", "phone"])
    living = living.filter(pa.array(places >= 0)).combine_chunks()
    named = _household_ids(living, places[places >= 0], addresses)
    connection.register("living", living.append_column("household_id", named))
    try:
        return connection.execute(_LIVING, [MOST_PEOPLE]).to_arrow_table().cast(HOUSEHOLDS)
    finally:
        connection.unregister("living")


def _household_ids(living: pa.Table, places: Codes, addresses: Texts) -> pa.Array:
    """Return the household of each row, whether or not anybody shares it.

    It is named by the address; a family in a house also by the name that most of its records bear.
    """
    people, *shared = (_codes(living[name]) for name in ("customer_id", "family_name", "phone"))
    family = families(places, people, shared)
    in_house = only_families_share(addresses, places, people, family)[places]
    housed = living.filter(pa.array(in_house))
    names = pc.coalesce(housed["family_name"], housed["phone"], housed["customer_id"])
    rows = pd.DataFrame({"family": family[in_house], "name": names.to_pandas()})
    counted = rows.value_counts().reset_index(name="count")
    counted = counted.sort_values(["family", "count", "name"], ascending=[True, False, True])
    name_of = counted.drop_duplicates("family").set_index("family")["name"]
    written = pd.Series(addresses[places], dtype=object)
    written[in_house] += "|" + rows["family"].map(name_of).astype(str).to_numpy()
    of_row, distinct = pd.factorize(written)
    ids = [
        "H" + hashlib.blake2b(text.encode("utf-8"), digest_size=8).hexdigest() for text in distinct
    ]
    return pa.array(ids, pa.string()).take(pa.array(of_row))


def _codes(column: pa.ChunkedArray) -> Codes:
    """Return numbers for the values of a column; as texts they would fill the memory."""
    encoded = column.combine_chunks().dictionary_encode()
    return np.asarray(encoded.indices.fill_null(MISSING).to_numpy(), dtype=np.int64)


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
    found = households(connection, records)
    with one_transaction(connection):
        replace_table(connection, "households", found)
    return HouseholdSummary(len(found["household_id"].unique()), found.num_rows)
