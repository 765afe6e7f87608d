"""What the gates found on a day, and whether that names what happened to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from orchestration.bench.compiled_models import FailedTest
from orchestration.bench.faults import Fault
from orchestration.gates.runner import GateResult

PLAIN_CHECKS = frozenset(
    {
        "expect_column_values_to_not_be_null",
        "expect_column_values_to_be_unique",
        "expect_compound_columns_to_be_unique",
        "expect_column_values_to_be_in_set",
    }
)
Places = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DayFound:
    """What the gates found on a day: (table or key, cause), and what plain checks would have."""

    stops: Places = frozenset()
    incidents: Places = frozenset()
    plain: Places = frozenset()

    def names(self, fault: Fault) -> bool:
        """Say whether a cause was found that is right for a fault, at the table it happened to."""
        return any(
            any(table in place for table in (fault.table, *fault.seen_at))
            and any(cause.startswith(name) for name in fault.causes)
            for place, cause in self.stops | self.incidents
        )

    def beyond(self, clean: "DayFound") -> "DayFound":
        """Return what a clean day has not."""
        known = clean.stops | clean.incidents
        return DayFound(self.stops - known, self.incidents - known, self.plain - clean.plain)

    def and_also(self, other: "DayFound") -> "DayFound":
        """Return what both found."""
        return DayFound(
            self.stops | other.stops, self.incidents | other.incidents, self.plain | other.plain
        )


def of_tests(failed: Iterable[FailedTest]) -> DayFound:
    """Return what tests of dbt have found."""
    stops = {(each.place, f"dbt: {each.name}") for each in failed if each.stops}
    warns = {(each.place, f"dbt: {each.name}") for each in failed if not each.stops}
    plain = {(each.place, each.name) for each in failed if each.is_plain}
    return DayFound(frozenset(stops), frozenset(warns), frozenset(plain))


def of_gates(results: Iterable[GateResult]) -> DayFound:
    """Return what gates have found."""
    stops: set[tuple[str, str]] = set()
    incidents: set[tuple[str, str]] = set()
    plain: set[tuple[str, str]] = set()
    for result in results:
        for cause in result.causes:
            place = f"{result.layer}.{result.table} {cause.column}"
            (stops if cause.severity == "critical" else incidents).add((place, cause.name))
        for outcome in (*result.outcomes, *result.set_aside):
            if not outcome.success and outcome.type in PLAIN_CHECKS:
                plain.add((f"{result.layer}.{result.table}", outcome.type))
    return DayFound(frozenset(stops), frozenset(incidents), frozenset(plain))
