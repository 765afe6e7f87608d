"""Account for every row: what went in is what came out and what was set aside (decision D3).

Each gate leaves the equation of its table in `quality.row_accounting`; critical expectations assert
that they all balance. What a mart takes in is counted by dbt (`rpt_row_balance`) and copied here,
so that one table tells it all.
"""

from dataclasses import dataclass

import duckdb

from orchestration.gates.relations import columns_of
from orchestration.gates.suites import Suite

ROW_ACCOUNTING = """
    create table if not exists quality.row_accounting (
        run_id varchar,
        layer varchar,
        table_name varchar,
        rows_in bigint,
        rows_out bigint,
        rows_set_aside bigint,
        is_balanced boolean
    )
"""


@dataclass(frozen=True, slots=True)
class Equation:
    """SQL that counts table_name, rows_in, rows_out and rows_set_aside, and the tables it needs."""

    needs: tuple[tuple[str, str], ...]
    query: str


RECORDS = ("conformed", "int_person_records__normalised")
IDENTITY_MAP = ("identity", "identity_map")

EQUATIONS = {
    IDENTITY_MAP: Equation(
        needs=(RECORDS, IDENTITY_MAP),
        query="""
            select
                'identity_map',
                (select count(*) from conformed.int_person_records__normalised),
                (select count(distinct source_record_id) from identity.identity_map),
                0
        """,
    ),
    ("marts", "rpt_row_balance"): Equation(
        needs=(("marts", "rpt_row_balance"),),
        query="select table_name, rows_in, rows_out, rows_set_aside from marts.rpt_row_balance",
    ),
}

# Landed rows are counted in the landing table itself: the load's own word is what is being checked.
LANDING = """
    select
        $table,
        coalesce(sum(rows_received), 0),
        (
            select count(*) from landing.{table}
            where _load_id in (
                select load_id from quality.loads
                where source || '_' || table_name = $table and run_id = $run_id
            )
        ),
        coalesce(sum(rows_quarantined) + sum(rows_refused), 0)
    from quality.loads
    where source || '_' || table_name = $table and run_id = $run_id
"""


def record_accounting(connection: duckdb.DuckDBPyConnection, suite: Suite, run_id: str) -> None:
    """Write the row equation of a gated table, if it has one; replace that of the same run."""
    connection.execute(ROW_ACCOUNTING)
    counted = _counted(connection, suite, run_id)
    connection.execute("begin")
    for table, rows_in, rows_out, rows_set_aside in counted:
        connection.execute(
            "delete from quality.row_accounting where run_id = ? and layer = ? and table_name = ?",
            [run_id, suite.layer, table],
        )
        is_balanced = rows_in == rows_out + rows_set_aside
        connection.execute(
            "insert into quality.row_accounting values (?, ?, ?, ?, ?, ?, ?)",
            [run_id, suite.layer, table, rows_in, rows_out, rows_set_aside, is_balanced],
        )
    connection.execute("commit")


def _counted(
    connection: duckdb.DuckDBPyConnection, suite: Suite, run_id: str
) -> list[tuple[str, int, int, int]]:
    if suite.layer == "landing":
        needed = (("landing", suite.table), ("quality", "loads"))
        if not all(columns_of(connection, *table) for table in needed):
            return []
        query = LANDING.format(table=suite.table)
        parameters = {"table": suite.table, "run_id": run_id}
        return [_whole(row) for row in connection.execute(query, parameters).fetchall()]
    equation = EQUATIONS.get((suite.layer, suite.table))
    if equation is None or not all(columns_of(connection, *table) for table in equation.needs):
        return []
    return [_whole(row) for row in connection.execute(equation.query).fetchall()]


def _whole(row: tuple[str, int, int, int]) -> tuple[str, int, int, int]:
    """Return the row with plain integers: DuckDB sums to a type wider than BIGINT."""
    return row[0], int(row[1]), int(row[2]), int(row[3])
