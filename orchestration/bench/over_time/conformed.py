"""Write person records into the conformed layer of a warehouse, as dbt would have made them."""

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.identity.warehouse_records import SOURCE_TABLE

# What the engine's shape has worked out of the conformed columns, or what only a spec can give.
_NOT_CONFORMED = ("birth_year", "birth_month", "birth_day", "generation", "name_script")
_LEFT_OUT = (*_NOT_CONFORMED, "loyalty_id", "entity_id")


def write_conformed(
    connection: duckdb.DuckDBPyConnection, records: pa.Table, *, shuffled: int | None = None
) -> None:
    """Write records in the engine's shape as conformed records; in another order by a seed."""
    if shuffled is not None:
        order = np.random.default_rng(shuffled).permutation(records.num_rows)
        records = records.take(pa.array(order))
    kept = [name for name in records.column_names if name not in _LEFT_OUT]
    connection.register("people_of_the_day", records)
    connection.execute("create schema if not exists conformed")
    connection.execute(
        f"create or replace table {SOURCE_TABLE} as select {', '.join(kept)}, birth_year,"
        " try_cast(printf('%04d-%02d-%02d', birth_year, birth_month, birth_day) as date)"
        " as birth_date from people_of_the_day"
    )
    connection.unregister("people_of_the_day")
