"""Hold the values of a column against those of the last runs: which are gone, and which are new.

Half of the shops may be silent, and every row that comes is still as good as ever; what is missing
shows only against who came before. Values are compared where they lie, and none is kept.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from statistics import median

import duckdb

from orchestration.gates.column_measures import BOOKKEEPING, WHOLE_NUMBERS
from orchestration.gates.measures import ROWS_NEEDED
from orchestration.gates.relations import Batch
from orchestration.gates.suite_figures import Measured
from orchestration.gates.suites import Suite
from orchestration.landing.sql_text import identifier

MISSING = "part of a source missing"
ONE_VALUE = "one value on many rows"
RUNS_LOOKED_AT = 20
RUNS_FOR_USUAL = 3  # fewer do not say which values come day after day
ROWS_OF_A_LOAD = 5_000  # enough to see who came, and the first load of all may hold years
CHANCE_LEFT = 0.125  # of what is expected; more, and half of it may be gone by chance alone
MUCH = 5  # times the usual rows are no day
USUAL_SHARE = 0.5  # in how many runs the values of a column come that come day after day

# Grain: one row per load of the last accepted runs, with how many of its rows to look at.
LOADS = f"""
    select loads.load_id, runs.as_of, loads.rows_landed
    from quality.loads as loads
    inner join (select distinct run_id, as_of from quality.runs) as runs
        on loads.run_id = runs.run_id
    where
        loads.source || '_' || loads.table_name = ?
        and loads.rows_landed > 0
        and runs.as_of in (select as_of from quality.accepted_runs)
        and runs.as_of < ?
    qualify dense_rank() over (order by runs.as_of desc) <= {RUNS_LOOKED_AT}
    order by loads.load_id asc
"""
# Grain: one row per filled value of the rows that are looked at; today's have no moment.
VALUES = """
    with loads as (
        select
            unnest($loads) as load_id, unnest($moments) as moment,
            unnest($are_daily) as is_daily, unnest($every) as every
    ),
    looked_at as (
        select loads.moment as _moment, loads.is_daily as _is_daily, {columns}
        from {table} as rows
        inner join loads
            on rows._load_id = loads.load_id
        where hash(rows._row) % loads.every = 0
        union all
        select null, false, {columns}
        from {batch} as rows
        where hash(rows._row) % $today_every = 0
    ),
    told as (
        unpivot looked_at on {names} into name column_name value value
    )
"""
# Of what was expected by how often each value came, the share that is not there. Without columns
# whose values come now and then, and those that chance alone would move.
GONE = """
    , usual as (
        select column_name, value, count(distinct _moment) / $runs as expected
        from told
        where _is_daily
        group by column_name, value
    ),
    today as (
        select distinct column_name, value from told where _moment is null
    )
    select usual.column_name, 1 - count(today.value) / sum(usual.expected), count(*)
    from usual
    left join today
        on usual.column_name = today.column_name and usual.value = today.value
    group by usual.column_name
    having
        count(*) >= $values_needed
        and sum(usual.expected * usual.expected) >= $usual_share * sum(usual.expected)
        and sqrt(sum(usual.expected * (1 - usual.expected))) <= $chance_left * sum(usual.expected)
    order by usual.column_name asc
"""
# Of the mail hosts that nobody had before, the most frequent one: a test system, a default.
NEW_HOSTS = """
    , hosts as (
        select column_name, lower(split_part(value, '@', 2)) as host, _moment is null as is_today
        from told
        where value like '%_@_%'
    ),
    today as (
        select
            column_name, host, count(*) as addresses, sum(count(*)) over per_column as all_addresses
        from hosts
        where is_today
        group by column_name, host
        window per_column as (partition by column_name)
    ),
    before as (
        select distinct column_name, host from hosts where not is_today
    )
    select
        today.column_name,
        coalesce(max(today.addresses) filter (where before.host is null), 0)
            / any_value(today.all_addresses),
        any_value(today.all_addresses)
    from today
    left join before
        on today.column_name = before.column_name and today.host = before.host
    group by today.column_name
    order by today.column_name asc
"""


def against_recent_values(
    connection: duckdb.DuckDBPyConnection, suite: Suite, batch: Batch, as_of: datetime
) -> list[Measured]:
    """Return for each column how many usual values are gone, and how frequent a new mail host is.

    Columns whose values do not come day after day have no usual values, and say nothing.
    """
    loads = connection.execute(LOADS, [suite.table, as_of]).fetchall()
    columns = _columns(connection, suite, batch)
    if not loads or not columns:
        return []
    values = VALUES.format(
        columns=", ".join(f"rows.{name}::varchar as {name}" for name in columns),
        names=", ".join(columns),
        table=f"{identifier(suite.layer)}.{identifier(suite.table)}",
        batch=batch.relation,
    )
    daily = _daily_moments(loads)
    looked_at = {
        "loads": [load_id for load_id, *_ in loads],
        "moments": [moment for _, moment, _ in loads],
        "are_daily": [moment in daily for _, moment, _ in loads],
        "every": [max(1, rows // ROWS_OF_A_LOAD) for *_, rows in loads],
        "today_every": max(1, batch.rows // ROWS_OF_A_LOAD),
    }
    usual = {
        "runs": len(daily),
        "usual_share": USUAL_SHARE,
        "values_needed": ROWS_NEEDED,
        "chance_left": CHANCE_LEFT,
    }
    new = connection.execute(values + NEW_HOSTS, looked_at).fetchall()
    gone = (
        connection.execute(values + GONE, looked_at | usual).fetchall()
        if len(daily) >= RUNS_FOR_USUAL
        else []
    )
    return [
        *_measured("usual_values_gone", MISSING, gone),
        *_measured("new_host", ONE_VALUE, new),
    ]


def _daily_moments(loads: Sequence[tuple[str, datetime, int]]) -> set[datetime]:
    """Return the runs that brought a day: the first may have brought years, and so every value."""
    rows: Counter[datetime] = Counter()
    for _, moment, landed in loads:
        rows[moment] += landed
    most = MUCH * median(rows.values())
    return {moment for moment, landed in rows.items() if landed <= most}


def _columns(connection: duckdb.DuckDBPyConnection, suite: Suite, batch: Batch) -> list[str]:
    """Return the columns that may say where a row is from: texts, and numbers that are no key.

    Of a key of several columns a text may well come day after day: the shop, before its receipt.
    """
    is_whole_key = len(suite.key) == 1
    columns = []
    for name, kind, *_ in connection.execute(f"describe {batch.relation}").fetchall():
        is_text, is_key = kind == "VARCHAR", name in suite.key
        if name in BOOKKEEPING or (is_key and (is_whole_key or not is_text)):
            continue
        if is_text or kind.startswith(WHOLE_NUMBERS):
            columns.append(identifier(name))
    return columns


def _measured(measure: str, family: str, found: Sequence[tuple[str, float, int]]) -> list[Measured]:
    return [(column, measure, family, float(value), int(rows)) for column, value, rows in found]
