"""Know records again whose key changed, and keys that now show another person.

A record that is gone while the same content came under another key (a renamed source, a record
moved between sources, keys given out anew) stays with its customer. A key under which two or more
telling fields can be compared and none agrees is somebody else's now: whose id the key had, keeps
it or is retired, and the newcomer gets an id of his own. `identity.record_contents` keeps hashes of
what each record said when ids were last given out; no value.
"""

import duckdb
import pyarrow as pa

from orchestration.identity.errors import RecordsError
from orchestration.identity.identity_tables import IDENTITY_MAP, append_rows
from orchestration.identity.judging.anchoring import FIELDS
from orchestration.identity.state.changes import engine_fingerprint
from orchestration.identity.state.noted_changes import CHANGED_CONTENTS, forget, noted
from orchestration.identity.warehouse_records import SOURCE_TABLE, content_columns

KNOWN_MAP = "known_map"  # temporary: the identity map, with records as they are known again
FORMER = "#former"  # marks whom a key showed before
RE_ISSUED = "re_issued"  # temporary: keys that show somebody else now
_LOOKED_AT = "looked_at"  # temporary: records that are new, gone, or may say something else
_CONTENTS = "contents_now"  # temporary: what those of them say that are there
_LEAST_FIELDS = 2
_KEYS = ("source_record_id", "source_system")


def know_again(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the temporary table of the map by which today's records are known."""
    append_rows(connection, "identity_map", IDENTITY_MAP.empty_table())
    changed = noted(connection, CHANGED_CONTENTS) if _is_comparable(connection) else None
    _look_at_contents(connection, changed)
    columns = ", ".join(IDENTITY_MAP.names)
    plain = (
        f"create or replace temp view {KNOWN_MAP} as select {columns} from identity.identity_map"
    )
    if not _is_comparable(connection):
        connection.execute(plain)
        connection.execute(f"create or replace temp table {RE_ISSUED} (source_record_id varchar)")
        return
    connection.execute(f"create or replace temp table {RE_ISSUED} as {_re_issued()}")
    connection.execute(f"create or replace temp table moved as {_moved()}")
    strange = connection.execute(
        f"select (select count(*) from {RE_ISSUED}) + (select count(*) from moved)"
    ).fetchone()
    if strange == (0,):
        connection.execute(plain)
        return
    connection.execute(
        f"create or replace temp view {KNOWN_MAP} as"
        f" select map.source_record_id || case when re_issued.source_record_id is null then ''"
        f" else '{FORMER}' end as source_record_id, map.* exclude (source_record_id)"
        f" from identity.identity_map as map left join {RE_ISSUED} as re_issued"
        " using (source_record_id) union all select moved.source_record_id, moved.source_system,"
        " customer_id, assigned_at, model_version from moved"
    )


def remember(connection: duckdb.DuckDBPyConnection) -> None:
    """Keep what records say now; call inside the transaction that gives out ids."""
    if not _is_comparable(connection):
        connection.execute(
            f"create or replace table identity.record_contents as select * from {_CONTENTS}"
        )
    else:
        connection.execute(
            "delete from identity.record_contents where source_record_id in"
            f" (select source_record_id from {_LOOKED_AT})"
        )
        connection.execute(f"insert into identity.record_contents select * from {_CONTENTS}")
    forget(connection, CHANGED_CONTENTS)


def _look_at_contents(connection: duckdb.DuckDBPyConnection, changed: pa.Array | None) -> None:
    """Fill temporary tables of the records that are new, gone or may say something else.

    `changed` are those that are known to have changed; without it everybody is looked at.
    """
    if changed is None:
        known = f"select source_record_id from {SOURCE_TABLE}"
        if _is_comparable(connection):
            known += " union select source_record_id from identity.record_contents"
        connection.execute(f"create or replace temp table {_LOOKED_AT} as {known}")
    else:
        connection.register("noted_contents", pa.table({"source_record_id": changed}))
        connection.execute(
            f"create or replace temp table {_LOOKED_AT} as select * from noted_contents"
        )
        connection.unregister("noted_contents")
    connection.execute(_contents_query(connection))


def _contents_query(connection: duckdb.DuckDBPyConnection) -> str:
    try:
        known = content_columns(connection)
    except RecordsError:  # nobody is there, so that nobody can be known again
        known = {}
    parts = [expression for name, expression in known.items() if name not in _KEYS]
    hashed = f"hash({', '.join(parts)})" if parts else "cast(0 as ubigint)"
    fields = []
    for field, columns in FIELDS.items():
        present = [known[column] for column in columns if column in known]
        texts = ", ".join(f"cast({one} as varchar)" for one in present)
        made = f"case when coalesce({texts}) is not null then hash({texts}) end" if present else ""
        fields.append(f"{made or 'cast(null as ubigint)'} as {field}")
    names = ", ".join(f"records.{name}" for name in _KEYS)
    return (
        f"create or replace temp table {_CONTENTS} as select {names}, {hashed} as content,"
        f" {', '.join(fields)}, '{_engine()}' as engine from {SOURCE_TABLE} as records"
        f" semi join {_LOOKED_AT} as looked_at"
        " on records.source_record_id = looked_at.source_record_id"
    )


def _engine() -> str:
    """Return what hashes depend on: those of another engine cannot be compared."""
    return f"{engine_fingerprint()}-{duckdb.__version__}"


def _is_comparable(connection: duckdb.DuckDBPyConnection) -> bool:
    row = connection.execute(
        "select count(*) from information_schema.tables"
        " where table_catalog = current_database() and table_schema = 'identity'"
        " and table_name = 'record_contents'"
    ).fetchone()
    if row is None or not row[0]:
        return False
    kept = connection.execute("select min(engine) from identity.record_contents").fetchone()
    return kept == (_engine(),)


def _re_issued() -> str:
    def count(condition: str) -> str:
        counted = [f"coalesce(cast({condition.format(name)} as integer), 0)" for name in FIELDS]
        return " + ".join(counted)

    return (
        f"select today.source_record_id from {_CONTENTS} as today"
        " inner join identity.record_contents as before"
        " on today.source_record_id = before.source_record_id and today.content <> before.content"
        f" where {count('(today.{0} <> before.{0})')} >= {_LEAST_FIELDS}"
        f" and {count('(today.{0} = before.{0})')} = 0"
    )


def _moved() -> str:
    telling = " + ".join(f"cast(before.{name} is not null as integer)" for name in FIELDS)
    return (
        "with gone as (select before.content, min(map.customer_id) as customer_id,"
        " min(map.assigned_at) as assigned_at,"
        " min_by(map.model_version, map.source_record_id) as model_version"
        " from identity.record_contents as before"
        f" semi join {_LOOKED_AT} as looked_at"
        " on before.source_record_id = looked_at.source_record_id"
        " inner join identity.identity_map as map"
        " on before.source_record_id = map.source_record_id"
        f" where {telling} >= {_LEAST_FIELDS} and (before.source_record_id not in"
        f" (select source_record_id from {SOURCE_TABLE})"
        " or before.source_record_id in (select source_record_id from re_issued))"
        " group by before.content having count(distinct map.customer_id) = 1)"
        " select today.source_record_id, today.source_system, gone.customer_id, gone.assigned_at,"
        f" gone.model_version from {_CONTENTS} as today"
        " inner join gone on today.content = gone.content"
        " where today.source_record_id not in"
        " (select source_record_id from identity.identity_map)"
        " or today.source_record_id in (select source_record_id from re_issued)"
    )
