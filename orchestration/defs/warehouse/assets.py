"""The dbt models as assets, in two selections: up to the conformed layer, and the marts."""

from collections.abc import Iterator

import dagster as dg
from dagster_dbt import DbtCliResource, dbt_assets
from dagster_dbt.core.dbt_event_iterator import DbtDagsterEventType

from orchestration.defs.resources import CurrentRun
from orchestration.defs.warehouse.project import dbt_project
from orchestration.defs.warehouse.table_metadata import with_table_metadata
from orchestration.defs.warehouse.translator import LayerTranslator


def build(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, current_run: CurrentRun
) -> Iterator[DbtDagsterEventType]:
    """Run `dbt build` on the selected nodes; unit tests are for development and CI.

    Exposures build nothing, and would be reported as if they did.

    Every build shares one target folder, so that dbt parses only what has changed.
    """
    arguments = [
        "build",
        "--exclude-resource-type",
        "unit_test",
        "--exclude-resource-type",
        "exposure",
        "--indirect-selection",
        "buildable",
    ]
    warehouse = current_run.released_warehouse()  # before dbt starts: the gates let go of the file
    invocation = dbt.cli(arguments, context=context, target_path=dbt_project().target_path)
    yield from with_table_metadata(invocation, warehouse)


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
        current_run: dg.ResourceParam[CurrentRun],
    ) -> Iterator[DbtDagsterEventType]:
        yield from build(context, dbt, current_run)

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
        current_run: dg.ResourceParam[CurrentRun],
    ) -> Iterator[DbtDagsterEventType]:
        yield from build(context, dbt, current_run)

    return dg.Definitions(assets=[conformed, marts])
