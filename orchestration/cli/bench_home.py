"""Measure in a temporary home, which is deleted afterwards."""

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console


class Measurement(Protocol):
    """What is measured on a sample company of some size."""

    def __call__(
        self,
        home: Path,
        /,
        *,
        customers: int,
        environment: Mapping[str, str],
        progress: Callable[[str], None],
    ) -> dict[str, Any]:
        """Return the figures."""


def in_a_new_home(measurement: Measurement, customers: int) -> dict[str, Any]:
    """Return the figures of a measurement; what it is at is told on the terminal."""
    progress = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="c360-bench-") as folder:
        return measurement(
            Path(folder), customers=customers, environment=os.environ, progress=progress.print
        )
