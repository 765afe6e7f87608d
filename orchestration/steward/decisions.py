"""A decision of a steward: what it is about, what was decided, by whom, why and when.

One shape for every kind, so that a new kind needs no new table. Kinds are named
`<area>.<verb>`, for example `judgement.same`, `incident.assign`, `quarantine.correct`,
`identifier.block`; the area that owns a kind says what its subject and its payload hold.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import uuid4

from orchestration.steward.errors import InvalidDecisionError

KIND = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*\Z")
LONGEST_SUBJECT = 500


class Looked(Enum):
    """Says that an author has not looked at what was decided before."""

    NOT = "not"


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision that is not in the store yet.

    `subject` names what is decided on (an incident, a row, a pair of records) by ids and hashes,
    never by a person's data: it is shown in lists and messages. Values belong into `payload`.
    `decision_id` makes appending safe to repeat: the same id is kept once.
    """

    kind: str
    subject: str
    author: str
    reason: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    decision_id: str = field(default_factory=lambda: uuid4().hex)

    def check(self) -> None:
        """Make sure that nothing is missing which somebody will ask for later.

        Raises:
            InvalidDecisionError: a part is missing or not of its form.
        """
        if not KIND.match(self.kind):
            raise InvalidDecisionError(f"kind {self.kind!r}: write it like judgement.same")
        if not self.subject.strip() or len(self.subject) > LONGEST_SUBJECT:
            raise InvalidDecisionError(
                f"{self.kind}: a decision needs a subject of at most {LONGEST_SUBJECT} characters"
            )
        for name in ("author", "reason", "decision_id"):
            if not getattr(self, name).strip():
                raise InvalidDecisionError(f"{self.kind} on {self.subject}: {name} is missing")

    @property
    def payload_text(self) -> str:
        """Return the payload as JSON, the same text for the same content.

        Raises:
            InvalidDecisionError: the payload can't be written as JSON.
        """
        try:
            return json.dumps(self.payload, sort_keys=True, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError):
            # The error itself would quote a value of the payload.
            message = f"{self.kind} on {self.subject}: the payload can't be written as JSON"
            raise InvalidDecisionError(message) from None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as the store keeps it; `decision_order` counts up and never repeats."""

    decision_order: int
    decision_id: str
    kind: str
    subject: str
    payload: Mapping[str, Any]
    author: str
    reason: str
    decided_at: datetime

    @property
    def payload_text(self) -> str:
        """Return the payload as JSON, the same text for the same content."""
        return json.dumps(self.payload, sort_keys=True, ensure_ascii=False)

    @property
    def verb(self) -> str:
        """Return the part of the kind behind its area."""
        return self.kind.split(".", 1)[1]
