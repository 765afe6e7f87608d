"""Ask people about pairs of a resolution, in a file, and read their verdicts back.

The file holds keys and probabilities, no values of persons. Pairs of the purpose `sample` are drawn
so that estimates can be made from them; those of the purpose `telling` would change most, and say
nothing of all pairs.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from orchestration.identity.arrays import Codes, Flags, Integers
from orchestration.identity.csv_as_text import CSV_AS_TEXT
from orchestration.identity.engine import Resolution
from orchestration.identity.errors import EvaluationError
from orchestration.identity.judged_sample import (
    EstimatedQuality,
    estimated_quality,
    most_telling,
    sample_to_judge,
)
from orchestration.identity.resolved_tables import edge_keys

SAMPLED, TELLING_SHOWN = 200, 50
SAMPLE, TELLING = "sample", "telling"
KEYS = ("left_source", "left_record_id", "right_source", "right_record_id")
VERDICT = "is_one_person"
_IS_JUDGED = f"coalesce(trim({VERDICT}), '') != ''"
_YES, _NO = ("y", "yes", "true", "1"), ("n", "no", "false", "0")


def pairs_to_judge(resolution: Resolution, labels: Codes) -> pa.Table:
    """Return the pairs to ask about, with their purpose and an empty verdict.

    `labels` are the clusters of the records.
    """
    edges = resolution.edges
    probability = edges.probability
    sampled = sample_to_judge(probability, SAMPLED)
    telling = most_telling(probability, edges.left, edges.right, labels)[:TELLING_SHOWN]
    chosen = edges.part(np.array([*sampled, *telling], dtype=np.int64))
    purposes = [SAMPLE] * len(sampled) + [TELLING] * len(telling)
    columns = {
        "probability": pa.array(chosen.probability),
        "purpose": pa.array(purposes, pa.string()),
        VERDICT: pa.array([""] * len(purposes), pa.string()),
    }
    keys = edge_keys(resolution.records, chosen)
    return pa.table([*keys.columns, *columns.values()], names=[*keys.column_names, *columns])


def write_pairs_to_judge(asked: pa.Table, path: Path) -> Path:
    """Write the pairs as CSV, for any spreadsheet; return where they are.

    A file in which somebody has judged a pair is nobody's to write over: the next free name is
    taken (`to_judge.2.csv`).
    """
    free = next(place for place in _names_for(path) if not _may_hold_verdicts(place))
    arrow_csv.write_csv(asked, free)
    return free


def _names_for(path: Path) -> Iterator[Path]:
    yield path
    yield from (path.with_suffix(f".{number}{path.suffix}") for number in count(2))


def _may_hold_verdicts(path: Path) -> bool:
    """Tell whether a file has a verdict in it, or is something else than we write."""
    if not path.exists():
        return False
    connection = duckdb.connect()
    try:
        found = connection.execute(
            f"select count(*) from read_csv(?, {CSV_AS_TEXT}) where {_IS_JUDGED}", [str(path)]
        ).fetchone()
    except duckdb.Error:
        return True
    finally:
        connection.close()
    return found != (0,)


def estimate_from_files(edges: Path, judged: Path) -> tuple[EstimatedQuality, ...]:
    """Return what the verdicts in a file say of the pairs in `edges.parquet`.

    Raises:
        EvaluationError: a file cannot be read, or a verdict is neither yes nor no.
    """
    connection = duckdb.connect()
    try:
        pairs = connection.execute(
            f"select {', '.join(KEYS)}, probability from read_parquet(?)", [str(edges)]
        ).to_arrow_table()
    except duckdb.Error as error:
        raise EvaluationError(f"{edges.name} is not what `c360 resolve` wrote") from error
    finally:
        connection.close()
    places, verdicts = read_verdicts(judged, pairs)
    if (places < 0).any():
        problem = f"{int((places < 0).sum())} pairs are not in {edges.name}"
        raise EvaluationError(f"{judged.name}: {problem}")
    return estimated_quality(pairs["probability"].to_numpy(), places, verdicts)


def read_verdicts(judged: Path, pairs: pa.Table) -> tuple[Integers, Flags]:
    """Return the places among pairs that a file judges (-1 for none of them), and the verdicts.

    Of sampled pairs alone: those that would change most are no picture of the others.

    Raises:
        EvaluationError: the file cannot be read, or a verdict is neither yes nor no.
    """
    connection = duckdb.connect()
    try:
        said = connection.execute(
            f"select {', '.join(KEYS)}, lower(trim({VERDICT})) as verdict"
            f" from read_csv(?, {CSV_AS_TEXT}) where purpose = '{SAMPLE}' and {_IS_JUDGED}",
            [str(judged)],
        ).to_arrow_table()
    except duckdb.Error as error:
        raise EvaluationError(f"{judged.name} is not what `c360 resolve` wrote") from error
    finally:
        connection.close()
    odd = set(said["verdict"].to_pylist()) - {*_YES, *_NO}
    if odd:
        raise EvaluationError(f"{judged.name}: {len(odd)} kinds of verdicts are neither yes nor no")
    places = pc.fill_null(pc.index_in(_joined(said), value_set=_joined(pairs)), -1)
    return (
        np.asarray(places.to_numpy(), dtype=np.int64),
        np.isin(np.array(said["verdict"].to_pylist(), dtype=object), _YES),
    )


def _joined(table: pa.Table) -> pa.ChunkedArray:
    """Return the keys of each pair as one text."""
    return pc.binary_join_element_wise(*(table[name] for name in KEYS), "\x1f")
