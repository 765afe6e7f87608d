"""Find the records whose customer may change: those whose cluster is not their customer as it was.

It holds also after a run that was killed in between, and after everything was made anew: whoever
has the same company as before is not touched.
"""

from collections.abc import Iterable

import duckdb
import pandas as pd
import pyarrow as pa

from orchestration.identity.identity_tables import CLUSTERS, append_rows
from orchestration.identity.known_again import FORMER, KNOWN_MAP, RE_ISSUED, know_again
from orchestration.identity.state.noted_changes import (
    CHANGED_CLUSTERS,
    have_same_others,
    noted,
)

TOUCHED = "touched_records"  # temporary table of source_record_id
_NEAR = "near_records"  # temporary: whose cluster or customer may differ, with all of both
_FIND = f"""
    create or replace temp table {TOUCHED} as
    with both_tables as (
        select source_record_id, clusters.cluster_id, identity_map.customer_id
        from {{clusters}} as clusters
        full join {{customers}} as identity_map using (source_record_id)
    ),
    by_cluster as (
        select cluster_id, count(*) as records, count(customer_id) as known,
            min(customer_id) as first_customer, max(customer_id) as last_customer
        from both_tables
        where cluster_id is not null
        group by cluster_id
    ),
    by_customer as (
        select customer_id, count(*) as records
        from both_tables
        where customer_id is not null
        group by customer_id
    ),
    unchanged as (
        select by_cluster.cluster_id
        from by_cluster
        inner join by_customer
            on by_cluster.first_customer = by_customer.customer_id
        where by_cluster.first_customer = by_cluster.last_customer
            and by_cluster.known = by_cluster.records
            and by_cluster.records = by_customer.records
    )
    select both_tables.source_record_id
    from both_tables
    anti join unchanged using (cluster_id)
"""
# A key that shows somebody else now stands in the known map under a name of its own.
_FIND_NEAR = f"""
    create or replace temp table {_NEAR} as
    with noted as (
        select source_record_id from noted_clusters
        union all
        select source_record_id || '{FORMER}' from {RE_ISSUED}
    )
    select source_record_id from identity.clusters
    where cluster_id in (
        select cluster_id from identity.clusters semi join noted using (source_record_id)
    )
    union
    select source_record_id from {KNOWN_MAP}
    where customer_id in (
        select customer_id from {KNOWN_MAP} semi join noted using (source_record_id)
    )
"""


def find_touched(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the temporary table of touched records.

    After a day of few changes only those are looked at whose cluster was made again, with their
    whole clusters and customers, while nobody else came or went.
    """
    append_rows(connection, "clusters", CLUSTERS.empty_table())
    know_again(connection)
    changed = noted(connection, CHANGED_CLUSTERS)
    tables = ("identity.clusters", "identity.identity_map")
    if changed is None or not have_same_others(connection, tables, changed):
        connection.execute(_FIND.format(clusters="identity.clusters", customers=KNOWN_MAP))
        return
    connection.register("noted_clusters", pa.table({"source_record_id": changed}))
    connection.execute(_FIND_NEAR)
    connection.unregister("noted_clusters")
    near = f"(select * from {{}} semi join {_NEAR} using (source_record_id))"
    connection.execute(
        _FIND.format(clusters=near.format("identity.clusters"), customers=near.format(KNOWN_MAP))
    )


def touch(connection: duckdb.DuckDBPyConnection, records: Iterable[str]) -> None:
    """Count more records among the touched."""
    more = pa.table({"source_record_id": pa.array(sorted(records), pa.string())})
    connection.register("more_touched", more)
    connection.execute(
        f"insert into {TOUCHED} select source_record_id from more_touched"
        f" anti join {TOUCHED} using (source_record_id)"
    )
    connection.unregister("more_touched")


def touched_of(connection: duckdb.DuckDBPyConnection, table: str, schema: pa.Schema) -> pa.Table:
    """Return the rows that the touched records have in a table, by record."""
    columns = ", ".join(schema.names)
    return (
        connection.sql(
            f"select {columns} from {table} semi join {TOUCHED} using (source_record_id)"
            " order by source_record_id asc"
        )
        .to_arrow_table()
        .cast(schema)
    )


def joined_touched(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return the touched records with their customer as it is and their cluster as it will be."""
    return connection.sql(
        "select source_record_id, identity_map.customer_id, clusters.cluster_id"
        f" from {TOUCHED} left join {KNOWN_MAP} as identity_map using (source_record_id)"
        " left join identity.clusters as clusters using (source_record_id)"
        " order by source_record_id asc"
    ).df()
