"""The published snapshot, the one thing BI tools open, and the targets it is brought to."""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.gates import company_suites
from orchestration.defs.resources import CurrentRun
from orchestration.defs.warehouse.project import published_documentation, published_models
from orchestration.gates.quarantine_tables import accept_run
from orchestration.publishing.errors import PublishingError
from orchestration.publishing.postgres_delivery import deliver
from orchestration.publishing.published import Snapshot, current_snapshot
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
        published = publish(
            current_run.released_warehouse(),
            serving_dir=current_run.settings.serving_dir,
            run_id=current_run.run_id,
            as_of=current_run.as_of,
            kept=current_run.settings.snapshots_kept,
            days_kept=current_run.settings.snapshot_days_kept,
            tables=tables,
            documentation=published_documentation(),
            has_parquet=current_run.settings.parquet,
        )
        # What was not published teaches nothing: a full disk leaves the history as it was.
        with current_run.released_warehouse().connect() as connection:
            accept_run(connection, current_run.run_id)
        return dg.MaterializeResult(
            metadata={"version": published.version, "tables": dg.MetadataValue.int(len(tables))}
        )

    return dg.Definitions(assets=[snapshot, *targets(Settings())])


def targets(settings: Settings) -> list[dg.AssetsDefinition]:
    """Return the targets that the settings name, downstream of the snapshot."""
    secret = settings.postgres_target
    if secret is None:
        return []
    key = dg.AssetKey(["publishing", "postgres"])

    @dg.asset(
        key=key,
        group_name="publishing",
        kinds={"postgres"},
        owners=["team:data-boss"],
        deps=[["publishing", "snapshot"]],
        description="The published snapshot as a schema of PostgreSQL, switched in at once.",
        tags={"pii": "true"},
        output_required=False,
        check_specs=[
            dg.AssetCheckSpec(
                "loaded", asset=key, description="PostgreSQL holds what is published."
            )
        ],
    )
    def postgres(
        current_run: dg.ResourceParam[CurrentRun],
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        # A server that does not answer is no reason to call the day failed: it is published.
        report = deliver(
            published_by_now(current_run), secret.get_secret_value(), current_run.settings.home_dir
        )
        if report.problem is None:
            rows = dg.MetadataValue.int(report.rows)
            yield dg.MaterializeResult(
                metadata={"version": report.wanted, "tables": report.tables, "rows": rows}
            )
        yield dg.AssetCheckResult(
            passed=report.problem is None,
            asset_key=key,
            check_name="loaded",
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"problem": report.problem or "none", "held": report.held or "nothing"},
        )

    return [postgres]


def published_by_now(current_run: CurrentRun) -> Snapshot:
    """Return the snapshot that the run before this step has left published."""
    snapshot = current_snapshot(current_run.settings.serving_dir)
    if snapshot is None:
        raise PublishingError("nothing is published that a target could hold")
    return snapshot
