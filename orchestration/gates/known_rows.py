"""Hold rows that come again against what their source said of them before.

A column whose values were shuffled between the rows, moved by a day, cut or swapped with another
looks, taken as a whole, as it always has. Held against the same rows of yesterday it does not. And
who comes under a new key may be known under another one.
"""

from collections.abc import Sequence

import duckdb

from orchestration.gates.column_measures import BOOKKEEPING
from orchestration.gates.relations import LAST_ACCEPTED, Batch
from orchestration.gates.suite_figures import Measured
from orchestration.gates.suites import Suite
from orchestration.landing.sql_text import identifier, literal

CHANGED = "known rows changed"
RENUMBERED = "keys numbered anew"
TODAY, BEFORE = "known_rows_today", "known_rows_before"
# An address, or a number of seven digits and more: what a person or an account has for itself.
IDENTIFYING = "@|(?:[0-9][^0-9]*){7}"
OWN_SHARE = 0.9  # of the values of a column that stand on one row each, so that they name it

# Loads that say nothing of what was known before: today's, and those that no run has published.
NOT_BEFORE = f"""
    select distinct _load_id from {{batch}}
    union
    select loads.load_id
    from quality.loads as loads
    inner join quality.runs as runs
        on loads.run_id = runs.run_id
    where runs.started_order > ({LAST_ACCEPTED})
    order by 1
"""
# The newest version of every key that comes again. Of the whole table only the key and the order
# of the versions are read, and all columns of those rows alone that are wanted.
NEWEST_VERSIONS = """
    create or replace temp table {before} as
    with newest as (
        select max_by(rows.rowid, (rows._loaded_at, rows._load_id, rows._row)) as place
        from {table} as rows
        semi join {today} as today using ({key})
        where rows._load_id not in ({loads})
        group by {key}
    )
    select * from {table} where rowid in (select place from newest)
"""
KNOWN_UNDER_ANOTHER_KEY = """
    select count({column}), count({column}) filter (where {column} in (
        select rows.{column}
        from {table} as rows
        semi join fresh using ({column})
        where rows._load_id not in ({loads})
    ))
    from fresh
"""


def changes_of_known_rows(
    connection: duckdb.DuckDBPyConnection, suite: Suite, batch: Batch, every: int
) -> list[Measured]:
    """Return how many rows come again, and for each column in how many of those it has changed.

    Of the rows with new keys, how many name somebody whom the source knows under another key.

    Args:
        connection: the warehouse.
        suite: the gate of a landing table.
        batch: the rows of this run.
        every: one row in so many is looked at.
    """
    columns = [each for each in batch.columns if each not in BOOKKEEPING | set(suite.key)]
    if not (columns and suite.key and set(suite.key) <= set(batch.columns)):
        return []
    key = ", ".join(identifier(name) for name in suite.key)
    loads = connection.execute(NOT_BEFORE.format(batch=batch.relation)).fetchall()
    place = {
        "table": f"{identifier(suite.layer)}.{identifier(suite.table)}",
        "loads": ", ".join(literal(row[0]) for row in loads) or "null",
    }
    connection.execute(
        f"create or replace temp table {TODAY} as "
        f"select * from {batch.relation} where hash(_row) % {every} = 0"
    )
    connection.execute(NEWEST_VERSIONS.format(before=BEFORE, today=TODAY, key=key, **place))
    found = _changed(connection, columns, key)
    found += _known_otherwise(connection, columns, key, place)
    connection.execute(f"drop table {TODAY}; drop table {BEFORE}")  # the file stays open
    return found


def _changed(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[str], key: str
) -> list[Measured]:
    shares = ", ".join(
        f"avg((today.{name} is distinct from earlier.{name})::int)"
        for name in map(identifier, columns)
    )
    rows, known, *changed = connection.execute(
        f"select (select count(*) from {TODAY}), count(*), {shares} "
        f"from {TODAY} as today inner join {BEFORE} as earlier using ({key})"
    ).fetchall()[0]
    found: list[Measured] = [
        (name, "changed", CHANGED, float(share), int(known))
        for name, share in zip(columns, changed, strict=True)
        if share is not None
    ]
    if rows:
        found.append(("", "known", RENUMBERED, known / rows, int(rows)))
    return found


def _known_otherwise(
    connection: duckdb.DuckDBPyConnection,
    columns: Sequence[str],
    key: str,
    place: dict[str, str],
) -> list[Measured]:
    """Return for each column that names somebody how many new keys bring a known value of it."""
    if not connection.execute(
        "select 1 from {table} where _load_id not in ({loads}) limit 1".format(**place)
    ).fetchall():
        return []  # the first rows of a source are all new
    connection.execute(
        f"create or replace temp view fresh as from {TODAY} anti join {BEFORE} using ({key})"
    )
    found: list[Measured] = []
    for name in _identifying(connection, columns):
        question = KNOWN_UNDER_ANOTHER_KEY.format(column=identifier(name), **place)
        rows, known = connection.execute(question).fetchall()[0]
        found.append((name, "known_otherwise", RENUMBERED, known / rows, int(rows)))
    connection.execute("drop view fresh")
    return found


def _identifying(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> list[str]:
    """Return the columns whose values name one row each, and look as if they were made for it."""
    texts = [
        name
        for name, kind, *_ in connection.execute(f"describe {TODAY}").fetchall()
        if name in columns and kind == "VARCHAR"
    ]
    if not texts:
        return []
    shares = ", ".join(
        f"count(distinct {name}) >= {OWN_SHARE} * count({name}) and count({name}) > 0 and "
        f"avg(regexp_matches({name}, {literal(IDENTIFYING)})::int) >= {OWN_SHARE}"
        for name in map(identifier, texts)
    )
    named = connection.execute(f"select {shares} from fresh").fetchall()[0]
    return [name for name, is_own in zip(texts, named, strict=True) if is_own]
