"""Read a published snapshot, as any client does."""

from pathlib import Path

import duckdb


def read(path: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def generation_seen(serving_dir: Path) -> int:
    query = "select distinct generation from marts.customer_360"
    return read(serving_dir / "customer_360.duckdb", query)[0][0]
