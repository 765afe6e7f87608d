"""How a dbt node becomes a Dagster asset: key and group by layer, owner and kinds always set."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

OWNER = "team:customer-data"
LOADS = dg.AssetKey(["quality", "loads"])


class LayerTranslator(DagsterDbtTranslator):
    """Name assets [layer, table], where the layer is the schema dbt builds the node in."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Return [schema, name] for models, seeds and sources alike."""
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the layer."""
        return str(dbt_resource_props["schema"])

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """Add owner and personal-data tag; make the staging views wait for the whole door."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]
        columns = node.get("columns", {}).values()
        has_personal = any(column_meta(column).get("pii") for column in columns)
        deps = {dep.asset_key: dep for dep in spec.deps}
        if node["schema"] == "staging":
            deps.setdefault(LOADS, dg.AssetDep(LOADS))
        return spec.replace_attributes(
            owners=[OWNER],
            deps=list(deps.values()),
            tags={**spec.tags, "pii": str(has_personal).lower()},
        )


def column_meta(column: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the meta of a column, wherever this version of dbt keeps it."""
    meta: Mapping[str, Any] = column.get("config", {}).get("meta") or column.get("meta") or {}
    return meta
