"""When the daily run starts: every night, and when new files have arrived in the inbox."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg

from orchestration.defs.resources import AS_OF_TAG
from orchestration.landing.contract import Contract, load_contracts
from orchestration.landing.deliveries import find_deliveries
from orchestration.settings import Settings

daily = dg.define_asset_job(
    "daily",
    selection=dg.AssetSelection.all(),
    description="Land, gate, build, resolve, gate, publish.",
    executor_def=dg.in_process_executor,
)


@dg.schedule(
    job=daily,
    cron_schedule="0 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Start the daily run at 03:00 UTC, as of that moment."""
    moment = context.scheduled_execution_time.replace(tzinfo=None)
    return dg.RunRequest(run_key=moment.isoformat(), tags={AS_OF_TAG: moment.isoformat()})


def newest_delivery(inbox: Path, contracts: Sequence[Contract]) -> float:
    """Return when the newest finished file came into the inbox, in seconds since the epoch.

    A file that is moved or copied in may keep an old time of writing: the time at which its place
    changed counts too. Only the pattern of a contract leads through a link to a folder elsewhere.
    """
    patterns = {contract.location.files for contract in contracts if contract.location.files} | {
        "**/*"
    }
    found = (delivery for pattern in patterns for delivery in find_deliveries(inbox, pattern))
    return max((max(file.modified_ns, file.moved_ns) / 1e9 for file in found), default=0.0)


@dg.sensor(job=daily, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def new_deliveries(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Start the daily run when the inbox holds a file newer than the start of the last run."""
    settings = Settings()
    newest = newest_delivery(settings.inbox_dir, load_contracts(settings.sources_dir))
    records = context.instance.get_run_records(dg.RunsFilter(job_name=daily.name), limit=1)
    last_start = records[0].create_timestamp.timestamp() if records else 0.0
    if newest <= last_start:
        yield dg.SkipReason("Nothing has arrived since the last run.")
        return
    yield dg.RunRequest(run_key=f"delivery-{newest:.6f}")
