"""Write Dagster's event log without waiting for the disk at every event.

Dagster opens SQLite anew for each event, so that each of a run's thousands of events waits for the
disk at its commit and again at its close: 18 to 26 s for 150 materialisations, 4 to 7 s with what
stands here (docs/decisions/0009).
"""

import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from orchestration.settings import Settings

_kept_open: dict[str, sqlite3.Connection] = {}


@cache
def spare_the_disk() -> None:
    """Keep every file of the instance open, so that no close folds its log back.

    Files elsewhere, such as a source's database, are left alone. A killed process loses
    nothing; a power cut may lose the last events, and damages no file.
    """
    event.listen(Engine, "connect", _on_connect)


def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401  any driver's connection
    if not isinstance(connection, sqlite3.Connection):
        return
    (_, _, name) = connection.execute("pragma database_list").fetchone()
    if not name or not _is_of_the_instance(name):
        return
    connection.execute("pragma synchronous = normal")
    if name not in _kept_open:
        kept = sqlite3.connect(name, check_same_thread=False)
        kept.execute("select count(*) from sqlite_master").fetchone()  # a reader holds the log open
        _kept_open[name] = kept


@cache  # asked for each of thousands of connections, about a handful of files
def _is_of_the_instance(name: str) -> bool:
    return Path(name).is_relative_to(Settings().dagster_dir)
