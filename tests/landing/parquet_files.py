"""Parquet files of sales, in memory, and a name that no message may repeat."""

import io

import pyarrow as pa
import pyarrow.parquet as pq

SECRET = "Xylophania"  # stands for a person's name


def parquet_bytes(**columns: list[object]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def sales_parquet(rows: int = 2, **changes: list[object]) -> bytes:
    columns: dict[str, list[object]] = {
        "sale_id": [f"S{row}" for row in range(rows)],
        "buyer": [SECRET] * rows,
        "amount": ["1.00"] * rows,
        "sold_on": ["01/02/2026"] * rows,
    }
    kept = {name: values for name, values in (columns | changes).items() if values}
    return parquet_bytes(**kept)
