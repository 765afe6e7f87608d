"""Name the cause behind failing expectations: one cause is one incident, however many rows fail.

What a single expectation stands for is in `expectation_causes`. Where several columns of one
table fail at once in their form, the columns have shifted, and that is told instead of each.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from orchestration.gates.expectation_causes import NOT_COMPUTED, RULE_BROKEN
from orchestration.gates.failing_keys import INCIDENTS_BY_KEY
from orchestration.gates.outcomes import ExpectationOutcome
from orchestration.gates.suites import Suite

SHIFTED = "columns shifted"
COLUMNS_THAT_SHIFT = 3
FORM_CAUSES = frozenset({"wrong format", "missing values", "unknown value", "out of range"})


@dataclass(frozen=True, slots=True)
class Cause:
    """What went wrong in one gate, with the expectations that show it, critical ones first."""

    label: str
    column: str
    name: str
    outcomes: tuple[ExpectationOutcome, ...]

    @property
    def incident_id(self) -> str:
        """Return the id of its incident: the same whenever the same cause comes back."""
        text = f"{self.label}|{self.column}|{self.name}"
        return "I" + hashlib.sha256(text.encode()).hexdigest()[:8]

    @property
    def severity(self) -> str:
        """Return the gravest severity among its expectations."""
        return self.outcomes[0].severity

    @property
    def why(self) -> str:
        """Return why the gravest of its expectations exists."""
        return self.outcomes[0].why

    @property
    def rows_failing(self) -> int | None:
        """Return how many rows fail, as far as an expectation is about rows."""
        counted = [each.rows_failing for each in self.outcomes if each.rows_failing is not None]
        return max(counted, default=None)

    @property
    def failing_keys(self) -> tuple[str, ...]:
        """Return the keys that are told of it, without repetition."""
        told = (key for outcome in self.outcomes for key in self.keys_of(outcome))
        return tuple(dict.fromkeys(told))

    @property
    def is_about_more(self) -> bool:
        """Whether more may be wrong than its gate could name."""
        return any(
            outcome.reason or (outcome.is_told_by_key and self.column not in outcome.failing_keys)
            for outcome in self.outcomes
        )

    def keys_of(self, outcome: ExpectationOutcome) -> tuple[str, ...]:
        """Return which of an outcome's keys belong to it, and to no other incident."""
        if not outcome.is_told_by_key:
            return outcome.failing_keys
        if self.column in outcome.failing_keys:
            return (self.column,)
        return outcome.failing_keys[INCIDENTS_BY_KEY:]


def causes_of(suite: Suite, outcomes: Iterable[ExpectationOutcome]) -> list[Cause]:
    """Return the causes of what fails in a gate, critical first, in the order of the suite."""
    failing = [outcome for outcome in outcomes if outcome.wants_somebody]
    broken = {
        each.column
        for each in failing
        if each.severity == "critical" and each.cause in FORM_CAUSES and each.column
    }
    have_shifted = len(broken) >= COLUMNS_THAT_SHIFT
    grouped: dict[tuple[str, str], list[ExpectationOutcome]] = {}
    for outcome in failing:
        is_form = outcome.cause in FORM_CAUSES and outcome.column
        if have_shifted and is_form:
            key = ("", SHIFTED)
        elif outcome.cause in (RULE_BROKEN, NOT_COMPUTED):
            # A rule in plain SQL, and a broken one, are told apart by what they are there for.
            key = (outcome.column or "", f"{outcome.cause}: {outcome.why.rstrip('.')}")
        else:
            key = (outcome.column or "", outcome.cause)
        for column in _told_apart_by(outcome, key[0]):
            grouped.setdefault((column, key[1]), []).append(outcome)
    causes = [
        Cause(suite.label, column, name, tuple(sorted(found, key=_gravity)))
        for (column, name), found in grouped.items()
    ]
    return sorted(causes, key=lambda cause: cause.severity != "critical")


def waived_positions(causes: Iterable[Cause], waived: Collection[str]) -> set[int]:
    """Return the places of the expectations that a gate may pass in spite of.

    Args:
        causes: what fails in the gate.
        waived: the incidents that a steward has waived; an expectation with several of them waits
            for all.
    """
    told = {(cause.incident_id, each.position) for cause in causes for each in cause.outcomes}
    standing = {position for incident_id, position in told if incident_id not in waived}
    return {position for _, position in told} - standing


def _told_apart_by(outcome: ExpectationOutcome, column: str) -> tuple[str, ...]:
    """Return what tells the incidents of an outcome apart: its column, or its failing keys.

    Two sources that are late are two causes. The column stands for keys that nobody could name, and
    for those beyond the first hundred: what fails has a cause in any case.
    """
    if not outcome.is_told_by_key:
        return (column,)
    named = outcome.failing_keys[:INCIDENTS_BY_KEY]
    is_whole = bool(named) and len(named) == len(outcome.failing_keys)
    return named if is_whole else (*named, column)


def _gravity(outcome: ExpectationOutcome) -> bool:
    return outcome.severity != "critical"
