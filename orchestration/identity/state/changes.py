"""Tell which person records are new, changed or gone since scores were last made."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.identity.state.record_keys import content_hash
from orchestration.identity.warehouse_records import SOURCE_TABLE

_PACKAGE = Path(__file__).parents[1]
# Whose new version may compare two values otherwise.
_LIBRARIES = ("nicknames", "rapidfuzz")


@dataclass(frozen=True, slots=True)
class RecordChanges:
    """Ids of records, sorted; `present` counts all there are now."""

    written: pa.Array  # new or changed
    contents: pa.Array  # hashes of what the written ones say
    gone: pa.Array
    present: int

    @property
    def share(self) -> float:
        """Share of the records there are now."""
        return (len(self.written) + len(self.gone)) / max(self.present, 1)


def record_changes(connection: duckdb.DuckDBPyConnection) -> RecordChanges:
    """Return what changed since `identity.record_keys` was written.

    Both sides are joined by 64 bits of id and content: by the ids themselves it takes thrice as
    long.
    """
    connection.execute(
        "create or replace temp table said_now as"
        f" select source_record_id, {content_hash(connection)} as content_hash,"
        " hash(source_record_id, content_hash) as said"
        f" from {SOURCE_TABLE} as records"
    )
    connection.execute(
        "create or replace temp table said_before as"
        " select source_record_id, hash(source_record_id, content_hash) as said"
        " from identity.record_keys"
    )
    written = connection.sql(
        "select source_record_id, content_hash from said_now anti join said_before using (said)"
        " order by source_record_id asc"
    ).to_arrow_table()
    connection.register("written_records", written)
    gone = connection.sql(
        "select source_record_id from said_before anti join said_now using (said)"
        " anti join written_records using (source_record_id) order by source_record_id asc"
    ).to_arrow_table()
    connection.unregister("written_records")
    row = connection.execute("select count(*) from said_now").fetchone()
    for table in ("said_now", "said_before"):
        connection.execute(f"drop table {table}")
    return RecordChanges(
        written["source_record_id"].combine_chunks(),
        written["content_hash"].combine_chunks(),
        gone["source_record_id"].combine_chunks(),
        int(row[0]) if row else 0,
    )


@cache
def engine_fingerprint() -> str:
    """Return a hash of the engine's own code and what it compares with.

    Scores of another engine are not continued.
    """
    digest = hashlib.blake2b(digest_size=12)
    for path in sorted(_PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(_PACKAGE).as_posix().encode() + path.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library}=={version(library)}".encode())
    return digest.hexdigest()
