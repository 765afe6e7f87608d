"""Dagster metadata of a warehouse table: row count, columns and their lineage, never a value."""

from collections.abc import Mapping, Sequence

import dagster as dg

from orchestration.warehouse import Warehouse

COLUMNS = """
    select column_name, data_type
    from duckdb_columns()
    where schema_name = ? and table_name = ?
    order by column_index
"""


def table_metadata(warehouse: Warehouse, layer: str, table: str) -> dict[str, dg.MetadataValue]:
    """Return row count and column schema of a table; nothing for a table that is not there yet."""
    with warehouse.connect() as connection:
        columns = connection.execute(COLUMNS, [layer, table]).fetchall()
        if not columns:
            return {"dagster/row_count": dg.MetadataValue.int(0)}
        counted = connection.execute(f'select count(*) from {layer}."{table}"').fetchone()
    schema = dg.TableSchema([dg.TableColumn(name, data_type) for name, data_type in columns])
    return {
        "dagster/row_count": dg.MetadataValue.int(counted[0] if counted else 0),
        "dagster/column_schema": dg.MetadataValue.table_schema(schema),
    }


def lineage_metadata(columns: Mapping[str, Sequence[str]]) -> dict[str, dg.MetadataValue]:
    """Return the lineage declared as {column: the `layer.table.column` it is made of}."""
    deps = {
        column: [
            dg.TableColumnDep(dg.AssetKey(name.split(".")[:2]), name.split(".")[2])
            for name in made_of
        ]
        for column, made_of in columns.items()
    }
    lineage = dg.TableColumnLineage(deps)
    return {"dagster/column_lineage": dg.MetadataValue.column_lineage(lineage)}
