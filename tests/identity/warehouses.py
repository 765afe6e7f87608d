"""Put records into the conformed layer of a warehouse, as dbt would."""

import duckdb
import pyarrow as pa

from tests.identity.people import Record

TEXTS = (
    "source_record_id",
    "source_system",
    "given_name",
    "middle_name",
    "family_name",
    "full_name_raw",
    "family_name_raw",
    "given_name_raw",
    "sex",
    "email_raw",
    "email",
    "phone",
    "secondary_phone",
    "street",
    "unit",
    "city",
    "postcode",
    "national_id",
)


def fill_conformed(connection: duckdb.DuckDBPyConnection, records: list[Record]) -> None:
    """Write the records as conformed person records."""
    columns = {name: pa.array([row.get(name) for row in records], pa.string()) for name in TEXTS}
    for part in ("birth_year", "birth_month", "birth_day"):
        columns[part] = pa.array([row.get(part) for row in records], pa.int32())
    tests = [bool(row.get("is_test_record")) for row in records]
    columns["is_test_record"] = pa.array(tests, pa.bool_())
    connection.register("raw_people", pa.table(columns))
    connection.execute("create schema if not exists conformed")
    connection.execute(
        "create or replace table conformed.int_person_records__normalised as"
        " select * exclude (birth_month, birth_day),"
        " make_date(birth_year, birth_month, birth_day) as birth_date from raw_people"
    )
    connection.unregister("raw_people")
