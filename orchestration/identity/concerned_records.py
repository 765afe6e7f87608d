"""Find the records whose cluster has to be made again after some links or judgements changed.

Whoever hangs together with them through links, judgements or yesterday's clusters is looked at with
them: what is left out shares no component with what is taken in, before and after.
"""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from orchestration.identity.judging.constraints import JudgedPairs
from orchestration.identity.state.noted_changes import have_same_others
from orchestration.identity.warehouse_records import SOURCE_TABLE

_CAME_OR_WENT = f"""
    select source_record_id from {SOURCE_TABLE} anti join identity.clusters using (source_record_id)
    union all
    select source_record_id from identity.clusters anti join {SOURCE_TABLE} using (source_record_id)
"""
_REACHED = """
    with links as (
        select left_record_id as one, right_record_id as other
        from identity.scored_edges
        where probability >= $threshold
        union all
        select one, other from judged_same
    ),
    near as (
        select other as source_record_id from links semi join fresh on one = fresh.id
        union
        select one from links semi join fresh on other = fresh.id
        union
        select source_record_id
        from identity.clusters
        where cluster_id in (
            select cluster_id from identity.clusters semi join fresh on source_record_id = fresh.id
        )
    )
    select source_record_id as id from near anti join concerned on source_record_id = concerned.id
"""


def concerned_records(
    connection: duckdb.DuckDBPyConnection,
    changed: pa.Array,
    judged: tuple[JudgedPairs, JudgedPairs],
    threshold: float,
) -> None:
    """Fill the temporary table `concerned` (id): records that are there now, or were clustered.

    `judged` are the pairs of today and those that the stored clusters hold.
    """
    now, before = judged
    starting = {*changed.to_pylist(), *_differing(now, before)}
    if not have_same_others(connection, (SOURCE_TABLE, "identity.clusters"), changed):
        starting |= {record for (record,) in connection.execute(_CAME_OR_WENT).fetchall()}
    same = [*now.same, *before.same]
    connection.register(
        "judged_same",
        pa.table(
            {
                "one": pa.array([one for one, _ in same], pa.string()),
                "other": pa.array([other for _, other in same], pa.string()),
            }
        ),
    )
    connection.register("starting", pa.table({"id": pa.array(sorted(starting), pa.string())}))
    connection.execute("create or replace temp table concerned as select id from starting")
    connection.execute("create or replace temp table fresh as select id from concerned")
    while _count(connection, "fresh"):
        connection.execute(
            f"create or replace temp table near as {_REACHED}", {"threshold": threshold}
        )
        connection.execute("insert into concerned select id from near")
        connection.execute("create or replace temp table fresh as select id from near")
    for name in ("judged_same", "starting"):
        connection.unregister(name)


def _differing(now: JudgedPairs, before: JudgedPairs) -> Iterable[str]:
    pairs = set(now.same) ^ set(before.same) | set(now.different) ^ set(before.different)
    return {record for pair in pairs for record in pair}


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0
