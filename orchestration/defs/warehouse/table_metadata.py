"""What Dagster shows of each built model: row count, column schema, column lineage.

dagster-dbt can fetch these itself, but model by model: 57 s where the build took 13 s.
One connection and one pass over the compiled SQL take half a second (docs/decisions/0008).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliInvocation
from dagster_dbt.core.dbt_event_iterator import DbtDagsterEventType
from sqlglot.errors import SqlglotError

from orchestration.lineage.columns import Schema, column_lineage
from orchestration.warehouse import Warehouse

COLUMNS = """
    select schema_name, table_name, column_name, data_type
    from duckdb_columns()
    where not internal
    order by schema_name, table_name, column_index
"""
TABLES = "select schema_name, table_name from duckdb_tables() where not internal"


@dataclass(frozen=True, slots=True)
class BuiltTables:
    """The tables of the warehouse after a build, and the SQL that dbt ran."""

    schema: Schema
    row_counts: Mapping[tuple[str, str], int]
    nodes: Mapping[str, Mapping[str, Any]]
    compiled: Mapping[str, str]

    @classmethod
    def after(cls, invocation: DbtCliInvocation, warehouse: Warehouse) -> "BuiltTables":
        """Look at the warehouse once, after dbt has let go of it."""
        results = invocation.get_artifact("run_results.json")["results"]
        compiled = {done["unique_id"]: done.get("compiled_code") or "" for done in results}
        nodes = invocation.manifest["nodes"]
        built = {(node["schema"], node["name"]) for node in (nodes[key] for key in compiled)}
        schema: dict[str, dict[str, dict[str, str]]] = {}
        with warehouse.connect() as connection:
            for layer, table, column, data_type in connection.execute(COLUMNS).fetchall():
                schema.setdefault(layer, {}).setdefault(table, {})[column] = data_type
            tables = built & set(connection.execute(TABLES).fetchall())
            counts = {
                (layer, table): connection.table(f'"{layer}"."{table}"').shape[0]
                for layer, table in tables
            }
        return cls(schema, counts, nodes, compiled)

    def metadata(self, unique_id: str) -> dict[str, Any]:
        """Return the metadata of one dbt node."""
        node = self.nodes[unique_id]
        layer, table = node["schema"], node["name"]
        columns = self.schema.get(layer, {}).get(table, {})
        described = node.get("columns", {})
        metadata: dict[str, Any] = {
            "dagster/column_schema": dg.TableSchema(
                [
                    dg.TableColumn(name, kind, described.get(name, {}).get("description") or None)
                    for name, kind in columns.items()
                ]
            )
        }
        if (layer, table) in self.row_counts:
            metadata["dagster/row_count"] = dg.MetadataValue.int(self.row_counts[layer, table])
        if node["resource_type"] == "model":
            metadata.update(self._lineage(unique_id))
        return metadata

    def _lineage(self, unique_id: str) -> dict[str, Any]:
        try:
            sources = column_lineage(self.compiled[unique_id], self.schema)
        except SqlglotError as error:  # a model that only the database understands
            return {"column_lineage_missing": dg.MetadataValue.text(type(error).__name__)}
        deps = {
            column: [
                dg.TableColumnDep(dg.AssetKey([source.layer, source.table]), source.column)
                for source in found
            ]
            for column, found in sources.items()
        }
        return {"dagster/column_lineage": dg.TableColumnLineage(deps)}


def with_table_metadata(
    invocation: DbtCliInvocation, warehouse: Warehouse
) -> Iterator[DbtDagsterEventType]:
    """Yield the events of a dbt build with table metadata, after dbt has let go of the warehouse.

    What was built before a failure is yielded before the failure is raised.
    """
    events, failure = exhausted(invocation.stream())
    invocation.process.wait()  # a stream that broke off leaves dbt at work, and the warehouse held
    built = BuiltTables.after(invocation, warehouse)
    for event in events:
        if isinstance(event, dg.Output | dg.AssetMaterialization):
            unique_id = str(event.metadata["unique_id"].value)
            yield event.with_metadata({**event.metadata, **built.metadata(unique_id)})
        else:
            yield event
    if failure:
        raise failure


def exhausted(
    stream: Iterable[DbtDagsterEventType],
) -> tuple[list[DbtDagsterEventType], dg.Failure | Exception | None]:
    """Return all events of a stream, and the error it ended with."""
    events: list[DbtDagsterEventType] = []
    try:
        events.extend(stream)
    except Exception as error:  # noqa: BLE001  raised again by the caller, after what was built
        return events, error
    return events, None
