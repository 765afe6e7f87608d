"""Bring the published snapshot to PostgreSQL, again and again if need be, and keep what came of it.

The snapshot is published before and stays so whatever happens here. How it is loaded:
`postgres_target.py`.
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from orchestration.publishing.errors import TargetError
from orchestration.publishing.postgres_target import TargetLoad, load_snapshot
from orchestration.publishing.published import Snapshot
from orchestration.publishing.target_report import TargetReport, held_before, keep_target_report

TARGET = "PostgreSQL"
ATTEMPTS = 3

logger = logging.getLogger(__name__)


def deliver(
    snapshot: Snapshot,
    address: str,
    home: Path,
    *,
    wait: Callable[[float], None] = time.sleep,
) -> TargetReport:
    """Load the snapshot, and report what came of it instead of failing."""
    held, tables, rows, seconds, problem = held_before(home, TARGET), 0, 0, 0.0, None
    try:
        load = load_with_retries(snapshot.path, address, wait=wait)
    except TargetError as error:
        problem = str(error)
    else:
        held, tables, rows, seconds = load.version, load.tables, load.rows, round(load.seconds, 2)
    report = TargetReport(TARGET, snapshot.version, held, tables, rows, seconds, problem)
    keep_target_report(home, report)
    return report


def load_with_retries(
    snapshot: Path,
    address: str,
    *,
    attempts: int = ATTEMPTS,
    wait: Callable[[float], None] = time.sleep,
) -> TargetLoad:
    """Load the snapshot, and try again when the server does not answer or gives up.

    Raises:
        TargetError: it failed every time; the snapshot in `serving/` is not touched by that.
    """
    for attempt in range(1, attempts + 1):
        try:
            return load_snapshot(snapshot, address)
        except TargetError as error:
            logger.warning("PostgreSQL, attempt %s of %s: %s", attempt, attempts, error)
            if attempt == attempts:
                raise
            wait(2.0**attempt)
    raise AssertionError("there is at least one attempt")
