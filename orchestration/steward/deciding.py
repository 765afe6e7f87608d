"""How a steward decides from a program: on what was seen, and refused if somebody else has since.

The words of the verbs, and how they print, do not belong here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Decision, Draft


@dataclass(frozen=True, slots=True)
class Steward:
    """Somebody who decides, at a moment (UTC)."""

    store: DecisionStore
    author: str
    moment: datetime

    def decide(
        self, kind: str, subject: str, reason: str, payload: Mapping[str, Any] | None = None
    ) -> Decision:
        """Keep a decision on a subject as it stands now.

        Raises:
            DecisionConflictError: somebody has decided on it between our look and our word.
        """
        seen = self.store.latest(kind.partition(".")[0], subject)
        draft = Draft(kind, subject, self.author, reason, payload or {})
        return self.store.append(draft, decided_at=self.moment, seen=seen)
