"""Find the records whose cluster has to be made again after some links or judgements changed.

Whoever hangs together with them through links, judgements or yesterday's clusters is looked at with
them: what is left out shares no component with what is taken in, before and after.
"""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from orchestration.identity.followed_links import REACHED, follow_links
from orchestration.identity.judging.constraints import JudgedPairs
from orchestration.identity.state.noted_changes import have_same_others
from orchestration.identity.warehouse_records import SOURCE_TABLE

_CAME_OR_WENT = f"""
    select source_record_id from {SOURCE_TABLE} anti join identity.clusters using (source_record_id)
    union all
    select source_record_id from identity.clusters anti join {SOURCE_TABLE} using (source_record_id)
"""
# A cluster is linked to all its records, by its number.
_LINKS = """
    select hash(left_record_id) as one, hash(right_record_id) as other
    from identity.scored_edges
    where probability >= $threshold
    union all
    select hash(one), hash(other) from judged_same
    union all
    select hash(source_record_id), hash(cluster_id) from identity.clusters where cluster_size > 1
"""
# Who is in no cluster yet is new, and so among those it starts with.
_CONCERNED = f"""
    create or replace temp table concerned as
    select id from starting
    union
    select source_record_id from identity.clusters
    semi join {REACHED} on hash(source_record_id) = mark
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
    ids = pa.array(sorted(starting), pa.string())
    connection.register("starting", pa.table({"id": ids}))
    follow_links(connection, _LINKS, ids, {"threshold": threshold})
    connection.execute(_CONCERNED)
    for name in ("judged_same", "starting"):
        connection.unregister(name)


def _differing(now: JudgedPairs, before: JudgedPairs) -> Iterable[str]:
    pairs = set(now.same) ^ set(before.same) | set(now.different) ^ set(before.different)
    return {record for pair in pairs for record in pair}
