"""Ask the marts who is in each segment today; a segment that cannot be used is reported, not fatal.

One bad file must not keep the whole day from being published, nor empty an audience in silence: a
refused segment keeps the members it had (`segment_memberships`) and says why it was refused.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from orchestration.segments.condition import TABLES, membership_query
from orchestration.segments.definition import Segment, load_segment, segment_files
from orchestration.segments.errors import SegmentError

COLUMNS = """
    select table_name, column_name from duckdb_columns()
    where schema_name = 'marts' order by table_name, column_index
"""
DEFINED = ["segment_name", "description", "owner", "purpose", "condition", "status", "reason"]
MEMBERS = ["segment_name", "customer_id"]


@dataclass(frozen=True, slots=True)
class ReadSegment:
    """A segment file as read: the query for its members, or why there is none."""

    name: str
    segment: Segment | None
    query: str | None
    reason: str | None


def read_segments(
    connection: duckdb.DuckDBPyConnection, company_dir: Path | None
) -> list[ReadSegment]:
    """Read every segment file and hold it against the columns that the marts have."""
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(COLUMNS).fetchall():
        if table in TABLES:
            columns.setdefault(table, []).append(column)
    return [_read(connection, path, columns) for path in segment_files(company_dir)]


def segments_table(read: list[ReadSegment]) -> pd.DataFrame:
    """Return one row per segment file: whose it is, what it is for, whether it could be used."""
    rows = [
        (
            each.name,
            *(
                (each.segment.description, each.segment.owner, each.segment.purpose)
                if each.segment
                else (None, None, None)
            ),
            each.segment.condition if each.segment else None,
            "refused" if each.reason else "in_use",
            each.reason,
        )
        for each in read
    ]
    return pd.DataFrame(rows, columns=DEFINED, dtype="string")


def members_table(
    connection: duckdb.DuckDBPyConnection, read: list[ReadSegment]
) -> duckdb.DuckDBPyRelation:
    """Return one row per segment and customer that is in it today."""
    queries = [
        f"select '{each.name}' as segment_name, customer_id from ({each.query})"
        for each in read
        if each.query
    ]
    nobody = "select cast(null as varchar) as segment_name, cast(null as varchar) as customer_id"
    return connection.sql(" union all ".join(queries) if queries else f"{nobody} where false")


def member_counts(connection: duckdb.DuckDBPyConnection, read: list[ReadSegment]) -> dict[str, int]:
    """Return how many customers are in each segment that can be used; nobody is 0."""
    counts: dict[str, int] = {}
    for each in read:
        if each.query:
            found = connection.execute(f"select count(*) from ({each.query})").fetchall()
            counts[each.name] = int(found[0][0])
    return counts


def _read(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: dict[str, list[str]]
) -> ReadSegment:
    segment = None
    try:
        segment = load_segment(path)
        query = membership_query(segment.segment, segment.condition, columns)
        # a comparison of a date with a word shows only when it is made
        connection.execute(f"select count(*) from ({query})").fetchone()
    except SegmentError as error:
        return ReadSegment(path.stem, segment, None, str(error))
    except duckdb.Error as error:
        reason = f"{path.stem}: the condition cannot be evaluated ({type(error).__name__})"
        return ReadSegment(path.stem, segment, None, reason)
    return ReadSegment(segment.segment, segment, query, None)
