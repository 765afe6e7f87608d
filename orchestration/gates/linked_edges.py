"""Say of every scored pair whether its records are one customer: a table for one gate's figures.

Joining the pairs with the identity map is what those figures cost, so it is done once.
"""

import duckdb

from orchestration.gates.relations import columns_of

LINKED_EDGES = """
    create or replace temp table linked_edges as
    select
        edges.probability,
        left_map.customer_id = right_map.customer_id as is_linked,
        left_map.source_system as left_source,
        right_map.source_system as right_source
    from identity.scored_edges as edges
    inner join identity.identity_map as left_map
        on edges.left_record_id = left_map.source_record_id
    inner join identity.identity_map as right_map
        on edges.right_record_id = right_map.source_record_id
"""


def link_edges(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table `linked_edges`, where there is something to make it from."""
    needed = (("identity", "scored_edges"), ("identity", "identity_map"))
    if all(columns_of(connection, *table) for table in needed):
        connection.execute(LINKED_EDGES)


def has_linked_edges(connection: duckdb.DuckDBPyConnection) -> bool:
    """Say whether the table has been made."""
    return bool(columns_of(connection, "temp", "linked_edges"))
