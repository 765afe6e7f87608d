"""Account for every row: what went in is what came out and what was set aside (decision D3).

Each gate leaves the equation of its table in `quality.row_accounting`; critical expectations assert
that they all balance. What dbt counts (`row_balance`, `rpt_row_balance`) is copied, so that one
table tells it all.
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
    """SQL that counts what went in, came out and was set aside, and the tables it reads."""

    reads: tuple[tuple[str, str], ...]
    query: str


# Landed rows are counted in the landing table itself: the load's own word is what is checked.
LANDING = """
    select
        'landing' as layer,
        '{table}' as table_name,
        coalesce(sum(rows_received), 0) as rows_in,
        (
            select count(*) from landing.{table}
            where _load_id in (
                select load_id from quality.loads
                where source || '_' || table_name = '{table}' and run_id = $run_id
            )
        ) as rows_out,
        coalesce(sum(rows_quarantined) + sum(rows_refused), 0) as rows_set_aside
    from quality.loads
    where source || '_' || table_name = '{table}' and run_id = $run_id
"""

IDENTITY_MAP = """
    select
        'identity' as layer,
        'identity_map' as table_name,
        (select count(*) from conformed.int_person_records__normalised) as rows_in,
        (select count(distinct source_record_id) from identity.identity_map) as rows_out,
        0 as rows_set_aside
    where $run_id is not null
"""

CONFORMED = """
    select layer, table_name, rows_in, rows_out, rows_set_aside
    from conformed.row_balance
    where $run_id is not null
"""

MARTS = """
    select 'marts' as layer, table_name, rows_in, rows_out, rows_set_aside
    from marts.rpt_row_balance
    where $run_id is not null
"""

EQUATIONS = {
    "conformed.row_balance": Equation((("conformed", "row_balance"),), CONFORMED),
    "identity.identity_map": Equation(
        (("conformed", "int_person_records__normalised"), ("identity", "identity_map")),
        IDENTITY_MAP,
    ),
    "marts.rpt_row_balance": Equation((("marts", "rpt_row_balance"),), MARTS),
}


def record_accounting(connection: duckdb.DuckDBPyConnection, suite: Suite, run_id: str) -> None:
    """Write the row equations of a gated table, if it has any; replace those of the same run."""
    connection.execute(ROW_ACCOUNTING)
    equation = equation_of(suite)
    if equation is None or not all(columns_of(connection, *table) for table in equation.reads):
        return
    connection.execute("begin")
    connection.execute(
        f"""
        delete from quality.row_accounting
        where run_id = $run_id
            and (layer, table_name) in (select (layer, table_name) from ({equation.query}))
        """,
        {"run_id": run_id},
    )
    connection.execute(
        f"""
        insert into quality.row_accounting
        select
            $run_id, layer, table_name, rows_in, rows_out, rows_set_aside,
            rows_in = rows_out + rows_set_aside
        from ({equation.query})
        """,
        {"run_id": run_id},
    )
    connection.execute("commit")


def equation_of(suite: Suite) -> Equation | None:
    """Return the equation that belongs to a suite's table."""
    if suite.layer == "landing":
        reads = (("landing", suite.table), ("quality", "loads"))
        return Equation(reads, LANDING.format(table=suite.table))
    return EQUATIONS.get(suite.label)
