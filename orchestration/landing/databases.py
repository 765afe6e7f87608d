"""Offer the declared columns of a database table to dlt, from where the last run stopped."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dlt.sources.sql_database import sql_table

from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import DatabaseLocation
from orchestration.landing.errors import SourceUnavailableError
from orchestration.landing.offers import CURSOR, Offer, end_of_cursors, since_last_time
from orchestration.landing.placeholders import fill

# Their columns hold what no driver can bring as a typed value (any text in SQLite, 'infinity' in
# PostgreSQL); as text it reaches the door and goes to quarantine alone.
READ_AS_TEXT = ("sqlite", "postgresql", "mysql", "mariadb")


def database_table(
    contract: Contract, location: DatabaseLocation, inbox_dir: Path, as_of: datetime
) -> Offer:
    """Look at a table and offer its declared columns, or say what is missing.

    Raises:
        SourceUnavailableError: the database did not answer.
    """
    place = contract.place(location.table)
    engine = _engine(fill(location.database, inbox_dir))
    if not _file_is_there(engine):
        return Offer(problems=(f"{place}: the database file is not there",))
    try:
        described = sa.inspect(engine).get_columns(location.table, schema=location.db_schema)
    except sa.exc.NoSuchTableError:
        return Offer(problems=(f"{place}: there is no such table",))
    except sa.exc.SQLAlchemyError as error:
        message = f"{place}: the database did not answer ({type(error).__name__})"
        raise SourceUnavailableError(message) from None
    types = {str(column["name"]): column["type"] for column in described}
    wanted = {name: column.path or name for name, column in contract.columns.items()}
    missing = [physical for physical in wanted.values() if physical not in types]
    undeclared = set(types) - set(wanted.values())
    if missing:
        problem = f"{place}: missing column {', '.join(missing)}; nothing is read"
        return Offer(problems=(problem,), undeclared=undeclared)
    source = sa.table(
        location.table,
        *(sa.column(name, kind) for name, kind in types.items()),
        schema=location.db_schema,
    )
    reading = _TableReading(contract, source, engine, as_of)
    return Offer(resource=reading.resource(), undeclared=undeclared)


def _engine(url: str) -> sa.Engine:
    parsed = sa.make_url(url)
    options = {"options": "-c timezone=UTC"} if parsed.get_backend_name() == "postgresql" else {}
    engine = sa.create_engine(parsed, poolclass=sa.pool.NullPool, connect_args=options)
    if parsed.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _read_any_text)
    return engine


def _read_any_text(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
    """Escape bytes that are not UTF-8: SQLite holds them as text, and one would stop the table."""
    connection.text_factory = lambda content: content.decode("utf-8", "backslashreplace")


def _file_is_there(engine: sa.Engine) -> bool:
    # SQLite would make an empty database of a path that does not exist.
    is_file = engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:")
    return not is_file or Path(str(engine.url.database)).is_file()


@dataclass(frozen=True, slots=True)
class _TableReading:
    """The query that reads what is new in a table."""

    contract: Contract
    source: sa.TableClause
    engine: sa.Engine
    as_of: datetime

    def resource(self) -> Any:  # noqa: ANN401 - untyped in dlt
        """Return dlt's resource of the table."""
        return sql_table(
            credentials=self.engine,
            table=self.contract.table,
            schema=None,
            metadata=self._offered().metadata,
            backend="pyarrow",
            incremental=since_last_time(self.contract),
            query_adapter_callback=lambda _query, _table, since, _engine: self.query(since),
        )

    def query(self, since: Any) -> sa.Select[Any]:  # noqa: ANN401 - untyped in dlt
        """Return the query for the rows at or after the last cursor that was seen."""
        columns = [self._value(name).label(name) for name in self.contract.columns]
        if self.contract.cursor is None:
            return sa.select(*columns)
        query = sa.select(*columns, self._cursor(self.contract.cursor).label(CURSOR))
        if since is None or since.last_value is None:
            return query
        column = self._column(self.contract.cursor)
        last: sa.ColumnElement[Any] = sa.literal(since.last_value)
        if isinstance(since.last_value, str) and self.engine.dialect.name != "sqlite":
            last = sa.cast(last, column.type)
        return query.where(sa.or_(column >= last, column.is_(None)))

    def _offered(self) -> sa.Table:
        """Describe to dlt what the query gives, under the names of the contract."""
        names = [*self.contract.columns]
        offered = [sa.Column(name, self._value(name).type) for name in names]
        if self.contract.cursor is not None:
            offered.append(sa.Column(CURSOR, self._cursor(self.contract.cursor).type))
        return sa.Table(self.contract.table, sa.MetaData(), *offered)

    def _column(self, name: str) -> sa.ColumnClause[Any]:
        return self.source.c[self.contract.columns[name].path or name]

    def _value(self, name: str) -> sa.ColumnElement[Any]:
        column = self._column(name)
        return sa.cast(column, sa.Text()) if self.engine.dialect.name in READ_AS_TEXT else column

    def _cursor(self, name: str) -> sa.ColumnElement[Any]:
        """Return the cursor, or null where it can't be one.

        A word, or a time that is still to come, would be the greatest cursor ever seen and hide all
        later changes.
        """
        kind = self.contract.columns[name].type
        if (
            kind not in ("date", "timestamp", "text")
            or self.engine.dialect.name not in READ_AS_TEXT
        ):
            return self._column(name)
        value = self._value(name)
        if kind == "text":
            return value
        return sa.case((sa.and_(value >= "0", value < end_of_cursors(self.as_of)), value))
