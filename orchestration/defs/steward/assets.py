"""The steward's decisions as an asset; the run has landed them before its first step."""

import dagster as dg

from orchestration.defs.metadata import table_metadata
from orchestration.defs.resources import CurrentRun
from orchestration.steward.landed_decisions import LANDING_NAME


@dg.asset(
    key=["landing", LANDING_NAME],
    group_name="landing",
    kinds={"sqlite", "duckdb"},
    owners=["team:data-boss"],
    description="Every decision of a steward, as made: what it is about, by whom, why and when.",
    tags={"source": "steward", "pii": "true", "delivery": "append"},
)
def steward_decisions(current_run: dg.ResourceParam[CurrentRun]) -> dg.MaterializeResult:
    """Report what is landed: every decision that this run takes into account."""
    return dg.MaterializeResult(
        metadata=table_metadata(current_run.released_warehouse(), "landing", LANDING_NAME)
    )


@dg.definitions
def steward() -> dg.Definitions:
    """List the asset."""
    return dg.Definitions(assets=[steward_decisions])
