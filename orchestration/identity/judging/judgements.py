"""What stewards judged: these records are one person, or they are not.

Judgements are decisions of the kinds `judgement.same`, `judgement.different` and
`judgement.withdrawn`. They name records by key and by content, so that they outlast new models,
renamed sources and re-issued keys (see anchoring). A later word of the same author on the same
records replaces the earlier one; words of two authors both stand, and may contradict each other.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from orchestration.steward.decisions import Decision, Draft

AREA = "judgement"
WITHDRAWN = f"{AREA}.withdrawn"
_SHORT_SUBJECT = 200


class Word(StrEnum):
    """What a judgement says."""

    SAME = "same"
    DIFFERENT = "different"

    @property
    def kind(self) -> str:
        """Kind of the decision."""
        return f"{AREA}.{self.value}"


@dataclass(frozen=True, slots=True)
class RecordReference:
    """A record by its key, a hash of its whole content, and one of each field."""

    record_id: str
    content: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Every record of the left is, or is not, the person of every record of the right."""

    decision_id: str
    word: Word
    left: tuple[RecordReference, ...]
    right: tuple[RecordReference, ...]
    author: str
    reason: str
    decided_at: datetime


def subject_of(left: Iterable[str], right: Iterable[str]) -> str:
    """Return the subject of a judgement about two groups of records, whichever comes first."""
    groups = sorted("+".join(sorted(group)) for group in (left, right))
    subject = "|".join(groups)
    if len(subject) <= _SHORT_SUBJECT:
        return subject
    digest = hashlib.blake2b(subject.encode("utf-8"), digest_size=8).hexdigest()
    return f"{groups[0].split('+')[0]}|{groups[1].split('+')[0]}|{digest}"


def draft_judgement(
    word: Word,
    left: Sequence[RecordReference],
    right: Sequence[RecordReference],
    *,
    author: str,
    reason: str,
) -> Draft:
    """Return a judgement as a decision that the store can keep."""
    return Draft(
        kind=word.kind,
        subject=subject_of(
            (reference.record_id for reference in left),
            (reference.record_id for reference in right),
        ),
        author=author,
        reason=reason,
        payload={"left": _as_data(left), "right": _as_data(right)},
    )


def draft_withdrawal(judgement: Decision, *, author: str, reason: str) -> Draft:
    """Return the decision that takes a judgement back."""
    payload = {"withdraws": judgement.decision_id}
    return Draft(WITHDRAWN, judgement.subject, author, reason, payload)


def judgements_in_force(decisions: Iterable[Decision]) -> list[Judgement]:
    """Return the judgements that were neither replaced nor taken back, in their order."""
    latest: dict[tuple[str, str], Decision] = {}
    for decision in sorted(decisions, key=lambda decision: decision.decision_order):
        if decision.kind == WITHDRAWN:
            withdrawn = decision.payload.get("withdraws")
            latest = {key: one for key, one in latest.items() if one.decision_id != withdrawn}
        elif decision.kind in (Word.SAME.kind, Word.DIFFERENT.kind):
            latest[(decision.subject, decision.author)] = decision
    in_order = sorted(latest.values(), key=lambda decision: decision.decision_order)
    return [_judgement(decision) for decision in in_order if "left" in decision.payload]


def _judgement(decision: Decision) -> Judgement:
    return Judgement(
        decision.decision_id,
        Word(decision.kind.removeprefix(f"{AREA}.")),
        _references(decision.payload["left"]),
        _references(decision.payload["right"]),
        decision.author,
        decision.reason,
        decision.decided_at,
    )


def _references(data: Sequence[Mapping[str, Any]]) -> tuple[RecordReference, ...]:
    return tuple(RecordReference(one["record"], one["content"], one["fields"]) for one in data)


def _as_data(references: Sequence[RecordReference]) -> list[dict[str, Any]]:
    return [
        {"record": one.record_id, "content": one.content, "fields": dict(one.fields)}
        for one in references
    ]
