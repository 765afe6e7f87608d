"""The tables of landing's book-keeping in `quality.*`, and the runs that they speak of."""

from datetime import datetime

import duckdb

TABLES = (
    """
    create table if not exists quality.runs (
        run_id varchar, as_of timestamp, started_order bigint
    )
    """,
    """
    create table if not exists quality.loads (
        load_id varchar, load_order bigint, source varchar, table_name varchar, file varchar,
        content_hash varchar, contract_hash varchar, bytes bigint, run_id varchar,
        loaded_at timestamp, rows_received bigint, rows_landed bigint, rows_quarantined bigint,
        rows_refused bigint, status varchar, reason varchar
    )
    """,
    """
    create table if not exists quality.quarantine (
        load_id varchar, source varchar, table_name varchar, file varchar, line bigint,
        column_name varchar, rule varchar, reason varchar, content varchar,
        quarantined_at timestamp
    )
    """,
    """
    create table if not exists quality.row_accounting (
        run_id varchar, layer varchar, table_name varchar, rows_in bigint, rows_out bigint,
        rows_set_aside bigint, is_balanced boolean
    )
    """,
)


def create_quality_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of the book-keeping where they are missing."""
    for statement in TABLES:
        connection.execute(statement)


def begin_run(connection: duckdb.DuckDBPyConnection, run_id: str, as_of: datetime) -> None:
    """Enter a run into `quality.runs`; entering it again changes nothing."""
    create_quality_tables(connection)
    connection.execute(
        """
        insert into quality.runs
        select $run_id, $as_of, coalesce(max(started_order), 0) + 1
        from quality.runs
        having count(*) filter (where run_id = $run_id) = 0
        """,
        {"run_id": run_id, "as_of": as_of},
    )
