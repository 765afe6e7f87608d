"""The published snapshot: the one thing BI tools open."""

import dagster as dg

from orchestration.defs.gates import company_suites
from orchestration.defs.resources import CurrentRun
from orchestration.defs.warehouse.project import published_documentation, published_models
from orchestration.gates.quarantine_tables import accept_run
from orchestration.publishing.snapshots import publish
from orchestration.settings import Settings


@dg.definitions
def publishing() -> dg.Definitions:
    """Make the snapshot asset, downstream of every published mart and of every gated table."""
    tables = published_models()
    gated = [[suite.layer, suite.table] for suite in company_suites(Settings())]
    upstream = {dg.AssetKey(key) for key in [*gated, *(["marts", table] for table in tables)]}

    @dg.asset(
        key=["publishing", "snapshot"],
        group_name="publishing",
        kinds={"duckdb"},
        owners=["team:data-boss"],
        deps=sorted(upstream),
        description="The marts as an immutable file, switched in atomically after the last gate.",
        tags={"pii": "true"},
    )
    def snapshot(current_run: dg.ResourceParam[CurrentRun]) -> dg.MaterializeResult:
        with current_run.warehouse.connect() as connection:
            accept_run(connection, current_run.run_id)
        published = publish(
            current_run.warehouse,
            serving_dir=current_run.settings.serving_dir,
            run_id=current_run.run_id,
            as_of=current_run.as_of,
            kept=current_run.settings.snapshots_kept,
            tables=tables,
            documentation=published_documentation(),
        )
        return dg.MaterializeResult(
            metadata={"version": published.version, "tables": dg.MetadataValue.int(len(tables))}
        )

    return dg.Definitions(assets=[snapshot])
