"""Hold rows that come again against what their source said of them before.

A column whose values were shuffled between the rows, moved by a day, cut or swapped with another
looks, taken as a whole, as it always has. Held against the same rows of yesterday it does not.
"""

import duckdb

from orchestration.gates.column_measures import BOOKKEEPING
from orchestration.gates.relations import Batch
from orchestration.gates.suite_figures import Measured
from orchestration.gates.suites import Suite
from orchestration.landing.sql_text import identifier

CHANGED = "known rows changed"
RENUMBERED = "keys numbered anew"
# The newest version of every key that comes again, and whether each column says something else.
QUESTION = """
    with today as (
        select * from {batch} where hash(_row) % {every} = 0
    ),
    earlier as (
        select *
        from {table}
        where
            ({key}) in (select ({key}) from today)
            and _load_id not in (select distinct _load_id from {batch})
        qualify row_number() over (
            partition by {key} order by _loaded_at desc, _load_id desc, _row desc
        ) = 1
    )
    select (select count(*) from today), count(*), {shares}
    from today
    inner join earlier using ({key})
"""


def changes_of_known_rows(
    connection: duckdb.DuckDBPyConnection, suite: Suite, batch: Batch, every: int
) -> list[Measured]:
    """Return how many rows come again, and for each column in how many of those it has changed.

    Args:
        connection: the warehouse.
        suite: the gate of a landing table.
        batch: the rows of this run.
        every: one row in so many is looked at.
    """
    columns = [each for each in batch.columns if each not in BOOKKEEPING | set(suite.key)]
    if not (columns and suite.key and set(suite.key) <= set(batch.columns)):
        return []
    shares = ", ".join(
        f"avg((today.{name} is distinct from earlier.{name})::int)"
        for name in map(identifier, columns)
    )
    question = QUESTION.format(
        batch=batch.relation,
        every=every,
        table=f"{identifier(suite.layer)}.{identifier(suite.table)}",
        key=", ".join(identifier(name) for name in suite.key),
        shares=shares,
    )
    rows, known, *changed = connection.execute(question).fetchall()[0]
    found: list[Measured] = [
        (name, "changed", CHANGED, float(share), int(known))
        for name, share in zip(columns, changed, strict=True)
        if share is not None
    ]
    if rows:
        found.append(("", "known", RENUMBERED, known / rows, int(rows)))
    return found
