"""One landing asset per contract: adding a source adds a contract and no Python."""

from datetime import timedelta

import dagster as dg

from orchestration.defs.metadata import table_metadata
from orchestration.defs.resources import CurrentRun
from orchestration.gates.profiles import measure_run
from orchestration.gates.suites import load_suites
from orchestration.landing.contract import Contract, load_contracts
from orchestration.landing.contract_parts import FilesLocation
from orchestration.landing.door import LandingResult, land
from orchestration.settings import Settings

RETRY_REMOTE = dg.RetryPolicy(max_retries=3, delay=5, backoff=dg.Backoff.EXPONENTIAL)


def landing_metadata(result: LandingResult) -> dict[str, dg.MetadataValue]:
    """Return what the door counted, and what it has to say; no values."""
    return {
        "rows_received": dg.MetadataValue.int(result.rows_received),
        "rows_landed": dg.MetadataValue.int(result.rows_landed),
        "rows_quarantined": dg.MetadataValue.int(result.rows_quarantined),
        "rows_refused": dg.MetadataValue.int(result.rows_refused),
        "files_refused": dg.MetadataValue.int(result.files_refused),
        "undeclared_columns": dg.MetadataValue.text(", ".join(result.undeclared_columns) or "none"),
        "problems": dg.MetadataValue.md(
            "\n".join(f"- {line}" for line in result.problems) or "none"
        ),
    }


def landing_asset(contract: Contract) -> dg.AssetsDefinition:
    """Return the asset that lands what a source has delivered since the last run."""
    is_remote = not isinstance(contract.location, FilesLocation)
    kind = contract.format.type if contract.format else "dlt"
    has_personal = any(column.is_personal for column in contract.columns.values())

    @dg.asset(
        key=["landing", contract.landing_name],
        group_name="landing",
        kinds={"duckdb", kind},
        owners=[contract.owner],
        description=contract.description,
        tags={
            "source": contract.source,
            "pii": str(has_personal).lower(),
            "delivery": contract.delivery,
        },
        freshness_policy=dg.FreshnessPolicy.time_window(
            fail_window=timedelta(hours=contract.freshness_hours)
        ),
        retry_policy=RETRY_REMOTE if is_remote else None,
    )
    def landed(
        context: dg.AssetExecutionContext, current_run: dg.ResourceParam[CurrentRun]
    ) -> dg.MaterializeResult:
        result = land(
            contract,
            warehouse=current_run.released_warehouse(),
            inbox_dir=current_run.settings.inbox_dir,
            landing_dir=current_run.settings.landing_dir,
            run_id=current_run.run_id,
            as_of=current_run.as_of,
            settle_seconds=current_run.settings.settle_seconds,
        )
        for problem in result.problems:
            context.log.warning(problem)
        table = table_metadata(current_run.released_warehouse(), "landing", contract.landing_name)
        return dg.MaterializeResult(metadata={**table, **landing_metadata(result)})

    return landed


@dg.definitions
def landing() -> dg.Definitions:
    """Make one asset of each contract, and the one that sums up what the door let in."""
    contracts = load_contracts(Settings().sources_dir)
    keys = [["landing", contract.landing_name] for contract in contracts]

    @dg.asset(
        key=["quality", "loads"],
        group_name="quality",
        kinds={"duckdb"},
        owners=["team:data-boss"],
        deps=[dg.AssetKey(key) for key in keys],
        description="One row per load: what was received, landed, quarantined and refused.",
    )
    def loads(current_run: dg.ResourceParam[CurrentRun]) -> dg.MaterializeResult:
        return dg.MaterializeResult(
            metadata=table_metadata(current_run.released_warehouse(), "quality", "loads")
        )

    @dg.asset(
        key=["quality", "measure_facts"],
        group_name="quality",
        kinds={"duckdb"},
        owners=["team:data-boss"],
        deps=[dg.AssetKey(key) for key in keys],
        description="The shape of what this run has landed, column by column, against history.",
    )
    def measure_facts(current_run: dg.ResourceParam[CurrentRun]) -> dg.MaterializeResult:
        suites = load_suites(current_run.settings.expectations_dirs)
        with current_run.released_warehouse().connect() as connection:
            figures = measure_run(connection, suites, current_run.run_id, current_run.as_of)
        return dg.MaterializeResult(metadata={"figures": dg.MetadataValue.int(figures)})

    landed = [landing_asset(contract) for contract in contracts]
    return dg.Definitions(assets=[*landed, loads, measure_facts])
