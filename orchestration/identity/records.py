"""The one shape of person records that the engine reads, from the warehouse or from files.

Every value is normalised already (see `normalise/`). What the values mean for identity is not
decided here.
"""

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.errors import RecordsError

PERSON_RECORDS = pa.schema(
    [
        pa.field("source_record_id", pa.string(), nullable=False),
        pa.field("source_system", pa.string(), nullable=False),
        ("given_name", pa.string()),
        ("middle_name", pa.string()),
        ("family_name", pa.string()),
        ("generation", pa.string()),
        # The script a name was written in, where it was not Latin.
        ("name_script", pa.string()),
        ("birth_year", pa.int32()),
        ("birth_month", pa.int32()),
        ("birth_day", pa.int32()),
        ("sex", pa.string()),
        ("email", pa.string()),
        ("phone", pa.string()),
        ("secondary_phone", pa.string()),
        ("street", pa.string()),
        ("unit", pa.string()),
        ("city", pa.string()),
        ("postcode", pa.string()),
        ("national_id", pa.string()),
        ("loyalty_id", pa.string()),
        ("is_test_record", pa.bool_()),
    ]
)


def person_records(table: pa.Table) -> pa.Table:
    """Return the records in the engine's shape and order; a column the table has not got is null.

    Sorted by id, because everything that follows must not depend on the order rows arrive in.

    Raises:
        RecordsError: an id or a source is missing, or an id occurs twice.
    """
    arrays = [
        _column(table, field) if field.name in table.column_names else _absent(table, field)
        for field in PERSON_RECORDS
    ]
    shaped = pa.table(arrays, schema=PERSON_RECORDS)
    ids = shaped["source_record_id"]
    if ids.null_count:
        raise RecordsError(f"{ids.null_count} person records have no source_record_id")
    counts = pc.value_counts(ids)
    twice = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
    if len(twice):
        keys = ", ".join(sorted(twice.to_pylist())[:5])
        raise RecordsError(f"{len(twice)} record ids occur more than once: {keys}")
    return shaped.sort_by("source_record_id").combine_chunks()


def _column(table: pa.Table, field: pa.Field) -> pa.ChunkedArray:
    column = table[field.name].cast(field.type)
    if pa.types.is_string(field.type) and field.nullable:
        empty = pc.fill_null(pc.equal(column, ""), False)
        if pc.any(empty).as_py():
            return pc.if_else(empty, pa.scalar(None, pa.string()), column)
    return column


def _absent(table: pa.Table, field: pa.Field) -> pa.Array:
    if not field.nullable:
        raise RecordsError(f"person records need the column {field.name}")
    return pa.nulls(table.num_rows, field.type)
