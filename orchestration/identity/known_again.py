"""Know records again whose key changed, and keys that now show another person.

A record that is gone while the same content came under another key (a renamed source, a record
moved between sources, keys given out anew) stays with its customer. A key under which two or more
telling fields can be compared and none agrees is somebody else's now: whose id the key had, keeps
it or is retired, and the newcomer gets an id of his own. `identity.record_contents` keeps hashes of
what each record said when ids were last given out; no value.
"""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from orchestration.identity.errors import RecordsError
from orchestration.identity.identity_tables import IDENTITY_MAP, append_rows, has_table
from orchestration.identity.state.changes import engine_fingerprint
from orchestration.identity.state.noted_changes import CHANGED_CONTENTS, forget, noted
from orchestration.identity.telling_fields import LEAST_FIELDS, TELLING_FIELDS
from orchestration.identity.warehouse_records import SOURCE_TABLE, content_columns

KNOWN_MAP = "known_map"  # temporary: the identity map, with records as they are known again
FORMER = "#former"  # marks whom a key showed before
RE_ISSUED = "re_issued"  # temporary: keys that show somebody else now
RENAMED = "renamed_now"  # temporary: the rows that renamed records have in the known map
_LOOKED_AT = "looked_at"  # temporary: records that are new, gone, or may say something else
_CONTENTS = "contents_now"  # temporary: what those of them say that are there
_KEYS = ("source_record_id", "source_system")
_EMPTY = {
    RE_ISSUED: "(source_record_id varchar)",
    RENAMED: "(former_id varchar, source_record_id varchar, source_system varchar,"
    " customer_id varchar, assigned_at timestamp, model_version varchar)",
}


def know_again(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the temporary table of the map by which today's records are known."""
    append_rows(connection, "identity_map", IDENTITY_MAP.empty_table())
    _find_renamed(connection)
    columns = ", ".join(IDENTITY_MAP.names)
    strange = connection.execute(
        f"select (select count(*) from {RE_ISSUED}) + (select count(*) from {RENAMED})"
    ).fetchone()
    if strange == (0,):
        connection.execute(
            f"create or replace temp view {KNOWN_MAP} as"
            f" select {columns} from identity.identity_map"
        )
        return
    connection.execute(
        f"create or replace temp view {KNOWN_MAP} as"
        f" select map.source_record_id || case when re_issued.source_record_id is null then ''"
        f" else '{FORMER}' end as source_record_id, map.* exclude (source_record_id)"
        f" from identity.identity_map as map left join {RE_ISSUED} as re_issued"
        f" using (source_record_id) union all select {columns} from {RENAMED}"
    )


def renamed_today(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> dict[str, str]:
    """Return, by key, under which key its record came back since ids were last given out."""
    if not _is_comparable(connection):
        return {}
    _find_renamed(connection)
    found = connection.execute(
        f"select former_id, source_record_id from {RENAMED}"
        " where former_id in (select unnest(?)) order by former_id asc",
        [sorted(keys)],
    ).fetchall()
    return dict(found)


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


def _find_renamed(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the temporary tables of what records say, of re-issued keys and of renamed records."""
    is_comparable = _is_comparable(connection)
    _look_at_contents(connection, noted(connection, CHANGED_CONTENTS) if is_comparable else None)
    for table, query in ((RE_ISSUED, _re_issued()), (RENAMED, _renamed())):
        made = f"as {query}" if is_comparable else _EMPTY[table]
        connection.execute(f"create or replace temp table {table} {made}")


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
    for field, columns in TELLING_FIELDS.items():
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
    if not has_table(connection, "record_contents"):
        return False
    kept = connection.execute("select min(engine) from identity.record_contents").fetchone()
    return kept == (_engine(),)


def _re_issued() -> str:
    def count(condition: str) -> str:
        counted = [
            f"coalesce(cast({condition.format(name)} as integer), 0)" for name in TELLING_FIELDS
        ]
        return " + ".join(counted)

    return (
        f"select today.source_record_id from {_CONTENTS} as today"
        " inner join identity.record_contents as before"
        " on today.source_record_id = before.source_record_id and today.content <> before.content"
        f" where {count('(today.{0} <> before.{0})')} >= {LEAST_FIELDS}"
        f" and {count('(today.{0} = before.{0})')} = 0"
    )


def _renamed() -> str:
    """Return SQL for the records that came back under another key, one for one.

    Where several say the same, the first key follows the first; what two customers said tells
    nothing.
    """
    telling = " + ".join(f"cast(before.{name} is not null as integer)" for name in TELLING_FIELDS)
    in_order = "row_number() over (partition by {0}.content order by {0}.source_record_id asc)"
    return (
        "with gone as (select before.content, before.source_record_id as former_id,"
        " map.customer_id, map.assigned_at, map.model_version,"
        f" {in_order.format('before')} as place"
        " from identity.record_contents as before"
        f" semi join {_LOOKED_AT} as looked_at"
        " on before.source_record_id = looked_at.source_record_id"
        " inner join identity.identity_map as map"
        " on before.source_record_id = map.source_record_id"
        f" where {telling} >= {LEAST_FIELDS} and (before.source_record_id not in"
        f" (select source_record_id from {_CONTENTS})"
        f" or before.source_record_id in (select source_record_id from {RE_ISSUED}))),"
        " of_one_customer as (select content from gone"
        " group by content having count(distinct customer_id) = 1),"
        f" came as (select today.*, {in_order.format('today')} as place from {_CONTENTS} as today"
        " where today.source_record_id not in (select source_record_id"
        f" from identity.identity_map semi join {_CONTENTS} as present using (source_record_id))"
        f" or today.source_record_id in (select source_record_id from {RE_ISSUED}))"
        " select gone.former_id, came.source_record_id, came.source_system, gone.customer_id,"
        " gone.assigned_at, gone.model_version from came"
        " inner join gone on came.content = gone.content and came.place = gone.place"
        " semi join of_one_customer on came.content = of_one_customer.content"
    )
