"""`c360 bench marts`: time and memory of the marts, in full and for a day; held to the truth."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    """Return the figures of a full build with perfect links, and what a day of 1 % costs of it."""
    progress(f"making a sample of {customers:,} customers")
    sample = ("--customers", str(customers), "--days", "1", "--end-date", END_DATE)
    verb(environment, home, "sample", *sample)
    settings = Settings(home=home)
    full = _build_day(settings, environment, as_of=AS_OF, progress=progress)
    with Warehouse.of(settings).connect(read_only=True) as connection:
        agreement = compare_with_truth(connection, home / "truth")
    progress("adding a day, about 1 % of the data")
    verb(environment, home, "sample", "--add-day")
    day = _build_day(settings, environment, as_of=AS_OF + timedelta(days=1), progress=progress)
    slowest = sorted(full.models.items(), key=lambda model: (-model[1], model[0]))[:SLOWEST]
    return {
        "customers": customers,
        "interactions": full.interactions,
        "seconds": full.marts.seconds,
        "peak_rss_mb": full.marts.peak_rss_mb,
        "conformed_seconds": full.conformed.seconds,
        "incremental_share": round(day.seconds / full.seconds, 3),
        "model_seconds": round(sum(full.models.values()), 1),
        "incremental_model_share": round(sum(day.models.values()) / sum(full.models.values()), 3),
        "slowest_models": dict(slowest),
        "models": full.models,
        "models_on_the_next_day": day.models,
        "metrics_checked": agreement.metrics_checked,
        "metrics_wrong": agreement.metrics_wrong,
        "people_left_out": agreement.people_left_out,
    }


@dataclass(frozen=True, slots=True)
class BuiltDay:
    """The two calls of dbt that a day takes, and how many interactions there were."""

    conformed: Measured
    marts: Measured
    interactions: int

    @property
    def seconds(self) -> float:
        """Wall time of both."""
        return self.conformed.seconds + self.marts.seconds

    @property
    def models(self) -> dict[str, float]:
        """Seconds of each model by its name, as dbt counts them: two run side by side."""
        return {**self.conformed.printed, **self.marts.printed}


def _build_day(
    settings: Settings,
    environment: Mapping[str, str],
    *,
    as_of: datetime,
    progress: Callable[[str], None],
) -> BuiltDay:
    home = settings.home_dir
    progress("landing what has come")
    land_everything(settings, as_of=as_of)
    progress("building the conformed layer")
    conformed = dbt(environment, home, *REST)
    with Warehouse.of(settings).connect() as connection:
        link_perfectly(connection, home / "truth")
        counted = connection.execute(
            "select count(*) from conformed.int_interactions__unioned"
        ).fetchone()
    progress("building the marts")
    marts = dbt(environment, home, *MARTS)
    return BuiltDay(conformed, marts, counted[0] if counted else 0)


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
