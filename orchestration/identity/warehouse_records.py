"""Read person records from the conformed layer in the shape the engine wants."""

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.errors import RecordsError
from orchestration.identity.normalise.distinct import map_distinct
from orchestration.identity.normalise.email import comparable_email
from orchestration.identity.normalise.names import generation_of, name_scripts
from orchestration.identity.normalise.placeholders import placeholder_codes
from orchestration.identity.records import person_records

SOURCE_TABLE = "conformed.int_person_records__normalised"
_FEW = 20
_AS_THEY_ARE = (
    "source_record_id",
    "source_system",
    "given_name",
    "middle_name",
    "family_name",
    "sex",
    "phone",
    "secondary_phone",
    "street",
    "unit",
    "city",
    "postcode",
    "national_id",
    "is_test_record",
)
_DERIVED = ("full_name_raw", "family_name_raw", "given_name_raw", "email_raw", "email")


def read_person_records(
    connection: duckdb.DuckDBPyConnection, ids: pa.Array | None = None
) -> pa.Table:
    """Return the conformed person records, all or those of some ids, sorted by id.

    Raises:
        RecordsError: the table or one of its ids is missing, or an id occurs twice.
    """
    columns = content_columns(connection)
    selected = ", ".join(f"{expression} as {name}" for name, expression in columns.items())
    query = f"select {selected} from {SOURCE_TABLE} as records"
    if ids is None:
        raw = connection.sql(query).to_arrow_table()
    elif 0 < len(ids) <= _FEW:  # named one by one they are found without reading the table
        named = ", ".join("?" * len(ids))
        found = connection.execute(f"{query} where source_record_id in ({named})", ids.to_pylist())
        raw = found.to_arrow_table()
    else:
        connection.register("wanted_records", pa.table({"source_record_id": ids}))
        raw = connection.sql(
            f"{query} where source_record_id in (select source_record_id from wanted_records)"
        ).to_arrow_table()
        connection.unregister("wanted_records")
    return shaped_records(raw)


def shaped_records(raw: pa.Table) -> pa.Table:
    """Return rows with the columns of the conformed table in the engine's shape, sorted by id."""
    columns = {name: raw[name] for name in raw.column_names if name not in _DERIVED}
    columns["generation"] = _generations(raw)
    columns["name_script"] = _scripts(raw)
    columns["email"] = _emails(raw)
    if "national_id" in columns:
        columns["national_id"] = _identifiers(columns["national_id"])
    return person_records(pa.table(columns))


def content_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return, by name, SQL for each thing that the engine reads of a conformed record."""
    known = _columns(connection)
    wanted = [name for name in (*_AS_THEY_ARE, *_DERIVED) if name in known]
    return {name: f'records."{name}"' for name in wanted} | _birth_parts(known)


def _columns(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    try:
        return frozenset(connection.sql(f"select * from {SOURCE_TABLE} limit 0").columns)
    except duckdb.CatalogException as error:
        message = f"{SOURCE_TABLE} is not there: build the conformed layer first"
        raise RecordsError(message) from error


def _birth_parts(known: frozenset[str]) -> dict[str, str]:
    """Return the parts of the birth date; a bare year still is evidence."""
    date = "records.birth_date" if "birth_date" in known else "cast(null as date)"
    year = "records.birth_year" if "birth_year" in known else "null"
    return {
        "birth_year": f"cast(coalesce(year({date}), {year}) as integer)",
        "birth_month": f"cast(month({date}) as integer)",
        "birth_day": f"cast(day({date}) as integer)",
    }


def _generations(raw: pa.Table) -> pa.Array:
    found = pa.nulls(raw.num_rows, pa.string())
    for name in ("full_name_raw", "family_name_raw", "given_name_raw"):
        if name in raw.column_names:
            found = found.fill_null("")
            here = map_distinct(raw[name], generation_of).fill_null("")
            found = pc.if_else(pc.equal(found, ""), here, found)
    return found


def _scripts(raw: pa.Table) -> pa.Array:
    found = pa.nulls(raw.num_rows, pa.string())
    for name in ("given_name_raw", "family_name_raw", "full_name_raw"):
        if name in raw.column_names:
            found = pc.coalesce(found, name_scripts(raw[name]))
    return found


def _emails(raw: pa.Table) -> pa.Array | pa.ChunkedArray:
    """Return addresses, and where one is damaged the text as typed, which resembles it still."""
    known = raw["email"] if "email" in raw.column_names else pa.nulls(raw.num_rows, pa.string())
    if "email_raw" not in raw.column_names:
        return known
    return pc.coalesce(known, map_distinct(raw["email_raw"], comparable_email))


def _identifiers(codes: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return identifiers without those that say there is none, such as NA."""
    says_none = pc.is_in(codes, value_set=pa.array(sorted(placeholder_codes())))
    return pc.if_else(says_none, pa.scalar(None, pa.string()), codes)
