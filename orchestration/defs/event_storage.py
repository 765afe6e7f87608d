"""Write Dagster's event log through connections that stay open.

Dagster opens SQLite anew for each event, with a new engine that compiles each statement again, and
each close waits for the disk: a quarter of the processor time of a small run
(docs/decisions/0009).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event

_engines: WeakKeyDictionary[SqliteEventLogStorage, dict[str, Engine]] = WeakKeyDictionary()


@cache
def keep_event_log_open() -> None:
    """Let every event log of this process keep its files open.

    A killed process loses nothing; a power cut may lose the last events, and damages no file.
    """
    SqliteEventLogStorage._connect = _connect  # type: ignore[assignment,method-assign]  # noqa: SLF001


@contextmanager
def _connect(storage: SqliteEventLogStorage, shard: str) -> Iterator[Connection]:
    """Stand in for the method of that name: one connection a file, used by one thread at a time."""
    with storage._db_lock:  # noqa: SLF001
        engine = _engine(storage, shard)
        if shard not in storage._initialized_dbs:  # noqa: SLF001
            storage._initdb(engine)  # noqa: SLF001
            storage._initialized_dbs.add(shard)  # noqa: SLF001
        with engine.connect() as connection, connection.begin():
            yield connection


def _engine(storage: SqliteEventLogStorage, shard: str) -> Engine:
    known = _engines.setdefault(storage, {})
    if shard not in known:
        known[shard] = create_engine(
            storage.conn_string_for_shard(shard),
            poolclass=StaticPool,
            connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        )
        event.listen(known[shard], "connect", _wait_less)
    return known[shard]


def _wait_less(connection: Any, _record: object) -> None:  # noqa: ANN401  the driver's connection
    connection.execute("pragma synchronous = normal")
