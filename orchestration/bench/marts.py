"""`c360 bench marts`: time and memory of the marts by model; their figures held to the truth."""

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.bench.daily_run import END_DATE, verb
from orchestration.bench.marts_truth import compare_with_truth, link_perfectly
from orchestration.bench.measured import Measured, measure
from orchestration.landing.contract import load_contracts
from orchestration.landing.door import land
from orchestration.settings import Settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.landed_decisions import land_decisions
from orchestration.warehouse import Warehouse

AS_OF = datetime(2026, 7, 1)  # noqa: DTZ001  UTC without a zone, as the warehouse keeps it
MARTS = ("--select", "config.schema:marts")
REST = ("--exclude", "config.schema:marts")
SLOWEST = 10


def bench_marts(
    home: Path,
    *,
    customers: int,
    environment: Mapping[str, str],
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Return the figures of a full build of the marts over a sample with perfect links."""
    progress(f"making a sample of {customers:,} customers")
    sample = ("--customers", str(customers), "--days", "1", "--end-date", END_DATE)
    verb(environment, home, "sample", *sample)
    settings = Settings(home=home)
    warehouse = Warehouse.of(settings)
    progress("landing it")
    land_everything(settings, as_of=AS_OF)
    progress("building the conformed layer")
    dbt(environment, home, *REST)
    with warehouse.connect() as connection:
        link_perfectly(connection, home / "truth")
        counted = connection.execute(
            "select count(*) from conformed.int_interactions__unioned"
        ).fetchone()
    progress("building the marts")
    built = dbt(environment, home, *MARTS)
    with warehouse.connect(read_only=True) as connection:
        agreement = compare_with_truth(connection, home / "truth")
    slowest = sorted(built.printed.items(), key=lambda model: (-model[1], model[0]))[:SLOWEST]
    return {
        "customers": customers,
        "interactions": counted[0] if counted else 0,
        "seconds": built.seconds,
        "peak_rss_mb": built.peak_rss_mb,
        "slowest_models": dict(slowest),
        "metrics_checked": agreement.metrics_checked,
        "metrics_wrong": agreement.metrics_wrong,
        "people_left_out": agreement.people_left_out,
    }


def land_everything(settings: Settings, *, as_of: datetime) -> None:
    """Land every table of the inbox, and the decisions of a steward who made none."""
    warehouse = Warehouse.of(settings)
    for contract in load_contracts(settings.sources_dir):
        land(
            contract,
            warehouse=warehouse,
            inbox_dir=settings.inbox_dir,
            landing_dir=settings.landing_dir,
            run_id="bench",
            as_of=as_of,
        )
    with warehouse.connect() as connection:
        store = DecisionStore.of(settings)
        land_decisions(connection, store, run_id="bench", as_of=as_of)


def dbt(environment: Mapping[str, str], home: Path, *selection: str) -> Measured:
    """Measure one call of dbt over the home."""
    command = [sys.executable, "-m", "orchestration.bench.marts_build", *selection]
    return measure(command, {**environment, "C360_HOME": str(home)})
