"""Run Great Expectations on DuckDB, over the one open connection of the warehouse.

GX 1.24 has no DuckDB data source (see docs/decisions/0006). This engine reuses GX's own SQL metrics
and changes four
things: it keeps the connection it was given, it reads the columns of a table from DuckDB, it writes
regular expressions in DuckDB's dialect, and it never reads a value out of the warehouse to report
it. Importing this module imports Great Expectations, which takes seconds: callers import it when a
gate runs, not before.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import duckdb
import duckdb_engine
import sqlalchemy
from great_expectations.execution_engine.sqlalchemy_batch_data import SqlAlchemyBatchData
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)

# What GX computes only to show rows to people. Personal values are never shown (decision D9), so
# these are answered without a query: a value can't leak that was never read.
REPORTED_VALUES = (
    ".unexpected_values",
    ".unexpected_value_counts",
    ".unexpected_rows",
    ".unexpected_index_list",
    "unexpected_rows_query.table",
)

COLUMN_TYPES: Mapping[str, type[sqlalchemy.types.TypeEngine[Any]]] = {
    "BIGINT": sqlalchemy.BIGINT,
    "BOOLEAN": sqlalchemy.BOOLEAN,
    "DATE": sqlalchemy.DATE,
    "DECIMAL": sqlalchemy.DECIMAL,
    "DOUBLE": sqlalchemy.DOUBLE,
    "FLOAT": sqlalchemy.FLOAT,
    "INTEGER": sqlalchemy.INTEGER,
    "SMALLINT": sqlalchemy.SMALLINT,
    "TIMESTAMP": sqlalchemy.TIMESTAMP,
    "VARCHAR": sqlalchemy.VARCHAR,
}


class KeptConnection(duckdb_engine.ConnectionWrapper):
    """The connection of the warehouse, which SQLAlchemy may use and may not manage.

    Every statement commits on its own: a statement that fails must not put the next ones into an
    aborted transaction.
    """

    def begin(self) -> None:
        """Leave the connection as it is."""

    def commit(self) -> None:
        """Leave the connection as it is."""

    def rollback(self) -> None:
        """Leave the connection as it is."""

    def close(self) -> None:
        """Leave the connection to the warehouse, which opened it."""


def sqlalchemy_engine(connection: duckdb.DuckDBPyConnection) -> sqlalchemy.Engine:
    """Return a SQLAlchemy engine over an open DuckDB connection."""
    return sqlalchemy.create_engine(
        "duckdb:///:memory:",
        creator=lambda: KeptConnection(connection),
        poolclass=sqlalchemy.StaticPool,
    )


def dialect_module() -> ModuleType:
    """Return the module in which GX looks for a dialect's family (PostgreSQL's) and its types."""
    module = ModuleType("duckdb_dialect")
    module.dialect = duckdb_engine.Dialect  # type: ignore[attr-defined]
    vars(module).update(COLUMN_TYPES)
    return module


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Compute GX's metrics as SQL in one open DuckDB connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Keep the connection; it stays the caller's to close."""
        super().__init__(engine=sqlalchemy_engine(connection))
        self._kept = self.engine.connect()
        self.dialect_module = dialect_module()

    @contextmanager
    def get_connection(self) -> Iterator[sqlalchemy.Connection]:
        """Yield the kept connection: GX fetches results after it has given a pooled one back."""
        yield self._kept

    def resolve_metrics(
        self,
        metrics_to_resolve: Iterable[Any],
        metrics: dict[Any, Any] | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> dict[Any, Any]:
        """Compute the metrics, save those that would read values out of the warehouse."""
        wanted = list(metrics_to_resolve)
        shown = [metric for metric in wanted if metric.metric_name.endswith(REPORTED_VALUES)]
        computed = [metric for metric in wanted if not metric.metric_name.endswith(REPORTED_VALUES)]
        resolved = super().resolve_metrics(computed, metrics, runtime_configuration)
        for metric in computed:
            # SQL's sum over no rows is null, where pandas counts none.
            if metric.metric_name.endswith(".unexpected_count") and resolved[metric.id] is None:
                resolved[metric.id] = 0
        return {**resolved, **{metric.id: [] for metric in shown}}

    def load_relation(self, schema: str | None, name: str) -> None:
        """Make a table or view the batch that is validated."""
        self._relation = sqlalchemy.table(name, schema=schema)
        batch = SqlAlchemyBatchData(execution_engine=self, schema_name=schema, table_name=name)
        self.load_batch_data(name, batch)

    def columns_of_batch(self) -> list[dict[str, Any]]:
        """Return name and SQLAlchemy type of every column of the batch."""
        relation = self.dialect.identifier_preparer.format_table(self._relation)
        described = self._kept.exec_driver_sql(f"describe {relation}").fetchall()
        return [{"name": row[0], "type": type_of(row[1])} for row in described]


def type_of(duckdb_type: str) -> sqlalchemy.types.TypeEngine[Any]:
    """Return the SQLAlchemy type of a DuckDB type, for expectations about types."""
    name = duckdb_type.split("(")[0].upper()
    return COLUMN_TYPES.get(name, sqlalchemy.types.NullType)()
