"""Every suite under expectations/ as one blocking asset check: adding a gate adds a file."""

import dagster as dg

from orchestration.defs.resources import CurrentRun
from orchestration.gates.failing_keys import KEYS_SHOWN
from orchestration.gates.outcomes import ExpectationOutcome
from orchestration.gates.runner import GateResult, run_gate
from orchestration.gates.suites import Suite, load_suites
from orchestration.landing.contract import load_contracts
from orchestration.settings import Settings
from orchestration.steward.landed_decisions import LANDING_NAME

INCIDENTS_SHOWN = 20


def gate_metadata(result: GateResult) -> dict[str, dg.MetadataValue]:
    """Return the figures of a gate; failing rows appear as keys, never as values."""
    failing = [outcome for outcome in result.outcomes if not outcome.success]
    rows = [
        dg.TableRecord(
            {
                "expectation": outcome.type,
                "column": outcome.column or "",
                "severity": outcome.severity,
                "rows_seen": outcome.rows_seen or 0,
                "rows_failing": outcome.rows_failing or 0,
                "failing_keys": keys_in_words(outcome),
                "why": outcome.why,
            }
        )
        for outcome in failing
    ]
    metadata: dict[str, dg.MetadataValue] = {
        "expectations": dg.MetadataValue.int(len(result.outcomes)),
        "failing": dg.MetadataValue.int(len(failing)),
        "suite_version": dg.MetadataValue.text(result.suite_version),
    }
    if rows:
        metadata["failing_expectations"] = dg.MetadataValue.table(rows)
    if result.set_aside:
        metadata["set_aside_by"] = dg.MetadataValue.text(
            ", ".join(sorted({outcome.type for outcome in result.set_aside}))
        )
    if result.incidents:
        lines = [
            f"- `c360 incidents show {each.incident_id}`: {each.title} ({each.severity}, "
            f"{each.state}, about {each.customers:,} customers). {each.what_to_do}"
            for each in sorted(result.incidents, key=lambda incident: incident.urgency)
        ]
        if len(lines) > INCIDENTS_SHOWN:
            more = len(lines) - INCIDENTS_SHOWN
            lines = [*lines[:INCIDENTS_SHOWN], f"- and {more} more: `c360 incidents list`"]
        metadata["incidents"] = dg.MetadataValue.md("\n".join(lines))
    return metadata


def keys_in_words(outcome: ExpectationOutcome) -> str:
    """Return the first failing keys; `c360 incidents keys` has all of them."""
    shown = outcome.failing_keys[:KEYS_SHOWN]
    has_more = len(outcome.failing_keys) > len(shown) or (outcome.rows_failing or 0) > len(shown)
    return ", ".join(shown) + (", ..." if shown and has_more else "")


def gate_check(suite: Suite) -> dg.AssetChecksDefinition:
    """Return the check of one suite: critical failures stop the run, others warn."""

    @dg.asset_check(
        asset=dg.AssetKey([suite.layer, suite.table]),
        name="gate",
        blocking=True,
        description=suite.description,
    )
    def gate(current_run: dg.ResourceParam[CurrentRun]) -> dg.AssetCheckResult:
        result = run_gate(
            suite,
            warehouse=current_run.held_warehouse(),
            run_id=current_run.run_id,
            as_of=current_run.as_of,
            results_dir=current_run.results_dir,
            book=current_run.book,
        )
        failing = [outcome for outcome in result.outcomes if outcome.wants_somebody]
        page = current_run.settings.docs_link(suite.layer, suite.table)
        in_words = f"{len(result.outcomes) - len(failing)} of {len(result.outcomes)} hold"
        return dg.AssetCheckResult(
            passed=result.success and not failing and not result.set_aside,
            severity=dg.AssetCheckSeverity.WARN if result.success else dg.AssetCheckSeverity.ERROR,
            description=in_words if result.success else result.in_one_line,
            metadata={
                **gate_metadata(result),
                "data_docs": dg.MetadataValue.url(page),
                "data_docs_are_shown_by": dg.MetadataValue.text("c360 docs"),
            },
        )

    return gate


def company_suites(settings: Settings) -> tuple[Suite, ...]:
    """Return the suites of this company: landing suites of sources that it lacks are left out."""
    landed = {contract.landing_name for contract in load_contracts(settings.sources_dir)}
    landed.add(LANDING_NAME)
    suites = load_suites(settings.expectations_dirs)
    return tuple(suite for suite in suites if suite.layer != "landing" or suite.table in landed)


@dg.definitions
def gates() -> dg.Definitions:
    """Make one check per suite."""
    return dg.Definitions(asset_checks=[gate_check(suite) for suite in company_suites(Settings())])
