"""Bring what a database or an HTTP API has before the door, as Parquet files of dlt.

dlt remembers how far a source was read, and finishes what a killed run left. A file stays until its
rows are in the warehouse, so that an extract that was made and not landed is landed by the next
run.
"""

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import dlt
from dlt.pipeline.exceptions import PipelineStepFailed

from orchestration.landing.arrivals import Arrivals
from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import DatabaseLocation, FilesLocation
from orchestration.landing.databases import database_table
from orchestration.landing.errors import SourceUnavailableError
from orchestration.landing.http_apis import api_items

# No phoning home, no chatter, and no second copy of people's data in dlt's own folder.
DLT_SETTINGS = {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "CRITICAL",
    "LOAD__DELETE_COMPLETED_JOBS": "true",
}


def extract(contract: Contract, inbox_dir: Path, landing_dir: Path, as_of: datetime) -> Arrivals:
    """Read what is new at a database or an API and say where it lies.

    Raises:
        SourceUnavailableError: the source did not answer; nothing is lost, a later run reads on.
    """
    location = contract.location
    if isinstance(location, FilesLocation):
        return Arrivals(inbox_dir, location.files)
    folder = landing_dir / "extracts"
    arrivals = Arrivals(
        folder, f"{contract.source}/{contract.table}/*.parquet", is_working_copy=True
    )
    os.environ.update(DLT_SETTINGS)  # dlt takes them from nowhere else early enough
    if isinstance(location, DatabaseLocation):
        found = database_table(contract, location, inbox_dir, as_of)
    else:
        found = api_items(contract, location.http, inbox_dir, as_of)
    if found.resource is not None:
        _run(contract, found.resource, landing_dir)
    return replace(arrivals, problems=found.problems, undeclared=tuple(sorted(found.undeclared)))


def _run(contract: Contract, resource: Any, landing_dir: Path) -> None:  # noqa: ANN401 - untyped in dlt
    pipeline = dlt.pipeline(
        pipeline_name=contract.landing_name,
        pipelines_dir=str(landing_dir / "pipelines"),
        destination=dlt.destinations.filesystem(bucket_url=str(landing_dir / "extracts")),
        dataset_name=contract.source,
    )
    try:
        if pipeline.has_pending_data:
            pipeline.run()  # what a killed run left; dlt would take nothing new beside it
        pipeline.run(resource, loader_file_format="parquet")
    except PipelineStepFailed as failure:
        place = contract.place("")
        # What dlt writes down of a failure quotes the row it failed on.
        (landing_dir / "pipelines" / contract.landing_name / "trace.pickle").unlink(missing_ok=True)
        message = f"{place}: the source could not be read ({_kind(failure)})"
        raise SourceUnavailableError(message) from None


def _kind(failure: BaseException) -> str:
    """Return what kind of failure was at the bottom; its text may quote rows and is left out."""
    while failure.__cause__ or failure.__context__:
        failure = failure.__cause__ or failure.__context__ or failure
    status = getattr(getattr(failure, "response", None), "status_code", None)
    return type(failure).__name__ + (f", status {status}" if status else "")
