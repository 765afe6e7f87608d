"""Incidents: what a gate found and somebody decides, one per cause.

An incident is the sum of its events in the decision store: the gates' (`incident.open`, `.seen`,
`.escalate`, `.close`, `.reopen`) and the stewards' (`.acknowledge`, `.assign`, `.resolve`,
`.waive`). So its history is append-only, and everybody may decide while a run is at work. How a
cause is found does not belong here (`causes`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from orchestration.gates.errors import IncidentOverError
from orchestration.steward.decisions import Decision

AREA = "incident"
GATES = "gates"  # the author of events that no person decided
State = Literal["new", "acknowledged", "assigned", "resolved", "waived", "closed"]
OPEN_STATES: tuple[State, ...] = ("new", "acknowledged", "assigned", "waived")
GRAVITY: Mapping[str, int] = {"info": 0, "warning": 1, "critical": 2}
STATES_OF_VERBS: Mapping[str, State] = {
    "open": "new",
    "reopen": "new",
    "escalate": "new",
    "acknowledge": "acknowledged",
    "assign": "assigned",
    "resolve": "resolved",
    "waive": "waived",
    "close": "closed",
}


@dataclass(frozen=True, slots=True)
class Incident:
    """One cause and how it stands; counts are those of the last time it was seen."""

    incident_id: str
    label: str
    column: str
    cause: str
    severity: str
    why: str
    what_to_do: str
    owner: str
    state: State
    opened_at: datetime
    last_seen_at: datetime
    last_run_id: str
    times_seen: int = 1
    times_reopened: int = 0
    rows_failing: int | None = None
    customers: int = 0
    hangs_on: tuple[str, ...] = ()
    failing_keys: tuple[str, ...] = ()
    assignee: str = ""
    waived_until: date | None = None
    waived_severity: str = ""
    history: tuple[Decision, ...] = field(default=(), repr=False)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in OPEN_STATES

    @property
    def last(self) -> Decision:
        """Return the last event: what somebody saw who decides now."""
        return self.history[-1]

    @property
    def title(self) -> str:
        """Return in one line what is wrong, and where."""
        where = self.label + (f".{self.column}" if self.column else "")
        return f"{where}: {self.cause}"

    def check_open(self) -> None:
        """Make sure that there is something left to decide on.

        Raises:
            IncidentOverError: it is over; only its gate opens it again.
        """
        if not self.is_open:
            raise IncidentOverError(
                f"{self.incident_id} is {self.state} since {self.last.decided_at:%Y-%m-%d %H:%M} "
                f"({self.last.author}): nothing is left to decide. If the gate fails again, it "
                "opens again by itself"
            )

    def is_waived_at(self, moment: datetime, severity: str | None = None) -> bool:
        """Say whether a steward lets the gate pass at that moment in spite of it.

        Not what is graver than it was when he said so. Without a severity, that of its last time.
        """
        until = self.waived_until
        holds = self.state == "waived" and until is not None and moment.date() <= until
        return holds and not is_graver(severity or self.severity, self.waived_severity)

    @property
    def urgency(self) -> tuple[bool, bool, int, int, datetime, str]:
        """Return what orders incidents: those that stop runs, then customers, then what hangs."""
        return (
            not self.is_open,
            self.severity != "critical" or self.state == "waived",
            -self.customers,
            -len(self.hangs_on),
            self.opened_at,
            self.incident_id,
        )


def is_graver(severity: str, other: str) -> bool:
    """Say whether a severity is graver than another."""
    return GRAVITY[severity] > GRAVITY[other]


def incidents_of(events: Iterable[Decision]) -> list[Incident]:
    """Return the incidents that events in their order make up, the most urgent first."""
    incidents: dict[str, Incident] = {}
    for event in events:
        known = incidents.get(event.subject)
        if known is None and event.verb == "open":
            incidents[event.subject] = _opened(event)
        elif known is not None:
            # An event on an incident that was never opened says nothing about anything.
            incidents[event.subject] = _after(known, event)
    return sorted(incidents.values(), key=lambda incident: incident.urgency)


def _opened(event: Decision) -> Incident:
    told = event.payload
    return Incident(
        incident_id=event.subject,
        label=told["label"],
        column=told["column"],
        cause=told["cause"],
        opened_at=event.decided_at,
        last_seen_at=event.decided_at,
        state="new",
        history=(event,),
        **_seen(told),
    )


def _after(incident: Incident, event: Decision) -> Incident:
    changes: dict[str, Any] = {
        "history": (*incident.history, event),
        "state": _state_after(incident, event),
    }
    if event.verb in ("seen", "reopen", "escalate", "open"):
        changes |= _seen(event.payload)
        changes["last_seen_at"] = event.decided_at
        changes["times_seen"] = incident.times_seen + 1
    if event.verb == "reopen":
        changes["times_reopened"] = incident.times_reopened + 1
    if event.verb == "assign":
        changes["assignee"] = str(event.payload.get("assignee", ""))
    if event.verb == "waive":
        changes["waived_until"] = date.fromisoformat(event.payload["until"])
        changes["waived_severity"] = incident.severity
    return replace(incident, **changes)


def _state_after(incident: Incident, event: Decision) -> State:
    if not incident.is_open and event.author != GATES:
        # Only a gate knows that what was over is there again: a steward's word comes too late.
        return incident.state
    if event.verb in ("acknowledge", "assign") and incident.is_waived_at(event.decided_at):
        # Who looks at it takes nobody's waiver back.
        return incident.state
    return STATES_OF_VERBS.get(event.verb, incident.state)


def _seen(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "severity": told["severity"],
        "why": told["why"],
        "what_to_do": told["what_to_do"],
        "owner": told["owner"],
        "last_run_id": told["run_id"],
        "rows_failing": told["rows_failing"],
        "customers": int(told["customers"]),
        "hangs_on": tuple(told["hangs_on"]),
        "failing_keys": tuple(told["failing_keys"]),
    }
