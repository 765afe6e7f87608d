"""`c360 bench run`: the daily run on a new sample, with nothing new, and after one more day."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from orchestration.bench.measured import Measured, measure

END_DATE = "2026-06-30"
PASSES = {"first": "2026-07-01", "nothing_new": "2026-07-01", "one_day_more": "2026-07-02"}


def verb(environment: Mapping[str, str], home: Path, *arguments: str) -> Measured:
    """Measure `c360 ARGUMENTS --json` with its state below `home`."""
    command = [sys.executable, "-m", "orchestration.cli.main", *arguments, "--json"]
    own = {"C360_HOME": str(home), "C360_INBOX": str(home / "inbox")}
    return measure(command, {**environment, **own})


def bench_daily_run(
    home: Path,
    *,
    customers: int,
    environment: Mapping[str, str],
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Return the figures of `c360 run` at a size: seconds, MB, seconds per stage, person records.

    The day added before the last pass brings about 1 % of the data.
    """
    progress(f"making a sample of {customers:,} customers")
    sample = verb(
        environment,
        home,
        "sample",
        "--customers",
        str(customers),
        "--days",
        "1",
        "--end-date",
        END_DATE,
    )
    figures: dict[str, Any] = {
        "customers": customers,
        "sample": {"seconds": sample.seconds, "peak_rss_mb": sample.peak_rss_mb},
    }
    for name, as_of in PASSES.items():
        if name == "one_day_more":
            verb(environment, home, "sample", "--add-day")
        progress(f"measuring the run: {name.replace('_', ' ')}")
        run = verb(environment, home, "run", "--as-of", as_of)
        figures[name] = {
            "rows": run.printed["rows"],
            "seconds": run.seconds,
            "peak_rss_mb": run.peak_rss_mb,
            "stages": run.printed["stages"],
        }
    return figures
