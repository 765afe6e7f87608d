"""Play stories in two warehouses, with the wrong merges and without them, and compare.

The ids are given out by the step that the daily run takes. Compared are the identity map with
its dates, through which marts find the customer of a record, and the aliases; what else they read
of the identity layer (histories, households, accounts) is in the comparison of whole marts
(whole_marts). Many stories share one warehouse, as the customers of a company do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import pandas as pd
import pyarrow as pa

from orchestration.bench.over_time.undo_stories import Story, StoryDay
from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.identity_tables import CLUSTERS, MODELS, append_rows, replace_table
from orchestration.identity.judging.ruling_tables import JUDGED_PAIRS
from orchestration.identity.warehouse_records import SOURCE_TABLE

START = datetime.fromisoformat("2026-01-01")
_PERSONS = 1_000_000  # more than a story has


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the two worlds differ when all is undone."""

    sequences: int
    undos: int
    days: int
    mismatches: tuple[str, ...]  # stories and what differs in them


def prove_undo(stories: Sequence[Story]) -> Comparison:
    """Return where the world after all undos differs from the one without the wrong merges.

    An id that exists only since an error may go on leading to today's customer; nothing else may
    differ.
    """
    days = max(len(story.days) for story in stories)
    with duckdb.connect() as real, duckdb.connect() as ideal:
        for day in range(days):
            present = [story.days[min(day, len(story.days) - 1)] for story in stories]
            _day(real, day, present, wrongly=True)
            _day(ideal, day, present, wrongly=False)
        found = _differences(real, ideal)
    undos = sum(len(story.judged) for story in stories)
    return Comparison(len(stories), undos, days, tuple(sorted(found)))


def customers_of(story: Story, *, wrongly: bool) -> dict[str, str]:
    """Return the customer of each key at the end of one story."""
    with duckdb.connect() as connection:
        for number, day in enumerate(story.days):
            _day(connection, number, [day], wrongly=wrongly)
        rows = connection.sql("select source_record_id, customer_id from identity.identity_map")
        return {record.split("/")[1]: customer for record, customer in rows.fetchall()}


def _day(
    connection: duckdb.DuckDBPyConnection, day: int, stories: Sequence[StoryDay], *, wrongly: bool
) -> None:
    records = [(story, record) for story, told in enumerate(stories) for record in told.truth]
    ids = [_name(story, stories[story].keys[record]) for story, record in records]
    clusters = [
        story * _PERSONS + (told.shown if wrongly else told.truth)[record]
        for story, record in records
        for told in [stories[story]]
    ]
    pairs = [
        (_name(story, told.keys[left]), _name(story, told.keys[right]))
        for story, told in enumerate(stories)
        for left, right in (told.different if wrongly else ())
    ]
    judged = pa.table(
        [
            [left for left, _ in pairs],
            [right for _, right in pairs],
            ["different"] * len(pairs),
            ["undo"] * len(pairs),
        ],
        schema=JUDGED_PAIRS,
    )
    connection.execute("create schema if not exists conformed")
    connection.execute("create schema if not exists identity")
    nothing = [None] * len(ids)
    replace_table(
        connection, "clusters", pa.table([ids, clusters, nothing, nothing], schema=CLUSTERS)
    )
    replace_table(connection, "judged_pairs", judged)
    append_rows(connection, "models", MODELS.empty_table())
    said = [_name(story, record) for story, record in records]  # by it a key is known again
    names = ("source_record_id", "given_name", "email")
    people = [pa.array(values, pa.string()) for values in (ids, said, said)]
    connection.register("people", pa.table(people, names=names))
    connection.execute(
        f"create or replace table {SOURCE_TABLE} as select *, 'story' as source_system from people"
    )
    connection.unregister("people")
    moment = START + timedelta(days=day)
    assign_customer_ids(connection, run_id=f"run-{day}", as_of=moment)


def _name(story: int, record: str) -> str:
    return f"s{story:05d}/{record}"


def _differences(real: duckdb.DuckDBPyConnection, ideal: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the stories whose map or aliases differ, and in what."""
    found = set()
    maps = [
        world.sql(
            "select source_record_id, customer_id, assigned_at from identity.identity_map"
        ).df()
        for world in (real, ideal)
    ]
    differing = pd.concat(maps).drop_duplicates(keep=False)
    found |= {f"{record.split('/')[0]} map" for record in differing["source_record_id"]}
    known = ideal.sql(
        "select customer_id, min(source_record_id) as record from identity.membership_history"
        " group by customer_id"
    ).df()
    aliases = [world.sql("select * from identity.customer_aliases").df() for world in (real, ideal)]
    aliases[0] = aliases[0][aliases[0]["customer_id"].isin(known["customer_id"])]
    stories = dict(zip(known["customer_id"], known["record"].str.split("/").str[0], strict=True))
    differing = pd.concat(aliases).drop_duplicates(keep=False)
    found |= {f"{stories.get(customer)} aliases" for customer in differing["customer_id"]}
    return found
