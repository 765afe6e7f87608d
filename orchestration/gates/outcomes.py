"""Turn GX's results into outcomes that anybody may see: counts, keys, reasons; no values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.gates.expectation_causes import cause_of
from orchestration.gates.failing_keys import INCIDENTS_BY_KEY, KEYS_SHOWN, failing_keys
from orchestration.gates.failure_reasons import reason_of_exception_info
from orchestration.gates.relations import Batch
from orchestration.gates.suites import Suite

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

COUNTS = (
    "element_count",
    "unexpected_count",
    "unexpected_percent",
    "unexpected_percent_total",
    "unexpected_percent_nonmissing",
    "missing_count",
    "missing_percent",
)
# What these observe is a count, a share or a name of a column, and so never says anything about one
# person.
OBSERVED_IS_A_COUNT = frozenset(
    {
        "expect_table_row_count_to_be_between",
        "expect_table_row_count_to_equal",
        "expect_table_row_count_to_equal_other_table",
        "expect_table_column_count_to_be_between",
        "expect_table_column_count_to_equal",
        "expect_table_columns_to_match_set",
        "expect_table_columns_to_match_ordered_list",
        "expect_column_proportion_of_unique_values_to_be_between",
        "expect_column_proportion_of_non_null_values_to_be_between",
        "expect_column_unique_value_count_to_be_between",
        "expect_column_values_to_be_of_type",
        "expect_column_values_to_be_in_type_list",
        "unexpected_rows_expectation",
    }
)


@dataclass(frozen=True, slots=True)
class ExpectationOutcome:
    """What became of one expectation.

    `rows_failing` is None where the expectation isn't about rows; `seconds` is an equal share of
    the suite's time, as GX computes its expectations together; `reason` says why one could not be
    computed.
    """

    type: str
    column: str | None
    severity: str
    success: bool
    rows_seen: int
    rows_failing: int | None
    failing_keys: tuple[str, ...]
    why: str
    seconds: float
    reason: str = ""
    cause: str = ""
    is_told_by_key: bool = False
    position: int = 0

    @property
    def wants_somebody(self) -> bool:
        """Whether somebody should look: a figure that is only kept wants nobody if it is known."""
        return not self.success and (self.severity != "info" or bool(self.reason))


@dataclass(frozen=True, slots=True)
class Judged:
    """GX's result of one expectation, and the columns that name the rows failing it."""

    configuration: "ExpectationConfiguration"
    result: "ExpectationValidationResult"
    failing_rows: Sequence[Mapping[str, Any]] = ()

    @property
    def type(self) -> str:
        """Return the type of the expectation."""
        return self.configuration.type

    @property
    def severity(self) -> str:
        """Return how grave it is if the expectation fails."""
        return str(getattr(self.configuration.severity, "value", self.configuration.severity))

    @property
    def why(self) -> str:
        """Return why the expectation exists."""
        return str(self.configuration.meta["why"])

    @property
    def column(self) -> str | None:
        """Return the column that the expectation is about."""
        return column_named_by(self.configuration.kwargs)

    @property
    def is_told_by_key(self) -> bool:
        """Say whether every failing key is an incident of its own."""
        return is_told_by_key(self.configuration)

    @property
    def is_about_rows(self) -> bool:
        """Say whether it asks something of every single row, and of no share of them."""
        kwargs = self.configuration.kwargs
        is_whole = float(kwargs.get("mostly") or 1.0) == 1.0
        return is_whole and "element_count" in (self.result.result or {})


def outcome_of(
    judged: Judged, suite: Suite, batch: Batch | None, seconds: float, position: int = 0
) -> ExpectationOutcome:
    """Return the outcome of one result, and leave in the result what may be shown."""
    configuration, result = judged.configuration, judged.result
    reported = dict(result.result or {})
    reason = reason_of_exception_info(result.exception_info or {})
    told = INCIDENTS_BY_KEY + 1 if judged.is_told_by_key else KEYS_SHOWN
    keys = failing_keys(judged.failing_rows[:told], suite)
    redact(judged, reported, keys[:KEYS_SHOWN], reason)
    return ExpectationOutcome(
        type=judged.type,
        column=judged.column,
        severity=judged.severity,
        success=bool(result.success),
        rows_seen=int(reported.get("element_count") or (batch.rows if batch else 0)),
        rows_failing=rows_failing(configuration.type, reported),
        failing_keys=keys,
        why=judged.why,
        seconds=seconds,
        reason=reason,
        cause=cause_of(configuration.type, configuration.meta.get("cause"), reason),
        is_told_by_key=judged.is_told_by_key,
        position=position,
    )


def redact(judged: Judged, reported: Mapping[str, Any], keys: tuple[str, ...], reason: str) -> None:
    """Keep in a result its counts, failing keys and reason; drop all that may quote a row."""
    kept = {name: reported[name] for name in COUNTS if name in reported}
    if judged.configuration.type in OBSERVED_IS_A_COUNT and "observed_value" in reported:
        kept["observed_value"] = reported["observed_value"]
    result = judged.result
    result.result = kept
    result.meta = {"failing_keys": list(keys), "reason": reason}
    result.exception_info = {
        "raised_exception": bool(reason),
        "exception_message": reason or None,
        "exception_traceback": None,
    }


def rows_failing(type_: str, reported: Mapping[str, Any]) -> int | None:
    """Return how many rows fail, where the expectation is about rows."""
    if type_ == "unexpected_rows_expectation":
        observed = reported.get("observed_value")
        return None if observed is None else int(observed)
    # Expectations about the distinct values of a column report a count too, but not of rows.
    count = reported.get("unexpected_count") if "element_count" in reported else None
    return None if count is None else int(count)


def is_told_by_key(configuration: "ExpectationConfiguration") -> bool:
    """Say whether every failing key of an expectation is an incident of its own."""
    return bool(configuration.meta.get("incident_per_key"))


def column_named_by(kwargs: Mapping[str, Any]) -> str | None:
    """Return the column an expectation is about; several are joined."""
    if "column" in kwargs:
        return str(kwargs["column"])
    pair = [str(kwargs[name]) for name in ("column_A", "column_B") if name in kwargs]
    several = pair or [str(name) for name in kwargs.get("column_list", ())]
    return ", ".join(several) or None
