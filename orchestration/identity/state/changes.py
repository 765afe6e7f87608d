"""Tell which person records are new, changed or gone since scores were last made."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.state.record_keys import content_hash
from orchestration.identity.warehouse_records import SOURCE_TABLE

_PACKAGE = Path(__file__).parents[1]
# Whose new version may compare two values otherwise.
_LIBRARIES = ("nicknames", "rapidfuzz")


@dataclass(frozen=True, slots=True)
class RecordChanges:
    """Ids of records, sorted; `present` counts all there are now."""

    written: pa.Array  # new or changed
    gone: pa.Array
    present: int

    @property
    def share(self) -> float:
        """Share of the records there are now."""
        return (len(self.written) + len(self.gone)) / max(self.present, 1)


def record_changes(connection: duckdb.DuckDBPyConnection) -> RecordChanges:
    """Return what changed since `identity.record_keys` was written."""
    changed = connection.sql(
        "select coalesce(now.source_record_id, keys.source_record_id) as source_record_id,"
        " now.source_record_id is not null as is_there"
        f" from (select source_record_id, {content_hash(connection)} as content_hash"
        f" from {SOURCE_TABLE} as records) as now full join identity.record_keys as keys"
        " on now.source_record_id = keys.source_record_id"
        " where now.content_hash is distinct from keys.content_hash"
        " order by source_record_id asc"
    ).to_arrow_table()
    row = connection.execute(f"select count(*) from {SOURCE_TABLE}").fetchone()
    ids, is_there = (changed[name].combine_chunks() for name in ("source_record_id", "is_there"))
    return RecordChanges(
        ids.filter(is_there), ids.filter(pc.invert(is_there)), int(row[0]) if row else 0
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
