"""Open `warehouse.duckdb`, with the same limits and the same message about locks everywhere."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.settings import Settings

# What DuckDB says of a file that is none of its own, that is cut short, or whose sums don't hold.
DAMAGED = re.compile(
    r"not a valid duckdb|corrupt|checksum|could not read enough bytes|is a directory"
)
PATIENCE_SECONDS = 5.0  # who only looks is gone by then
PROBE_SECONDS = 0.1
LAYERS = ("landing", "staging", "conformed", "identity", "marts", "quality")


class WarehouseLockedError(RuntimeError):
    """Another process holds the warehouse file."""


class WarehouseDamagedError(RuntimeError):
    """The warehouse file is there and can't be opened."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """The DuckDB file of the run, under the limits of the settings.

    One process may write a DuckDB file at a time: a run lets go of it before dbt starts. In between
    `HeldWarehouse` may keep it open from gate to gate.
    """

    path: Path
    temp_dir: Path
    memory_limit: str = "6GB"
    threads: int = 2

    @classmethod
    def of(cls, settings: Settings) -> "Warehouse":
        """Return the warehouse that the settings name."""
        return cls(
            settings.warehouse_path, settings.temp_dir, settings.memory_limit, settings.threads
        )

    @contextmanager
    def connect(
        self, *, read_only: bool = False, patience_seconds: float = PATIENCE_SECONDS
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a connection and close it; the schemas of all layers exist in it.

        Raises:
            WarehouseLockedError: another process has had the file open for longer than we wait.
            WarehouseDamagedError: the file is no DuckDB database, or a broken one.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.temp_dir.mkdir(parents=True, exist_ok=True)
        connection = self._open(read_only=read_only, deadline=time.monotonic() + patience_seconds)
        try:
            connection.execute("set TimeZone = 'UTC'")
            if not read_only:
                for layer in LAYERS:
                    connection.execute(f"create schema if not exists {layer}")
            yield connection
        finally:
            connection.close()

    def _open(self, *, read_only: bool, deadline: float) -> duckdb.DuckDBPyConnection:
        limits: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": self.memory_limit,
            "threads": self.threads,
            "temp_directory": str(self.temp_dir),
            "preserve_insertion_order": True,
        }
        while True:
            try:
                return duckdb.connect(str(self.path), read_only=read_only, config=limits)
            except duckdb.IOException as error:
                words = str(error).lower()
                if DAMAGED.search(words):
                    raise WarehouseDamagedError(_way_out(self.path)) from error
                if "lock" not in words:
                    raise
                if time.monotonic() >= deadline:
                    message = (
                        f"{self.path.name} is held by another process: wait for its run to end, "
                        "or read the published snapshot in serving/ instead"
                    )
                    raise WarehouseLockedError(message) from error
            time.sleep(PROBE_SECONDS)


def _way_out(path: Path) -> str:
    return (
        f"{path} is damaged and was left as it is: put back your copy of it. Without one, move it "
        "away and start `c360 run`: it reads the whole inbox again, but customers get new ids. "
        "Readers keep the published snapshot"
    )
