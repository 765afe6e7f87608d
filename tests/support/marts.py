"""Compare published marts by content."""

from pathlib import Path

import duckdb


def mart_checksums(home: Path) -> dict[str, tuple[int, int]]:
    """Return rows and an order-independent hash of every table of the published snapshot."""
    with duckdb.connect(str(home / "serving" / "customer_360.duckdb"), read_only=True) as snapshot:
        tables = snapshot.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts' order by all"
        ).fetchall()
        return {
            table: snapshot.execute(
                f'select count(*), cast(sum(hash(t)) as hugeint) from marts."{table}" as t'
            ).fetchone()
            for (table,) in tables
        }
