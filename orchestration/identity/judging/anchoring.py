"""Find today's records of a judgement: by key, and where the key is gone or re-issued by content.

A key that is there but shows another person (no telling field in common with what was judged) has
been re-issued: the judgement does not apply to it. A record that is gone is looked for by its
whole content, so that renamed sources and records that moved between sources keep their judgements.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import duckdb

from orchestration.identity.judging.judgements import Judgement, RecordReference
from orchestration.identity.warehouse_records import SOURCE_TABLE, content_columns

FIELDS = {
    "name": ("given_name", "family_name"),
    "birth_date": ("birth_year", "birth_month", "birth_day"),
    "email": ("email",),
    "phone": ("phone",),
    "national_id": ("national_id",),
}
# Content that is shared by chance must not carry a judgement to a stranger.
_LEAST_FIELDS = 2


class Anchor(StrEnum):
    """How the records of a judgement were found."""

    BY_KEY = "by key"
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
    today = _by_key(connection, sorted({record_id for record_id, _ in references}))
    found: dict[tuple[str, str], tuple[Anchor, tuple[str, ...]]] = {}
    for key, reference in references.items():
        now = today.get(reference.record_id)
        if now is not None and _is_same_record(reference, now):
            found[key] = (Anchor.BY_KEY, (reference.record_id,))
        else:
            found[key] = (Anchor.RE_ISSUED if now else Anchor.GONE, ())
    lost = [references[key] for key, (_, ids) in found.items() if not ids]
    by_content = _by_content(connection, lost)
    for reference in lost:
        if ids := by_content.get(reference.content):
            found[(reference.record_id, reference.content)] = (Anchor.BY_CONTENT, ids)
    return [_anchored(judgement, found) for judgement in wanted]


def _anchored(
    judgement: Judgement, found: Mapping[tuple[str, str], tuple[Anchor, tuple[str, ...]]]
) -> AnchoredJudgement:
    """Return a judgement with its records; nobody found by key is also found by content."""
    references = (*judgement.left, *judgement.right)
    held = {
        name
        for one in references
        for anchor, names in [found[(one.record_id, one.content)]]
        if anchor is Anchor.BY_KEY
        for name in names
    }

    def today(one: RecordReference) -> set[str]:
        anchor, names = found[(one.record_id, one.content)]
        return set(names) if anchor is Anchor.BY_KEY else set(names) - held

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
    """Tell whether a key still shows the person it showed; one without telling fields may."""
    if judged.content == now.content or not judged.fields or not now.fields:
        return True
    return any(now.fields.get(name) == value for name, value in judged.fields.items())


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
    wanted = sorted({one.content for one in lost if len(one.fields) >= _LEAST_FIELDS})
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
    for field, columns in FIELDS.items():
        present = [known[column] for column in columns if column in known]
        if present:
            texts = ", ".join(f"coalesce(cast({one} as varchar), '')" for one in present)
            some = f"coalesce({', '.join(f'cast({one} as varchar)' for one in present)})"
            hashed = f"left(sha256(concat_ws('|', '{field}', {texts})), 16)"
            parts.append(f"'{field}', case when {some} is not null then {hashed} end")
    return f"cast(json_object({', '.join(parts)}) as varchar)"
