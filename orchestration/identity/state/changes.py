"""Tell which person records are new, changed or gone since scores were last made."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.identity.state.record_keys import content_hash
from orchestration.identity.warehouse_records import SOURCE_TABLE

_PACKAGE = Path(__file__).parents[1]


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
    connection.execute(
        "create or replace temp table records_now as"
        f" select source_record_id, {content_hash(connection)} as content_hash"
        f" from {SOURCE_TABLE} as records"
    )
    same = "source_record_id, content_hash"
    written = connection.sql(
        f"select source_record_id from (select {same} from records_now except"
        f" select {same} from identity.record_keys) order by source_record_id asc"
    ).to_arrow_table()
    gone = connection.sql(
        "select source_record_id from identity.record_keys anti join records_now"
        " using (source_record_id) order by source_record_id asc"
    ).to_arrow_table()
    row = connection.execute("select count(*) from records_now").fetchone()
    connection.execute("drop table records_now")
    return RecordChanges(
        written["source_record_id"].combine_chunks(),
        gone["source_record_id"].combine_chunks(),
        int(row[0]) if row else 0,
    )


@cache
def engine_fingerprint() -> str:
    """Return a hash of the engine's own code: scores of another engine are not continued."""
    digest = hashlib.blake2b(digest_size=12)
    for path in sorted(_PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(_PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
