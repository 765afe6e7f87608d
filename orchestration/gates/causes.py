"""Name the cause behind failing expectations: one cause is one incident, however many rows fail.

What a single expectation stands for is in `expectation_causes`. Where several columns of one
table fail at once in their form, the columns have shifted, and that is told instead of each.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from orchestration.gates.expectation_causes import NOT_COMPUTED, RULE_BROKEN
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
        # Two sources that are late are two causes.
        columns = outcome.failing_keys if outcome.is_told_by_key else (key[0],)
        for column in columns:
            grouped.setdefault((column, key[1]), []).append(outcome)
    causes = [
        Cause(suite.label, column, name, tuple(sorted(found, key=_gravity)))
        for (column, name), found in grouped.items()
    ]
    return sorted(causes, key=lambda cause: cause.severity != "critical")


def _gravity(outcome: ExpectationOutcome) -> bool:
    return outcome.severity != "critical"
