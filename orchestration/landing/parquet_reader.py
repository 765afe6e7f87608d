"""Read Parquet: the schema against the contract, then the declared columns alone."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.landing.column_types import readable_from
from orchestration.landing.contract import Contract
from orchestration.landing.errors import FileRefusedError
from orchestration.landing.reading import RawColumns, number_relation
from orchestration.landing.sql_text import identifier, literal

UNREADABLE = "not readable as Parquet: damaged, cut short or of another format"
INTERNAL_PREFIX = "_"


@dataclass(frozen=True, slots=True)
class ParquetReader:
    """One Parquet file that holds every declared column in a type that can be read."""

    path: Path
    raw: RawColumns
    undeclared: tuple[str, ...]

    @property
    def relation(self) -> str:
        """The rows of the file."""
        return _relation(self.path)

    @property
    def broken(self) -> str:
        """A row of a Parquet file is a row."""
        return "false"

    def number_rows(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the numbered table; what is a line elsewhere is the number of the row here."""
        try:
            number_relation(connection, self.relation, self.raw, lines_before=0)
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error:
            raise FileRefusedError(UNREADABLE) from None


def open_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract
) -> ParquetReader:
    """Check the schema of a file against the contract and return its reader.

    Raises:
        FileRefusedError: it is not readable as Parquet, or a declared column is not there or of a
        wrong kind.
    """
    try:
        described = connection.execute(f"describe select * from {_relation(path)}").fetchall()
    except duckdb.Error:
        raise FileRefusedError(UNREADABLE) from None
    types = {str(row[0]): str(row[1]) for row in described}
    wanted = {name: contract.physical_name(name) for name in contract.columns}
    missing = [physical for physical in wanted.values() if physical not in types]
    rows = _count_rows(connection, path)
    if missing:
        raise FileRefusedError(f"missing column {', '.join(missing)}", rows)
    for name, physical in wanted.items():
        column = contract.columns[name]
        if not readable_from(column, types[physical]):
            raise FileRefusedError(
                f"column {physical} is {types[physical]}; the contract says {column.type}", rows
            )
    raw = RawColumns(
        tuple(identifier(physical) for physical in wanted.values()),
        tuple(types[physical] for physical in wanted.values()),
    )
    beside = (name for name in types if name not in wanted.values())
    return ParquetReader(
        path, raw, tuple(sorted(name for name in beside if not name.startswith(INTERNAL_PREFIX)))
    )


def _count_rows(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    query = f"select sum(num_rows) from parquet_file_metadata({literal(str(path))})"
    return int(connection.execute(query).fetchall()[0][0] or 0)


def _relation(path: Path) -> str:
    return f"read_parquet({literal(str(path))}, binary_as_string = true)"
