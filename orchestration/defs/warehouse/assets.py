"""The dbt models as assets, in two selections: up to the conformed layer, and the marts."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource, dbt_assets

from orchestration.defs.resources import CurrentRun
from orchestration.defs.warehouse.project import dbt_project
from orchestration.defs.warehouse.translator import LayerTranslator


def build(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
    """Run `dbt build` on the selected nodes, with row counts, column schema and column lineage."""
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    events = dbt.cli(arguments, context=context).stream()
    yield from events.fetch_row_counts().fetch_column_metadata()


@dg.definitions
def warehouse() -> dg.Definitions:
    """Make the assets of the dbt project."""
    project = dbt_project()
    translator = LayerTranslator()

    @dbt_assets(
        manifest=project.manifest_path,
        project=project,
        dagster_dbt_translator=translator,
        exclude="config.schema:marts",
        name="conformed",
    )
    def conformed(
        context: dg.AssetExecutionContext,
        dbt: DbtCliResource,
        current_run: dg.ResourceParam[CurrentRun],  # noqa: ARG001  holds the run lock
    ) -> Iterator[Any]:
        yield from build(context, dbt)

    @dbt_assets(
        manifest=project.manifest_path,
        project=project,
        dagster_dbt_translator=translator,
        select="config.schema:marts",
        name="marts",
    )
    def marts(
        context: dg.AssetExecutionContext,
        dbt: DbtCliResource,
        current_run: dg.ResourceParam[CurrentRun],  # noqa: ARG001  holds the run lock
    ) -> Iterator[Any]:
        yield from build(context, dbt)

    return dg.Definitions(assets=[conformed, marts])
