"""Write into the decision store what the gates of a run find, and read how incidents stand."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.gates.causes import Cause
from orchestration.gates.consequences import hanging_on
from orchestration.gates.incidents import AREA, GATES, Incident, incidents_of, is_graver
from orchestration.gates.suites import Suite
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Draft

KEYS_KEPT = 20
NEWS = frozenset({"open", "reopen", "escalate", "close"})


@dataclass(slots=True)
class IncidentBook:
    """The incidents of a home, for the gates of one run.

    `notify` is told of every incident that opens, comes back, becomes graver or closes.
    """

    store: DecisionStore
    run_id: str
    as_of: datetime
    manifest: Path
    notify: Callable[[str, Incident], None]
    _known: dict[str, Incident] | None = field(default=None, repr=False)

    def known(self) -> dict[str, Incident]:
        """Return the incidents as they stood when the run last looked."""
        if self._known is None:
            self._look()
        return self._known or {}

    def record(
        self, suite: Suite, causes: Sequence[Cause], customers: Mapping[str, int]
    ) -> list[Incident]:
        """Open, count, re-open or close the incidents of one gate; return those of its causes.

        Args:
            suite: the gate that has just been run.
            causes: what fails in it.
            customers: how many customers each cause touches, by incident id.

        Raises:
            DecisionStoreError: the store can't be written; a gate's finding must not get lost.
        """
        if causes:
            self._look()  # a steward may have decided since
        found = {cause.incident_id for cause in causes}
        # What could not be looked at is not over.
        is_known = not any(cause.is_about_more for cause in causes)
        over = [
            incident
            for incident in self.known().values()
            if is_known
            and incident.label == suite.label
            and incident.incident_id not in found
            and incident.state != "closed"
        ]
        drafts = [self._draft(suite, cause, customers) for cause in causes]
        drafts += [self._closing(incident) for incident in over]
        if not drafts:
            return []
        self.store.append_all(drafts, decided_at=self.as_of)
        self._look()
        for draft in drafts:
            verb = draft.kind.split(".")[1]
            if verb in NEWS:
                self.notify(verb, self.known()[draft.subject])
        return [self.known()[cause.incident_id] for cause in causes]

    def _look(self) -> None:
        events = self.store.decisions(area=AREA)
        self._known = {each.incident_id: each for each in incidents_of(events)}

    def _draft(self, suite: Suite, cause: Cause, customers: Mapping[str, int]) -> Draft:
        known = self.known().get(cause.incident_id)
        verb = self._verb(known, cause)
        told: dict[str, Any] = {
            "label": cause.label,
            "column": cause.column,
            "cause": cause.name,
            "severity": cause.severity,
            "why": cause.why,
            "what_to_do": suite.what_to_do,
            "owner": suite.owner,
            "run_id": self.run_id,
            "rows_failing": cause.rows_failing,
            "customers": customers.get(cause.incident_id, 0),
            "hangs_on": hanging_on(self.manifest, suite.layer, suite.table),
            "failing_keys": list(cause.failing_keys[:KEYS_KEPT]),
        }
        last = known.last.decision_order if known and verb != "seen" else 0
        return Draft(
            kind=f"{AREA}.{verb}",
            subject=cause.incident_id,
            author=GATES,
            reason=cause.why,
            payload=told,
            decision_id=self._event_id(cause.incident_id, verb, last),
        )

    def _verb(self, known: Incident | None, cause: Cause) -> str:
        if known is None:
            return "open"
        if known.state in ("closed", "resolved"):
            return "reopen"
        if known.is_waived_at(self.as_of, cause.severity):
            return "seen"
        if known.state == "waived" and not known.is_waived_at(self.as_of, known.waived_severity):
            return "reopen"
        is_worse = known.state == "waived" or is_graver(cause.severity, known.severity)
        return "escalate" if is_worse else "seen"

    def _closing(self, incident: Incident) -> Draft:
        return Draft(
            kind=f"{AREA}.close",
            subject=incident.incident_id,
            author=GATES,
            reason="the gate holds again",
            payload={"run_id": self.run_id},
            decision_id=self._event_id(incident.incident_id, "close", incident.last.decision_order),
        )

    def _event_id(self, incident_id: str, verb: str, last: int) -> str:
        """Name an event so that a gate which is run again in the same run adds none."""
        text = f"{incident_id}|{verb}|{self.as_of.isoformat()}|{last}"
        if verb == "seen":
            text += f"|{self.run_id}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]
