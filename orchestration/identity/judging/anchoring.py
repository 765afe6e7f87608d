"""Find today's records of a judgement: by key, by the keys that followed it, and by content.

A key that is there but shows another person (two telling fields can be compared, and none is as it
was judged) has been re-issued: the judgement does not apply to it. A record whose key is gone or
re-issued is looked for where renames led, so that renamed sources and records that moved between
sources keep their judgements whatever they say by now; else by its whole content as it was judged.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import duckdb

from orchestration.identity.history.renamed_records import followers, followers_today
from orchestration.identity.judging.judgements import Judgement, RecordReference
from orchestration.identity.telling_fields import LEAST_FIELDS, TELLING_FIELDS
from orchestration.identity.warehouse_records import SOURCE_TABLE, content_columns


class Anchor(StrEnum):
    """How the records of a judgement were found."""

    BY_KEY = "by key"
    RENAMED = "renamed"
    BY_CONTENT = "by content"
    RE_ISSUED = "key re-issued"
    GONE = "record gone"


@dataclass(frozen=True, slots=True)
class AnchoredJudgement:
    """A judgement and today's records of its two sides."""

    judgement: Judgement
    left: tuple[str, ...]
    right: tuple[str, ...]
    missing: Mapping[str, Anchor]  # records as judged that are not found, and why

    @property
    def is_complete(self) -> bool:
        """Whether both sides have a record to apply it to."""
        return bool(self.left and self.right)


def references_of(
    connection: duckdb.DuckDBPyConnection, record_ids: Sequence[str]
) -> list[RecordReference]:
    """Return references to records of today by the order of ids; unknown ones are left out."""
    known = _by_key(connection, record_ids)
    return [known[record_id] for record_id in sorted(known)]


def anchor(
    connection: duckdb.DuckDBPyConnection, judgements: Iterable[Judgement]
) -> list[AnchoredJudgement]:
    """Return each judgement with today's records."""
    wanted = list(judgements)
    references = {(one.record_id, one.content): one for j in wanted for one in (*j.left, *j.right)}
    today, later = _known_today(connection, list(references.values()))
    found = {key: _by_name(one, today, later[one.record_id]) for key, one in references.items()}
    lost = [references[key] for key, (_, ids) in found.items() if not ids]
    by_content = _by_content(connection, lost)
    for reference in lost:
        if ids := by_content.get(reference.content):
            found[(reference.record_id, reference.content)] = (Anchor.BY_CONTENT, ids)
    return [_anchored(judgement, found) for judgement in wanted]


def _anchored(
    judgement: Judgement, found: Mapping[tuple[str, str], tuple[Anchor, tuple[str, ...]]]
) -> AnchoredJudgement:
    """Return a judgement with its records; nobody found by key or rename is found by content."""
    references = (*judgement.left, *judgement.right)
    held = {
        name
        for one in references
        for anchor, names in [found[(one.record_id, one.content)]]
        if anchor is not Anchor.BY_CONTENT
        for name in names
    }

    def today(one: RecordReference) -> set[str]:
        anchor, names = found[(one.record_id, one.content)]
        return set(names) - held if anchor is Anchor.BY_CONTENT else set(names)

    left, right = (
        tuple(sorted({name for one in side for name in today(one)}))
        for side in (judgement.left, judgement.right)
    )
    missing = {
        one.record_id: Anchor.GONE
        if (why := found[(one.record_id, one.content)][0]) is Anchor.BY_CONTENT
        else why
        for one in references
        if not today(one)
    }
    return AnchoredJudgement(judgement, left, right, missing)


def _is_same_record(judged: RecordReference, now: RecordReference) -> bool:
    """Tell whether a key still shows the person it showed; one that says too little to tell may."""
    comparable = judged.fields.keys() & now.fields.keys()
    return len(comparable) < LEAST_FIELDS or _likeness(judged, now) > 0


def _likeness(judged: RecordReference, now: RecordReference) -> int:
    """Return how many telling fields are as judged, and more than all where everything is."""
    if judged.content == now.content:
        return len(TELLING_FIELDS) + 1
    return sum(now.fields.get(name) == value for name, value in judged.fields.items())


def _known_today(
    connection: duckdb.DuckDBPyConnection, references: Sequence[RecordReference]
) -> tuple[dict[str, RecordReference], dict[str, set[str]]]:
    """Return today's records of the judged keys and of those that followed them, and which did."""
    later = followers(connection, {one.record_id for one in references})
    today = _by_key(connection, sorted(later.keys() | set[str]().union(*later.values())))
    lost = {one.record_id for one in references if not _is_found(one, today, later[one.record_id])}
    if lost:
        later |= followers_today(connection, {key: later[key] for key in lost})
        today |= _by_key(connection, sorted({key for one in lost for key in later[one]}))
    return today, later


def _is_found(
    judged: RecordReference, today: Mapping[str, RecordReference], later: Collection[str]
) -> bool:
    """Tell whether a record is there under its key, or under one that followed it if any did."""
    if later:
        return any(key in today and _likeness(judged, today[key]) for key in later)
    return judged.record_id in today and _is_same_record(judged, today[judged.record_id])


def _by_name(
    judged: RecordReference, today: Mapping[str, RecordReference], later: Collection[str]
) -> tuple[Anchor, tuple[str, ...]]:
    """Return the record that a key shows, or one that followed it, whichever is most as judged.

    A key that was given out again has followers of several people.
    """
    known = [today[key] for key in sorted(later) if key in today and _likeness(judged, today[key])]
    now = today.get(judged.record_id)
    if now is not None and _is_same_record(judged, now):
        known.append(now)
    likest = max(known, key=lambda one: _likeness(judged, one), default=None)
    if likest is None:
        return (Anchor.RE_ISSUED if now else Anchor.GONE, ())
    return (Anchor.BY_KEY if likest is now else Anchor.RENAMED, (likest.record_id,))


def _by_key(
    connection: duckdb.DuckDBPyConnection, record_ids: Sequence[str]
) -> dict[str, RecordReference]:
    ids = list(record_ids)
    if not ids:
        return {}
    rows = connection.execute(
        f"select source_record_id, {_content(connection)}, {_fields(connection)}"
        f" from {SOURCE_TABLE} as records where source_record_id in (select unnest(?))",
        [ids],
    ).fetchall()
    return {
        record_id: RecordReference(
            record_id, content, {k: v for k, v in json.loads(fields).items() if v is not None}
        )
        for record_id, content, fields in rows
    }


def _by_content(
    connection: duckdb.DuckDBPyConnection, lost: Sequence[RecordReference]
) -> dict[str, tuple[str, ...]]:
    wanted = sorted({one.content for one in lost if len(one.fields) >= LEAST_FIELDS})
    if not wanted:
        return {}
    rows = connection.execute(
        f"select {_content(connection)} as content, list(source_record_id order by"
        f" source_record_id asc) from {SOURCE_TABLE} as records group by content"
        " having content in (select unnest(?))",
        [wanted],
    ).fetchall()
    return {content: tuple(ids) for content, ids in rows}


def _content(connection: duckdb.DuckDBPyConnection) -> str:
    """Return SQL for a hash of all that is known of a person, without key and source."""
    parts = [
        f"coalesce(cast({expression} as varchar), '')"
        for name, expression in content_columns(connection).items()
        if name not in ("source_record_id", "source_system")
    ]
    return f"left(sha256(concat_ws('|', {', '.join(parts)})), 32)"


def _fields(connection: duckdb.DuckDBPyConnection) -> str:
    """Return SQL for one hash per telling field, null where it is missing."""
    known = content_columns(connection)
    parts = []
    for field, columns in TELLING_FIELDS.items():
        present = [known[column] for column in columns if column in known]
        if present:
            texts = ", ".join(f"coalesce(cast({one} as varchar), '')" for one in present)
            some = f"coalesce({', '.join(f'cast({one} as varchar)' for one in present)})"
            hashed = f"left(sha256(concat_ws('|', '{field}', {texts})), 16)"
            parts.append(f"'{field}', case when {some} is not null then {hashed} end")
    return f"cast(json_object({', '.join(parts)}) as varchar)"
