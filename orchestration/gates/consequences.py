"""What hangs on a table: the marts and the dashboards downstream of it, as dbt knows them."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any


def hanging_on(manifest: Path, layer: str, table: str) -> tuple[str, ...]:
    """Return the exposures and marts downstream of a table; nothing before dbt has parsed."""
    if not manifest.is_file():
        return ()
    nodes, children = _graph(manifest, manifest.stat().st_mtime_ns)
    reached = {
        unique_id
        for unique_id, node in nodes.items()
        if node.get("schema") == layer and (node.get("identifier") or node["name"]) == table
    }
    waiting = list(reached)
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in reached:
                reached.add(child)
                waiting.append(child)
    found = (nodes[unique_id] for unique_id in reached if unique_id in nodes)
    return tuple(sorted(node["name"] for node in found if _is_shown(node, table)))


def _is_shown(node: dict[str, Any], table: str) -> bool:
    is_mart = node["resource_type"] == "model" and node.get("schema") == "marts"
    is_read = node.get("config", {}).get("contract", {}).get("enforced", False)
    return node["resource_type"] == "exposure" or (is_mart and is_read and node["name"] != table)


@lru_cache(maxsize=2)
def _graph(manifest: Path, _changed: int) -> tuple[dict[str, Any], dict[str, list[str]]]:
    content = json.loads(manifest.read_text(encoding="utf-8"))
    nodes = {**content["nodes"], **content["sources"], **content["exposures"]}
    return nodes, content["child_map"]
