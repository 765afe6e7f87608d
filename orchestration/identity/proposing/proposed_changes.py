"""Say before ids are given out which customers would merge, split or exchange records.

`identity.proposed_changes` has a row per change, with how many people and how much value it
concerns. A gate looks at it: a change beyond its bounds waits for the steward while the identity
map is still that of yesterday.
"""

from collections import Counter
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from orchestration.identity.identity_tables import one_transaction, replace_table
from orchestration.identity.stable_ids import short_hash
from orchestration.identity.touched_records import find_touched, joined_touched
from orchestration.identity.warehouse_records import SOURCE_TABLE

ORDERS = "int_orders__unioned"
PROPOSED_CHANGES = pa.schema(
    [
        ("change_id", pa.string()),
        ("change", pa.string()),
        ("customers_before", pa.int64()),
        ("customers_after", pa.int64()),
        ("records", pa.int64()),
        ("value_usd", pa.float64()),
        ("value_share", pa.float64()),
        ("customer_ids", pa.string()),
        ("example_record_ids", pa.string()),
    ]
)
MERGE, SPLIT, REASSIGNMENT = "merge", "split", "re-assignment"
_SHOWN_KEYS = 5
_VALUES = f"""
    select source_record_id, cast(sum(order_amount_usd) as double) as value
    from conformed.{ORDERS}
    where source_record_id is not null and not is_cancelled and not is_returned
    group by source_record_id
"""


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """What would change: counts by kind, whom it concerns, and the value at stake."""

    changes: dict[str, int] = field(default_factory=dict)  # kind -> changes
    customers_concerned: int = 0
    records_concerned: int = 0
    value_usd: float = 0.0
    value_share: float = 0.0  # of the value of all records


def propose_changes(connection: duckdb.DuckDBPyConnection) -> ChangeSummary:
    """Write `identity.proposed_changes` from clusters and map; neither of them is touched."""
    with one_transaction(connection):
        find_touched(connection)
        rows = _changes(joined_touched(connection), *_values(connection))
        table = pa.Table.from_pandas(rows, schema=PROPOSED_CHANGES, preserve_index=False)
        replace_table(connection, "proposed_changes", table)
    return ChangeSummary(
        dict(sorted(Counter(rows["change"]).items())),
        int(rows["customers_before"].sum()),
        int(rows["records"].sum()),
        round(float(rows["value_usd"].sum()), 2),
        round(float(rows["value_share"].sum()), 6),
    )


def _values(connection: duckdb.DuckDBPyConnection) -> tuple["pd.Series[float]", float]:
    """Return what the touched records have bought, and what all have; nothing without orders."""
    known = connection.execute(
        "select count(*) from information_schema.tables"
        " where table_catalog = current_database() and table_schema = 'conformed'"
        " and table_name = ?",
        [ORDERS],
    ).fetchone()
    if not known or not known[0]:
        return pd.Series(dtype="float64"), 0.0
    total = connection.sql(
        f"select coalesce(sum(value), 0) from ({_VALUES}) semi join {SOURCE_TABLE}"
        " using (source_record_id)"
    ).fetchone()
    rows = connection.sql(
        f"select source_record_id, value from ({_VALUES}) semi join touched_records"
        " using (source_record_id)"
    ).df()
    return rows.set_index("source_record_id")["value"], float(total[0]) if total else 0.0


def _changes(both: pd.DataFrame, values: "pd.Series[float]", total: float) -> pd.DataFrame:
    """Return a row per group of customers that exchange records.

    `both` has source_record_id, customer_id (before) and cluster_id (after) of touched records. Who
    only gained new records or lost old ones is no change of anybody else.
    """
    kept = both.dropna(subset=["customer_id", "cluster_id"])
    if kept.empty:
        return pd.DataFrame({name: [] for name in PROPOSED_CHANGES.names})
    before, customers = pd.factorize(kept["customer_id"], sort=True)
    after, clusters = pd.factorize(kept["cluster_id"], sort=True)
    size = len(customers) + len(clusters)
    ends = (before, after + len(customers))
    graph = coo_matrix((np.ones(len(kept)), ends), shape=(size, size))
    group = connected_components(graph, directed=False)[1][before]
    value = kept["source_record_id"].map(values).fillna(0.0).astype("float64")
    told = kept.assign(group=group, value=value).sort_values("source_record_id")
    found = told.groupby("group").agg(
        customers_before=("customer_id", "nunique"),
        customers_after=("cluster_id", "nunique"),
        records=("source_record_id", "size"),
        value_usd=("value", "sum"),
        customer_ids=("customer_id", _keys),
        example_record_ids=("source_record_id", _keys),
        first=("source_record_id", "first"),
    )
    found = found[(found["customers_before"] > 1) | (found["customers_after"] > 1)]
    kinds = np.where(found["customers_after"] == 1, MERGE, REASSIGNMENT)
    kinds = np.where(found["customers_before"] == 1, SPLIT, kinds)
    share = found["value_usd"] / total if total else 0.0
    named = found.assign(change=kinds, value_share=share)
    named["change_id"] = named["first"].map(short_hash)  # a record is in one change only
    named = named.sort_values(["value_usd", "records", "change_id"], ascending=[False, False, True])
    return pd.DataFrame(named[PROPOSED_CHANGES.names])


def _keys(values: "pd.Series[str]") -> str:
    return ", ".join(sorted(set(values))[:_SHOWN_KEYS])
