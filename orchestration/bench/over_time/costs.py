"""What a day costs against a full run, and how long an undo, an explanation and the desk take.

Runs are counted in processor seconds, which other work on the machine hardly changes.
"""

import tempfile
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.bench.over_time.conformed import write_conformed
from orchestration.bench.over_time.days import days_of_people
from orchestration.bench.over_time.thirty_days import REBUILT, SHARE, START
from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.desk.record_desk import RecordDesk
from orchestration.identity.errors import UnknownRecordError
from orchestration.identity.explaining.explainer import Explainer
from orchestration.identity.judging.anchoring import references_of
from orchestration.identity.judging.judgements import Word, draft_judgement
from orchestration.identity.judging.merge_undo import Merge, last_merge
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.record_clusters import build_clusters
from orchestration.identity.resolve_spec import ROLES
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Decision

_WARM, _ASKED = 5, 200
Decided = Iterable[Decision]


def costs(records: int, progress: Callable[[str], None], seed: int = 2) -> dict[str, Any]:
    """Return figures at a size; the full run to compare with is one after the first."""
    with tempfile.TemporaryDirectory(prefix="c360-bench-") as folder:
        path = Path(folder) / "warehouse.duckdb"
        with duckdb.connect(str(path), config={"threads": 2}) as connection:
            return _costs(connection, Path(folder), records, progress, seed)


def _costs(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    records: int,
    progress: Callable[[str], None],
    seed: int,
) -> dict[str, Any]:
    progress(f"making {records:,} records")
    days = list(days_of_people(records, 2, SHARE, seed))
    _conform(connection, days[0])
    progress("the first run")
    first = _run(connection, 0, ())
    _conform(connection, days[1])
    progress("a day with 1 % new, changed and deleted")
    day = _run(connection, 1, ())
    for table in REBUILT:
        connection.execute(f"drop table identity.{table}")
    progress("everything anew")
    full = _run(connection, 2, ())
    progress("an undo")
    undo = _undo(connection, DecisionStore(f"sqlite:///{folder / 'steward.sqlite'}"))
    progress("questions")
    share = sum(day.values()) / sum(full.values())
    return {
        "records": records,
        "first_run": first,
        "day": day,
        "full_run": full,
        "incremental_share": round(share, 4),
        **undo,
        **_questions(connection, days[1], seed),
    }


def _conform(connection: duckdb.DuckDBPyConnection, records: pa.Table) -> None:
    """Write the records of a day, and put their table in order, which is no work of the identity.

    DuckDB gathers the small row groups of a new table in the two checkpoints that follow.
    """
    write_conformed(connection, records)
    for _ in range(2):
        connection.execute("checkpoint")


def _run(connection: duckdb.DuckDBPyConnection, day: int, decisions: Decided) -> dict[str, float]:
    moment = START + timedelta(days=day)
    began = process_time()
    score_pairs(connection, as_of=moment)
    scored = process_time()
    build_clusters(connection, as_of=moment, decisions=decisions)
    clustered = process_time()
    assign_customer_ids(connection, run_id=f"run {day}", as_of=moment)
    steps = {"scores": scored - began, "clusters": clustered - scored}
    steps["ids"] = process_time() - clustered
    return {name: round(seconds, 2) for name, seconds in steps.items()}


def _undo(connection: duckdb.DuckDBPyConnection, store: DecisionStore) -> dict[str, Any]:
    """Undo one merge: the steward's command, and what it adds to the next run."""
    merge = _some_merge(connection)
    began = perf_counter()
    merge = last_merge(connection, merge.customer_id)
    left, right = (references_of(connection, side) for side in (merge.left, merge.right))
    draft = draft_judgement(Word.DIFFERENT, left, right, author="bench", reason="two people")
    store.append(draft, decided_at=START)
    judged = perf_counter() - began
    applied = _run(connection, 3, store.decisions())
    restored = connection.execute(
        "select count(*) from identity.identity_map where customer_id = ?", [merge.customer_id]
    ).fetchone()
    return {
        "undo_command_seconds": round(judged, 2),
        "undo_run_seconds": applied,
        "undo_restored_records": int(restored[0]) if restored else 0,
    }


def _some_merge(connection: duckdb.DuckDBPyConnection) -> Merge:
    """Return the first merge of which both sides have records left.

    Raises:
        UnknownRecordError: the days brought none.
    """
    merged = connection.sql(
        "select customer_id from identity.id_history where event = 'merged'"
        " order by occurred_at asc, customer_id asc"
    ).fetchall()
    for (customer,) in merged:
        try:
            merge = last_merge(connection, customer)
        except UnknownRecordError:
            continue
        together = connection.execute(
            "select count(distinct customer_id) from identity.identity_map"
            " where source_record_id in (select unnest(?))",
            [[*merge.left, *merge.right]],
        ).fetchone()
        if together == (1,):  # else the evidence has parted them since
            return merge
    raise UnknownRecordError("no merge is left to undo: measure more records")


def _questions(
    connection: duckdb.DuckDBPyConnection, people: pa.Table, seed: int
) -> dict[str, Any]:
    pairs = connection.execute(
        "select left_record_id, right_record_id from identity.scored_edges"
        f" using sample {_ASKED // 2 + _WARM} rows (reservoir, {seed})"
    ).fetchall()
    random = np.random.default_rng(seed)
    ids = people["source_record_id"].take(pa.array(random.integers(0, len(people), _ASKED)))
    pairs += list(zip(ids.to_pylist()[::2], ids.to_pylist()[1::2], strict=True))
    explainer = Explainer(connection, are_all_remembered=True)
    explained = _times([partial(explainer.explain, *pair) for pair in pairs])
    began = perf_counter()
    desk = RecordDesk(connection)
    opened = perf_counter() - began
    chosen = people.take(pa.array(random.integers(0, len(people), _ASKED + _WARM)))
    asked = [_typed(row) for row in chosen.to_pylist()]
    resolved = _times([partial(desk.resolve, values) for values in asked])
    return {
        **{f"explain_{name}": value for name, value in explained.items()},
        "desk_opens_seconds": round(opened, 2),
        **{f"record_{name}": value for name, value in resolved.items()},
    }


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    born = f"{row['birth_year']}-{row['birth_month']}-{row['birth_day']}"
    said = {name: row[name] for name in sorted(ROLES) if row.get(name)}
    return said | ({"birth_date": born} if row["birth_year"] else {})


def _times(questions: list[Callable[[], object]]) -> dict[str, float]:
    """Return milliseconds of questions asked one after the other, without the first few."""
    clocks = {"ms": perf_counter, "processor_ms": process_time}
    taken: dict[str, list[float]] = {unit: [] for unit in clocks}
    for question in questions:
        began = {unit: clock() for unit, clock in clocks.items()}
        question()
        for unit, clock in clocks.items():
            taken[unit].append(1000 * (clock() - began[unit]))
    return {
        f"p{share}_{unit}": round(float(np.percentile(taken[unit][_WARM:], share)), 1)
        for unit in clocks
        for share in (50, 95)
    }
