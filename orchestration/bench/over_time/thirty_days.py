"""Thirty days of one company: do ids ever change without a cause, and does history tell it all?

On some days more than the records changes: everything is rebuilt, the threshold is another, or a
new model is fitted. Each day the input lies in another order.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from orchestration.bench.over_time.audit import (
    DayAudit,
    audit_day,
    needless_changes,
    unresolved,
)
from orchestration.bench.over_time.conformed import write_conformed
from orchestration.bench.over_time.days import days_of_people
from orchestration.bench.over_time.peers import lowest_ids, propagated_labels
from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.history.memberships import map_at
from orchestration.identity.identity_tables import IDENTITY_MAP, read_table
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.record_clusters import build_clusters
from orchestration.identity.settings import EngineSettings, engine_settings

START = datetime.fromisoformat("2026-01-01")
SHARE = 0.01
# What a warehouse can make again from its records.
REBUILT = (
    "scored_edges",
    "clusters",
    "record_keys",
    "large_blocks",
    "model_in_use",
    "review_queue",
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """On which days what changes besides records; days are counted from 0."""

    days: int = 30
    rebuild: int = 9
    threshold: int = 16
    model: int = 23
    other_threshold: float = 0.6  # from the day of the threshold on
    other_seed: int = 7  # from the day of the model on: of the sample that it is fitted on

    def settings_of(self, day: int) -> EngineSettings:
        """Return the settings in force on a day: what was changed stays changed."""
        shipped = engine_settings()
        clustering, pilot = shipped.clustering, shipped.pilot
        if day >= self.threshold:
            clustering = clustering.model_copy(update={"threshold": self.other_threshold})
        if day >= self.model:  # rules and model come from another sample of the records
            size = max(1, pilot.records // 100)
            pilot = pilot.model_copy(update={"seed": self.other_seed, "records": size})
        return shipped.model_copy(update={"clustering": clustering, "pilot": pilot})


@dataclass(slots=True)
class _Seen:
    """What the days have shown so far."""

    maps: list[pa.Table] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)
    given_out: set[str] = field(default_factory=set)
    named: dict[str, pd.DataFrame] = field(default_factory=dict)
    peers: dict[str, int] = field(default_factory=dict)
    audit: DayAudit = field(default_factory=DayAudit)
    unresolved: int = 0
    continued: int = 0  # days on which only changes were scored


def thirty_days(
    connection: duckdb.DuckDBPyConnection,
    *,
    records: int,
    schedule: Schedule,
    progress: Callable[[str], None],
    seed: int = 1,
) -> dict[str, Any]:
    """Return what the days have shown; the warehouse is left as on the last day."""
    seen = _Seen()
    for day, people in enumerate(days_of_people(records, schedule.days, SHARE, seed)):
        progress(f"day {day + 1} of {schedule.days}")
        if day == schedule.rebuild:
            for table in REBUILT:
                connection.execute(f"drop table identity.{table}")
        settings = schedule.settings_of(day)
        write_conformed(connection, people, shuffled=day)
        moment = START + timedelta(days=day)
        scores = score_pairs(connection, as_of=moment, settings=settings)
        build_clusters(connection, as_of=moment, settings=settings)
        assign_customer_ids(connection, run_id=f"day-{day}", as_of=moment)
        seen.continued += scores.changed_records is not None
        _look(connection, seen, moment, day, settings.clustering.threshold)
    return {
        "days": schedule.days,
        "records": records,
        "days_continued": seen.continued,
        "needless_id_changes": seen.audit.needless,
        "needless_id_changes_of_unchanged": seen.audit.needless_unchanged,
        **{name: asdict(seen.audit)[name] for name in ("merges", "splits")},
        "missing_events": seen.audit.missing_events,
        "needless_events": seen.audit.needless_events,
        "ids_that_lead_nowhere": seen.unresolved,
        "days_not_rebuilt": sum(not same for same in _rebuilt(connection, seen)),
        "peers": dict(sorted(seen.peers.items())),
    }


def _look(
    connection: duckdb.DuckDBPyConnection,
    seen: _Seen,
    moment: datetime,
    day: int,
    threshold: float,
) -> None:
    """Hold the day against the one before, for us and for how others name clusters."""
    table = read_table(connection, "identity_map", IDENTITY_MAP).sort_by("source_record_id")
    today = table.select(["source_record_id", "customer_id"]).to_pandas()
    history = connection.sql(
        "select event, customer_id, related_customer_id, run_id from identity.id_history"
        " order by occurred_at asc"
    ).df()
    events = history.drop(columns="run_id")
    if "ours" in seen.named:
        mine = events[history["run_id"] == f"day-{day}"]
        seen.audit += audit_day(seen.named["ours"], today, mine)
    seen.given_out |= set(today["customer_id"])
    aliases = connection.sql(
        "select customer_id, current_customer_id from identity.customer_aliases"
    ).fetchall()
    seen.unresolved += unresolved(seen.given_out, set(today["customer_id"]), dict(aliases), events)
    others = {
        "lowest id (Splink)": lowest_ids(connection),
        "label propagation": propagated_labels(connection, threshold, day),
    }
    for name, named in others.items():
        needless = needless_changes(seen.named[name], named)[0] if name in seen.named else 0
        seen.peers[name] = seen.peers.get(name, 0) + needless
    seen.named = {"ours": today, **others}
    seen.maps.append(table.combine_chunks())
    seen.moments.append(moment)


def _rebuilt(connection: duckdb.DuckDBPyConnection, seen: _Seen) -> Iterator[bool]:
    """Tell of each day whether its map can be read from history again, to the byte."""
    for was, moment in zip(seen.maps, seen.moments, strict=True):
        found = map_at(connection, moment + timedelta(hours=12)).combine_chunks()
        yield _bytes(found) == _bytes(was)


def _bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
