"""Put the whole way of every column together: contracts, landing, dbt, identity, marts, users.

Contracts say what is landed, compiled SQL what dbt makes of it, a declaration what the Python step
does, and the exposures who uses the result. Which columns one query is made of: `columns.py`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlglot.errors import SqlglotError

from orchestration.identity.column_lineage import declared_lineage, declared_rows
from orchestration.landing.contract import Contract, load_contracts
from orchestration.lineage.columns import ROWS, ColumnName, query_lineage
from orchestration.lineage.dbt_artifacts import Artifacts
from orchestration.lineage.exposed import add_exposures, add_metrics
from orchestration.lineage.graph import ColumnGraph

# What the door adds to the columns of a contract.
DOOR_COLUMNS = {
    "_load_id": "load that brought the row",
    "_loaded_at": "moment of the run that landed the row",
    "_source_file": "file the row came in",
    "_row": "place of the row in its file",
}


def pipeline_graph(sources_dir: Path, dbt_target: Path) -> ColumnGraph:
    """Return the graph of every column from the source systems to those who use the marts.

    Raises:
        LineageError: dbt has not run yet.
    """
    artifacts = Artifacts.of(dbt_target)
    graph = ColumnGraph()
    for contract in load_contracts(sources_dir):
        _add_contract(graph, contract)
    _add_given_tables(graph, artifacts)
    _add_identity(graph)
    add_models(graph, artifacts)
    add_metrics(graph, artifacts.semantic_manifest())
    add_exposures(graph, artifacts.exposures(), artifacts.published())
    return graph


def _add_contract(graph: ColumnGraph, contract: Contract) -> None:
    for name, column in contract.columns.items():
        source = ColumnName("source", contract.label, contract.physical_name(name))
        about = {
            "meaning": column.meaning,
            "purpose": column.purpose,
            "sensitivity": column.sensitivity,
        }
        graph.add(source, about=about)
        graph.add(ColumnName("landing", contract.landing_name, name), [source], about)
    for name, meaning in DOOR_COLUMNS.items():
        graph.add(ColumnName("landing", contract.landing_name, name), about={"meaning": meaning})
    rows = ColumnName("source", contract.label, ROWS)
    graph.add(rows, about={"meaning": contract.description})
    graph.add(ColumnName("landing", contract.landing_name, ROWS), [rows])


def _add_given_tables(graph: ColumnGraph, artifacts: Artifacts) -> None:
    """Add what neither a contract nor a model makes: seeds, and what the run says of itself."""
    for (layer, table), columns in artifacts.sources().items():
        for name, column in columns.items():
            node = ColumnName(layer, table, name)
            if node not in graph.upstream:
                graph.add(node, about={"meaning": column.get("description", "")})
    for (layer, table), names in artifacts.seeds().items():
        for name in names:
            graph.add(ColumnName(layer, table, name), about={"meaning": "reference data (a seed)"})


def _add_identity(graph: ColumnGraph) -> None:
    for table, counted in declared_rows().items():
        rows = ColumnName("identity", table, ROWS)
        graph.add(rows, [parsed(f"{name}.{ROWS}") for name in counted])
    for table, columns in declared_lineage().items():
        for name, made_of in columns.items():
            graph.add(
                ColumnName("identity", table, name),
                [parsed(text) for text in made_of],
                graph.about.get(ColumnName("identity", table, name)),
            )


def add_models(graph: ColumnGraph, artifacts: Artifacts) -> None:
    """Add the columns of every dbt model, each after those it reads."""
    for model in artifacts.models():
        _add_model(graph, artifacts, model)


def _add_model(graph: ColumnGraph, artifacts: Artifacts, model: Mapping[str, Any]) -> None:
    layer, table = model["schema"], model["name"]
    found = {name: () for name in model["columns"]} | _declared(model)
    if model["language"] == "sql":
        try:
            sql = artifacts.compiled_sql(model) or ""
            lineage = query_lineage(sql, graph.schema(artifacts.tables_read(model)))
            found = {**lineage.columns(), ROWS: lineage.rows()}
        except (SqlglotError, ValueError):
            graph.unread.append(f"{layer}.{table}")
    elif not _declared(model):
        graph.unread.append(f"{layer}.{table}")
    for name, made_of in found.items():
        described = model["columns"].get(name, {}).get("description", "")
        graph.add(ColumnName(layer, table, name), made_of, {"meaning": described})


def _declared(model: Mapping[str, Any]) -> dict[str, tuple[ColumnName, ...]]:
    """Return what a Python model says it is made of: `meta.made_of` of its columns, and its own.

    Its own tells whose rows its rows are. A column without one is made of no column of the
    warehouse: of a file, or of a constant.
    """
    parts = {ROWS: model, **model["columns"]}
    return {
        name: tuple(parsed(text) for text in part["config"]["meta"]["made_of"])
        for name, part in parts.items()
        if "made_of" in part.get("config", {}).get("meta", {})
    }


def parsed(text: str) -> ColumnName:
    """Return the column that `layer.table.column` names."""
    layer, table, column = text.split(".")
    return ColumnName(layer, table, column)
