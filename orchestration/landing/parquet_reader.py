"""Read Parquet: the schema against the contract, then the declared columns alone."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.landing.column_types import readable_from
from orchestration.landing.contract import Contract
from orchestration.landing.errors import FileRefusedError
from orchestration.landing.reading import RawColumns, RawRows
from orchestration.landing.sql_text import identifier, literal

UNREADABLE = "not readable as Parquet: damaged, cut short or of another format"
INTERNAL_PREFIX = "_"


@dataclass(frozen=True, slots=True)
class ParquetReader:
    """One Parquet file that holds every declared column in a type that can be read."""

    path: Path
    columns: RawColumns
    undeclared: tuple[str, ...]

    @property
    def rows(self) -> RawRows:
        """The rows of the file; what is a line elsewhere is the number of the row here."""
        return RawRows(_relation(self.path), self.columns)

    def tells_lines_of(self, rows: int) -> bool:
        """Say that each row has its number."""
        return True

    def rows_line_by_line(self, connection: duckdb.DuckDBPyConnection) -> RawRows:
        """Refuse the file: what DuckDB can't read in it can't be read.

        Raises:
            FileRefusedError: always.
        """
        raise FileRefusedError(UNREADABLE)


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
