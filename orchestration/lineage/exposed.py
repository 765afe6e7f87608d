"""Who uses the marts: the figures of the dashboard, the metrics, and dbt's exposures.

A page of the dashboard is as exact as its queries; of a client that asks what it likes, the
exposure names the tables, and each of their columns leads to it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp, parse_one

from orchestration.dashboard.query_files import dashboard_queries
from orchestration.lineage.columns import DIALECT, ColumnName, column_lineage
from orchestration.lineage.graph import ColumnGraph

DASHBOARD = "dashboard_"


def add_metrics(graph: ColumnGraph, semantic_manifest: Mapping[str, Any]) -> None:
    """Add every metric, made of the columns its measures are computed from."""
    measures: dict[str, set[ColumnName]] = {}
    for model in semantic_manifest.get("semantic_models", []):
        place = model["node_relation"]
        for measure in model["measures"]:
            text = measure.get("expr") or measure["name"]
            columns = parse_one(str(text), dialect=DIALECT).find_all(exp.Column)
            measures[measure["name"]] = {
                ColumnName(place["schema_name"], place["alias"], column.name) for column in columns
            }
    metrics = {metric["name"]: metric for metric in semantic_manifest.get("metrics", [])}
    for name, metric in sorted(metrics.items()):
        found = set().union(*(measures.get(part, set()) for part in _measures_of(name, metrics)))
        about = {"meaning": metric.get("description") or ""}
        graph.add(ColumnName("metrics", name, "value"), found, about)


def add_exposures(
    graph: ColumnGraph, exposures: Sequence[Mapping[str, Any]], published: frozenset[str]
) -> None:
    """Add what each exposure shows; a dashboard's page by the figures of its queries."""
    queries = dashboard_queries()
    for exposure in exposures:
        name = exposure["name"]
        if name.startswith(DASHBOARD):
            for query in queries:
                if f"{DASHBOARD}{query.page}" == name:
                    _add_query(graph, name, query.name, query.sql)
        else:
            _add_client(graph, exposure, published)


def _add_query(graph: ColumnGraph, exposure: str, query: str, sql: str) -> None:
    tables = graph.schema(graph.tables("marts"))
    for figure, made_of in column_lineage(sql, tables).items():
        shown = ColumnName("exposure", exposure, f"{query}.{figure}")
        graph.add(shown, [column for column in made_of if column in graph.upstream])


def _add_client(graph: ColumnGraph, exposure: Mapping[str, Any], published: frozenset[str]) -> None:
    names = {key.rpartition(".")[2] for key in exposure["depends_on"]["nodes"]}
    if exposure.get("config", {}).get("meta", {}).get("copies_every_mart"):
        names |= published
    for table in sorted(names):
        columns = [column for column in graph.upstream if column[:2] == ("marts", table)]
        shown = ColumnName("exposure", exposure["name"], table)
        graph.add(shown, columns, {"meaning": exposure.get("description") or ""})


def _measures_of(name: str, metrics: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return the measures of a metric and of the metrics it is put together from."""
    parameters = metrics[name]["type_params"]
    single = [parameters.get(part) for part in ("measure", "numerator", "denominator")]
    conversion = parameters.get("conversion_type_params") or {}
    single += [conversion.get("base_measure"), conversion.get("conversion_measure")]
    inputs = [part for part in [*single, *(parameters.get("metrics") or [])] if part]
    found: set[str] = set()
    for part in inputs:
        if part["name"] in metrics and part["name"] != name:
            found |= _measures_of(part["name"], metrics)
        else:
            found.add(part["name"])
    return found
