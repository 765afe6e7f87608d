"""The asset graph as one small golden file: a change to it shows in the diff.

Renew it with `C360_RENEW_GOLDEN=1 uv run pytest tests/architecture/test_asset_graph.py`.
"""

import os
from pathlib import Path

import pytest
from dagster import AssetKey

from orchestration.definitions import defs

GOLDEN = Path(__file__).with_name("asset_graph.txt")
LAYERS = {"landing", "staging", "conformed", "identity", "marts", "publishing", "quality"}


@pytest.fixture(scope="module")
def graph():
    return defs().resolve_asset_graph()


def asset_parents(node) -> list[AssetKey]:
    return [parent for parent in node.parent_entity_keys if isinstance(parent, AssetKey)]


def has_kind(node) -> bool:
    return any(tag.startswith("dagster/kind/") for tag in node.tags)


def described(graph) -> str:
    gated = {check.asset_key for check in graph.asset_check_keys if check.name == "gate"}
    lines = []
    for key in sorted(graph.materializable_asset_keys):
        node = graph.get(key)
        mark = " [gate]" if key in gated else ""
        parents = " ".join(sorted(parent.to_user_string() for parent in asset_parents(node)))
        lines.append(f"{key.to_user_string()}{mark} <- {parents}".rstrip(" <-"))
    return "\n".join(lines) + "\n"


def test_the_asset_graph_is_the_golden_one(graph):
    if os.environ.get("C360_RENEW_GOLDEN"):
        GOLDEN.write_text(described(graph), encoding="utf-8")
    assert described(graph) == GOLDEN.read_text(encoding="utf-8")


def test_every_asset_has_group_owner_kinds_and_description(graph):
    incomplete = [
        key.to_user_string()
        for key in graph.materializable_asset_keys
        for node in [graph.get(key)]
        if not (node.group_name and node.owners and has_kind(node) and node.description)
    ]
    assert incomplete == []


def test_the_first_part_of_a_key_is_its_layer_and_its_group(graph):
    strange = [
        key.to_user_string()
        for key in graph.materializable_asset_keys
        if key.path[0] not in LAYERS or graph.get(key).group_name != key.path[0]
    ]
    assert strange == []


def test_the_snapshot_waits_for_every_gate(graph):
    gated = {check.asset_key for check in graph.asset_check_keys if check.name == "gate"}
    snapshot = next(key for key in graph.materializable_asset_keys if key.path[0] == "publishing")
    assert gated
    assert gated <= graph.get_ancestor_asset_keys(snapshot)
