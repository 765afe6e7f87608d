"""The table of decisions, and what SQLite and PostgreSQL each need to keep it safe.

Rows are never changed nor deleted, and the database itself sees to it. The one change it allows is
to forget: a payload may be replaced by ERASED, since a person's data may stand in it.
"""

import json
from datetime import UTC, datetime
from typing import ClassVar, Protocol

import sqlalchemy
from sqlalchemy import Column, Index, Integer, MetaData, Table, Text, event

from orchestration.steward.decisions import Decision, Draft

ERASED = '{"erased": true}'

DECISIONS = Table(
    "decisions",
    MetaData(),
    Column("decision_order", Integer, primary_key=True, autoincrement=True),
    Column("decision_id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # Text in ISO form, in UTC: SQLite has no type for it, and texts of this form sort as moments.
    Column("decided_at", Text, nullable=False),
    Index("decisions_by_subject", "subject", "decision_order"),
    sqlite_autoincrement=True,  # an order that was given out is never given again
)

KEPT_ALIKE = [column.name for column in DECISIONS.columns if column.name != "payload"]


class Dialect(Protocol):
    """What differs between the two databases."""

    guards: ClassVar[tuple[str, ...]]

    def prepare(self, engine: sqlalchemy.Engine, wait_seconds: float) -> None:
        """Set waiting and durability of every connection of the engine."""

    def lock(self, connection: sqlalchemy.Connection) -> None:
        """Let one writer in at a time, so that decisions become visible in their order."""

    def lock_creation(self, connection: sqlalchemy.Connection) -> None:
        """Let one process at a time look for the table and create it."""

    def count_on(self, connection: sqlalchemy.Connection) -> None:
        """Give the next decision an order after all that are there."""


class SqliteDialect:
    """SQLite in WAL mode: readers never wait, writers wait for each other."""

    guards: ClassVar[tuple[str, ...]] = (
        "create trigger if not exists decisions_are_never_deleted before delete on decisions "
        "begin select raise(abort, 'decisions are never deleted'); end",
        "create trigger if not exists decisions_are_never_changed before update on decisions "
        f"when new.payload is not '{ERASED}' or "
        + " or ".join(f"new.{name} is not old.{name}" for name in KEPT_ALIKE)
        + " begin select raise(abort, 'decisions are never changed'); end",
    )

    def prepare(self, engine: sqlalchemy.Engine, wait_seconds: float) -> None:
        """Set waiting and durability of every connection of the engine."""

        @event.listens_for(engine, "connect")
        def configure(connection: object, _record: object) -> None:
            # Python's driver would begin transactions on its own, and later than we want.
            connection.isolation_level = None  # type: ignore[attr-defined]
            cursor = connection.cursor()  # type: ignore[attr-defined]
            cursor.execute(f"pragma busy_timeout = {int(wait_seconds * 1000)}")
            cursor.execute("pragma journal_mode = wal")
            cursor.execute("pragma synchronous = full")
            cursor.close()

    def lock(self, connection: sqlalchemy.Connection) -> None:
        """Begin as a writer at once: a reader that turns writer could be refused."""
        connection.exec_driver_sql("begin immediate")

    lock_creation = lock

    def count_on(self, connection: sqlalchemy.Connection) -> None:
        """Do nothing: SQLite counts on after the greatest order it was given."""


class PostgresDialect:
    """PostgreSQL, for several machines."""

    guards: ClassVar[tuple[str, ...]] = (
        "create or replace function decisions_stay() returns trigger language plpgsql as $$ begin "
        f"if tg_op = 'UPDATE' and new.payload = '{ERASED}' and "
        + " and ".join(f"new.{name} = old.{name}" for name in KEPT_ALIKE)
        + " then return new; end if; raise exception 'decisions are never changed'; end $$",
        "create or replace trigger decisions_stay before update or delete on decisions "
        "for each row execute function decisions_stay()",
    )

    def prepare(self, engine: sqlalchemy.Engine, wait_seconds: float) -> None:
        """Set waiting and durability of every connection of the engine."""

        @event.listens_for(engine, "connect")
        def configure(connection: object, _record: object) -> None:
            cursor = connection.cursor()  # type: ignore[attr-defined]
            cursor.execute(f"set lock_timeout = {int(wait_seconds * 1000)}")
            cursor.close()
            connection.commit()  # type: ignore[attr-defined]

    def lock(self, connection: sqlalchemy.Connection) -> None:
        """Keep other writers out until the end; readers go on."""
        connection.exec_driver_sql("lock table decisions in share row exclusive mode")

    def lock_creation(self, connection: sqlalchemy.Connection) -> None:
        """Hold a lock of a number of our own: there is no table yet that could be locked."""
        connection.exec_driver_sql("select pg_advisory_xact_lock(3600360)")

    def count_on(self, connection: sqlalchemy.Connection) -> None:
        """Give the next decision an order after all that are there."""
        connection.exec_driver_sql(
            "select setval(pg_get_serial_sequence('decisions', 'decision_order'), "
            "max(decision_order)) from decisions"
        )


def dialect_of(engine: sqlalchemy.Engine) -> Dialect:
    """Return what the engine's database needs."""
    return PostgresDialect() if engine.dialect.name == "postgresql" else SqliteDialect()


def create_table(connection: sqlalchemy.Connection) -> None:
    """Create the table and its guards where they are missing."""
    if sqlalchemy.inspect(connection).has_table(DECISIONS.name):
        connection.rollback()
        return
    connection.rollback()
    dialect = dialect_of(connection.engine)
    with connection.begin():
        dialect.lock_creation(connection)
        DECISIONS.metadata.create_all(connection)
        for statement in dialect.guards:
            connection.exec_driver_sql(statement)


def row_of(decision: Draft | Decision, decided_at: datetime) -> dict[str, object]:
    """Return a decision as a row of the table, without its order."""
    moment = decided_at.astimezone(UTC).replace(tzinfo=None) if decided_at.tzinfo else decided_at
    return {
        "decision_id": decision.decision_id,
        "kind": decision.kind,
        "subject": decision.subject,
        "payload": decision.payload_text,
        "author": decision.author,
        "reason": decision.reason,
        "decided_at": moment.isoformat(sep=" ", timespec="microseconds"),
    }


def decision_of(row: sqlalchemy.Row[tuple[object, ...]]) -> Decision:
    """Return the decision that a row of the table holds."""
    values = dict(row._mapping)  # noqa: SLF001 - the documented way to a row's names
    return Decision(
        **{
            **values,
            "payload": json.loads(values["payload"]),
            "decided_at": datetime.fromisoformat(values["decided_at"]),
        }
    )
