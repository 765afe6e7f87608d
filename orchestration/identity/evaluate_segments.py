"""Measure clusters by segment: what a record or its person is like, and which sources it links."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from orchestration.identity.csv_as_text import CSV_AS_TEXT
from orchestration.identity.errors import EvaluationError
from orchestration.identity.evaluate import Quality, quality

MOST_VALUES = 60  # of one column; more is no segment but a value of its own
BY_SOURCE = "sources"
_OURS = {"key", "source", "record_id", "source_record_id", "entity_id", "cluster_id"}


@dataclass(frozen=True, slots=True)
class Segment:
    """How good clusters are where both records of a pair lie in one segment."""

    name: str
    value: str
    records: int
    true_pairs: int
    quality: Quality


@dataclass(frozen=True, slots=True)
class _Counted:
    """Pairs that were made, that are true, and both."""

    made: int
    wanted: int
    both: int

    @classmethod
    def of(cls, records: pd.DataFrame) -> "_Counted":
        sizes = (
            records.groupby(by, sort=False).size().to_numpy()
            for by in (["cluster_id"], ["entity_id"], ["cluster_id", "entity_id"])
        )
        return cls(*(int((size * (size - 1) // 2).sum()) for size in sizes))

    def without(self, *others: "_Counted") -> "_Counted":
        return _Counted(
            self.made - sum(other.made for other in others),
            self.wanted - sum(other.wanted for other in others),
            self.both - sum(other.both for other in others),
        )

    @property
    def quality(self) -> Quality:
        return quality(
            self.both / self.made if self.made else 1.0,
            self.both / self.wanted if self.wanted else 1.0,
        )


def evaluate_segments(
    clusters: pd.DataFrame, truth: pd.DataFrame, segments: pd.DataFrame, by: Sequence[str]
) -> tuple[Segment, ...]:
    """Return the quality in each value of the columns `by`, and between each two sources.

    `segments` say it of records (column `key`) or of people (`entity_id`); a value of several words
    puts a record into a segment for each.
    """
    records = _clustered(clusters, truth)
    on = "key" if "key" in segments.columns else "entity_id"
    known = records.merge(segments, on=on, how="left")
    found = []
    for name in by:
        words = known[name].fillna("").astype(str).str.split()
        values = sorted({word for row in words for word in row})
        if len(values) > MOST_VALUES:
            raise EvaluationError(f"{name} has {len(values)} values: too many to be segments")
        for value in values:
            inside = known[[value in row for row in words]]
            found.append(_segment(name, value, len(inside), _Counted.of(inside)))
    return (*found, *_between_sources(records))


def _clustered(clusters: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Return the records of the truth with their cluster; one without is alone."""
    records = truth.merge(clusters, on="key", how="left").sort_values("key", ignore_index=True)
    alone = records["cluster_id"].isna()
    records.loc[alone, "cluster_id"] = "alone " + records.loc[alone, "key"]
    records["source"] = records["key"].str.partition(":")[0]
    return records


def _between_sources(records: pd.DataFrame) -> list[Segment]:
    groups = {str(name): rows for name, rows in records.groupby("source")}
    alone = {name: _Counted.of(rows) for name, rows in groups.items()}
    found = []
    for one, other in combinations_with_replacement(sorted(groups), 2):
        counted, size = alone[one], len(groups[one])
        if one != other:
            both = pd.concat([groups[one], groups[other]])
            counted, size = _Counted.of(both).without(alone[one], alone[other]), len(both)
        found.append(_segment(BY_SOURCE, f"{one} + {other}", size, counted))
    return found


def _segment(name: str, value: str, records: int, counted: _Counted) -> Segment:
    return Segment(name, value, records, counted.wanted, counted.quality)


def read_segments(path: Path, by: Sequence[str]) -> pd.DataFrame:
    """Return what a file says of records or people, by `key` or `entity_id`.

    Raises:
        EvaluationError: it cannot be read, lacks a column, or is to be told by a key.
    """
    is_parquet = path.suffix == ".parquet"
    table = "read_parquet(?)" if is_parquet else f"read_csv(?, {CSV_AS_TEXT})"
    connection = duckdb.connect()
    try:
        frame = connection.execute(f"select * from {table}", [str(path)]).df()
    except duckdb.Error as error:
        raise EvaluationError(f"{path.name} cannot be read") from error
    finally:
        connection.close()
    missing = [name for name in by if name not in frame.columns]
    if missing:
        raise EvaluationError(f"{path.name} has no column {', '.join(missing)}")
    taken = sorted(_OURS & set(by))
    if taken:
        raise EvaluationError(f"{path.name}: {', '.join(taken)} says who a record is, not how")
    if {"source", "record_id"} <= set(frame.columns):
        frame["key"] = frame["source"].astype(str) + ":" + frame["record_id"].astype(str)
    elif "source_record_id" in frame.columns:
        frame["key"] = frame["source_record_id"].astype(str)
    on = "key" if "key" in frame.columns else "entity_id"
    if on not in frame.columns or bool(np.asarray(frame[on].duplicated()).any()):
        raise EvaluationError(f"{path.name}: needs one row for each record or entity_id")
    frame[on] = frame[on].astype(str)  # clusters and truth are read as text too
    return frame[[on, *by]]
