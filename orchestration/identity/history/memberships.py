"""Keep which record belonged to which customer, and since when: as recorded, and as believed now.

`identity.membership_history` is what the map said on each day; it is never corrected, so that the
map of any day can be read again to the byte. `identity.believed_memberships` is what the map should
have said as far as is known now, under the keys that records have now: an undo corrects it, and a
rename follows it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import duckdb
import pandas as pd
import pyarrow as pa

from orchestration.identity.history.ledger import MEMBERSHIP
from orchestration.identity.history.renamed_records import RENAMED_RECORDS, former_keys
from orchestration.identity.identity_tables import (
    IDENTITY_MAP,
    TIMESTAMP,
    append_rows,
)
from orchestration.identity.touched_records import TOUCHED

MEMBERSHIP_HISTORY = pa.schema([*IDENTITY_MAP, ("valid_from", TIMESTAMP), ("valid_to", TIMESTAMP)])
BELIEVED = pa.schema(
    [(name, TIMESTAMP if name.startswith("valid") else pa.string()) for name in MEMBERSHIP]
)
_STEP = timedelta(microseconds=1)
_MAP_COLUMNS = ", ".join(IDENTITY_MAP.names)
_AMONG = f"source_record_id in (select source_record_id from {TOUCHED})"
_NOW, _STANDING = "map_of_touched", "memberships_of_touched"  # temporary
_KEPT = {
    "membership_history": _MAP_COLUMNS,
    "believed_memberships": "source_record_id, customer_id",
}


def begin_history(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables where they are missing; a map from before they were kept begins them."""
    for name, schema in (
        ("membership_history", MEMBERSHIP_HISTORY),
        ("believed_memberships", BELIEVED),
        ("identity_map", IDENTITY_MAP),
        ("renamed_records", RENAMED_RECORDS),
    ):
        append_rows(connection, name, schema.empty_table())
    row = connection.execute("select count(*) from identity.membership_history").fetchone()
    if row and not row[0]:
        _open_all(connection)


def history_moment(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> datetime:
    """Return the moment of this run in history, which never goes back, whatever the clock says.

    Behind a clock that went back it goes on by the smallest step, so that each run keeps its own.
    """
    row = connection.execute(
        "select max(greatest(valid_from, coalesce(valid_to, valid_from)))"
        " from identity.membership_history"
    ).fetchone()
    last: datetime | None = row[0] if row else None
    return last + _STEP if last and as_of < last else as_of


def record_changes(connection: duckdb.DuckDBPyConnection, moment: datetime) -> None:
    """Bring both tables up to the map as it is now; call inside the map's transaction.

    Only touched records are looked at: of the others nothing has changed.
    """
    connection.execute(
        f"create or replace temp table {_NOW} as select * from identity.identity_map where {_AMONG}"
    )
    for table, columns in _KEPT.items():
        connection.execute(
            f"create or replace temp table {_STANDING} as"
            f" select {columns} from identity.{table} where valid_to is null and {_AMONG}"
        )
        connection.execute(
            f"update identity.{table} set valid_to = ?"
            f" where valid_to is null and source_record_id in"
            f" ({_records_only_in(_STANDING, _NOW, columns)})",
            [moment],
        )
        connection.execute(f"delete from identity.{table} where valid_to <= valid_from")
        connection.execute(
            f"insert into identity.{table} select {columns}, ?, null from {_NOW}"
            f" where source_record_id in ({_records_only_in(_NOW, _STANDING, columns)})"
            " order by source_record_id asc",
            [moment],
        )


def _records_only_in(one: str, other: str, columns: str) -> str:
    return (
        "select source_record_id from"
        f" (select {columns} from {one} except select {columns} from {other})"
    )


def _open_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Begin with the whole map: what was there before history was kept is all new to it."""
    for table, columns in _KEPT.items():
        connection.execute(
            f"insert into identity.{table} select {columns}, assigned_at, null"
            " from identity.identity_map as map anti join (select source_record_id"
            f" from identity.{table} where valid_to is null) as standing using (source_record_id)"
            " order by source_record_id asc"
        )


def map_at(connection: duckdb.DuckDBPyConnection, moment: datetime) -> pa.Table:
    """Return the identity map as it was recorded at a moment, sorted by record."""
    return (
        connection.execute(
            f"select {_MAP_COLUMNS} from identity.membership_history"
            " where valid_from <= ? and (valid_to is null or valid_to > ?)"
            " order by source_record_id asc",
            [moment, moment],
        )
        .to_arrow_table()
        .cast(IDENTITY_MAP)
    )


def created_at(connection: duckdb.DuckDBPyConnection, customers: Iterable[str]) -> pd.DataFrame:
    """Return since when some customer ids are believed to exist."""
    found = connection.execute(
        "select customer_id, min(valid_from) as created_at from identity.believed_memberships"
        " where customer_id in (select unnest(?)) group by customer_id order by customer_id asc",
        [sorted(customers)],
    ).df()
    return found.astype({"customer_id": object, "created_at": "datetime64[us]"})


def recorded_models(connection: duckdb.DuckDBPyConnection, records: Iterable[str]) -> pd.DataFrame:
    """Return the model that was recorded with each membership of some records, by today's keys."""
    keys = former_keys(connection, records)
    found = connection.execute(
        "with keys as (select unnest($records) as source_record_id, unnest($keys) as key)"
        " select keys.source_record_id, customer_id, assigned_at,"
        " min_by(model_version, valid_from) as recorded_model"
        " from identity.membership_history as history"
        " inner join keys on history.source_record_id = keys.key group by all order by all",
        {"records": [record for record, _ in keys], "keys": [key for _, key in keys]},
    ).df()
    return found.astype({"assigned_at": "datetime64[us]"})


def believed_of(
    connection: duckdb.DuckDBPyConnection, starting: list[str]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the memberships and clusters of all records whose ids may hang together.

    Records that ever shared a customer with one of the given, or share a cluster now, and so on.
    """
    records, before = set(starting), 0
    while len(records) > before:
        before = len(records)
        reached = connection.execute(
            "with reached as (select unnest(?) as source_record_id),"
            " customers as (select distinct customer_id from identity.believed_memberships"
            " where source_record_id in (select source_record_id from reached)),"
            " cluster_ids as (select distinct cluster_id from identity.clusters"
            " where source_record_id in (select source_record_id from reached))"
            " select source_record_id from identity.believed_memberships"
            " where customer_id in (select customer_id from customers)"
            " union select source_record_id from identity.clusters"
            " where cluster_id in (select cluster_id from cluster_ids)",
            [sorted(records)],
        ).fetchall()
        records |= {record for (record,) in reached}
    ids = sorted(records)
    believed = connection.execute(
        f"select {', '.join(MEMBERSHIP)} from identity.believed_memberships"
        " where source_record_id in (select unnest(?)) order by source_record_id, valid_from",
        [ids],
    ).df()
    clusters = connection.execute(
        "select source_record_id, cluster_id from identity.clusters"
        " where source_record_id in (select unnest(?)) order by source_record_id",
        [ids],
    ).fetchall()
    return believed, dict(clusters)


def doubtful_stretches(
    connection: duckdb.DuckDBPyConnection, records: Iterable[str], apart: Iterable[tuple[str, str]]
) -> pd.DataFrame:
    """Return when some records stood, as is believed, in a customer that held a pair to be apart.

    What was recorded holds pairs together that an earlier undo has settled already.
    """
    pairs = list(apart)
    return connection.execute(
        "with apart as (select unnest($lefts) as one, unnest($rights) as other),"
        " stretches as (select source_record_id, customer_id, valid_from,"
        " coalesce(valid_to, timestamp '9999-12-31') as valid_to"
        " from identity.believed_memberships),"
        " wrong as (select distinct mine.customer_id,"
        " greatest(mine.valid_from, theirs.valid_from) as valid_from,"
        " least(mine.valid_to, theirs.valid_to) as valid_to from apart"
        " inner join stretches as mine on apart.one = mine.source_record_id"
        " inner join stretches as theirs on apart.other = theirs.source_record_id"
        " and mine.customer_id = theirs.customer_id"
        " and mine.valid_from < theirs.valid_to and theirs.valid_from < mine.valid_to)"
        " select stretches.source_record_id,"
        " greatest(stretches.valid_from, wrong.valid_from) as valid_from,"
        " least(stretches.valid_to, wrong.valid_to) as valid_to"
        " from stretches inner join wrong on stretches.customer_id = wrong.customer_id"
        " and stretches.valid_from < wrong.valid_to and wrong.valid_from < stretches.valid_to"
        " where stretches.source_record_id in (select unnest($records)) order by all",
        {
            "lefts": [left for left, _ in pairs],
            "rights": [right for _, right in pairs],
            "records": sorted(records),
        },
    ).df()


def correct_beliefs(
    connection: duckdb.DuckDBPyConnection, records: list[str], memberships: pd.DataFrame
) -> None:
    """Replace what is believed of some records; call inside a transaction."""
    connection.execute(
        "delete from identity.believed_memberships where source_record_id in (select unnest(?))",
        [records],
    )
    rows = pa.Table.from_pandas(memberships[list(MEMBERSHIP)], BELIEVED, preserve_index=False)
    append_rows(connection, "believed_memberships", rows)
