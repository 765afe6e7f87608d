"""Build the Data Docs: a static site of the latest result of every suite, for people.

The blocks of a page are rendered by Great Expectations; the frame around them is ours, because GX's
own fetches its styles and scripts from ten other places of the net, and shows nothing without them.
What is shown comes from results that hold no value of a row (see `outcomes`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from orchestration.gates.outcomes import column_named_by, rows_failing
from orchestration.gates.results import result_path
from orchestration.gates.suites import Suite
from orchestration.warehouse import LAYERS

FAILURES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one expectation, as a line of a table; `success` is None before it ran."""

    success: bool | None
    severity: str
    label: str
    page: str
    type: str
    column: str
    rows: str
    keys: str
    why: str
    reason: str


@dataclass(frozen=True, slots=True)
class SuiteState:
    """The latest state of one suite, as a line of the index."""

    layer: str
    table: str
    page: str
    description: str
    owner: str
    expectations: int
    critical: int
    warnings: int
    as_of: str
    state: str
    style: str


def build_data_docs(results_dir: Path, docs_dir: Path, suites: Sequence[Suite]) -> Path:
    """Write the site of the suites' latest results; return its index, drop pages of no suite.

    Args:
        results_dir: folder into which the gates wrote their results.
        docs_dir: folder of the site.
        suites: what the site shows; a suite that has no result yet is shown with its expectations.
    """
    results = [(suite, read_result(results_dir, suite)) for suite in suites]
    for suite, content in results:
        write_page(docs_dir, suite, content)
    prune(docs_dir, {docs_dir / page_of(suite) for suite in suites}, "*.html")
    prune(results_dir, {result_path(results_dir, suite) for suite in suites}, "*.json")
    return write_index(docs_dir, results)


def write_page(docs_dir: Path, suite: Suite, content: Mapping[str, Any] | None) -> None:
    """Write the page of one suite."""
    # Local: GX takes seconds to import, and whoever names this module should not wait for it.
    from orchestration.gates.data_docs_pages import render_page

    text = render_page(
        suite,
        content,
        state=state_of(suite, content),
        findings=list(findings_of(suite, content)),
        run_id=content["meta"]["run_id"]["run_name"] if content else "",
    )
    page = docs_dir / page_of(suite)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")


def write_index(docs_dir: Path, results: Sequence[tuple[Suite, Mapping[str, Any] | None]]) -> Path:
    """Write the index: what failed, critical first, and the state of every suite by layer."""
    from orchestration.gates.data_docs_pages import render_index  # local, as in write_page

    findings = (finding for suite, content in results for finding in findings_of(suite, content))
    failures = sorted(
        (finding for finding in findings if finding.success is False),
        key=lambda finding: (finding.severity != "critical", finding.label),
    )
    states = sorted(
        (state_of(suite, content) for suite, content in results),
        key=lambda state: (LAYERS.index(state.layer), state.table),
    )
    text = render_index(
        layers=[(layer, list(rows)) for layer, rows in groupby(states, lambda row: row.layer)],
        failures=failures[:FAILURES_SHOWN],
        failures_left_out=max(0, len(failures) - FAILURES_SHOWN),
    )
    docs_dir.mkdir(parents=True, exist_ok=True)
    index = docs_dir / "index.html"
    index.write_text(text, encoding="utf-8")
    return index


def page_of(suite: Suite) -> Path:
    """Return the place of a suite's page within the site."""
    return Path(suite.layer) / f"{suite.table}.html"


def read_result(results_dir: Path, suite: Suite) -> dict[str, Any] | None:
    """Return the latest validation result of a suite; None if it has not run yet."""
    path = result_path(results_dir, suite)
    if not path.is_file():
        return None
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def prune(folder: Path, kept: set[Path], pattern: str) -> None:
    """Delete the pages, or the results, of suites that are no more."""
    for layer in LAYERS:
        for path in sorted((folder / layer).glob(pattern)):
            if path not in kept:
                path.unlink()


def findings_of(suite: Suite, content: Mapping[str, Any] | None) -> Iterator[Finding]:
    """Yield what became of every expectation, in the order of the suite."""
    results: list[Mapping[str, Any]] = (
        [{"expectation_config": expectation} for expectation in suite.expectations]
        if content is None
        else content["results"]
    )
    for result in results:
        configuration, counts = result["expectation_config"], result.get("result") or {}
        added = result.get("meta") or {}
        yield Finding(
            success=result.get("success"),
            severity=configuration["severity"],
            label=suite.label,
            page=page_of(suite).as_posix(),
            type=configuration["type"],
            column=column_named_by(configuration["kwargs"]) or "",
            rows=rows_in_words(configuration["type"], counts),
            keys=", ".join(added.get("failing_keys", ())),
            why=configuration["meta"]["why"],
            reason=added.get("reason", ""),
        )


def rows_in_words(type_: str, counts: Mapping[str, Any]) -> str:
    """Return how many rows fail, in words; nothing where none do or it isn't about rows."""
    failing = rows_failing(type_, counts)
    if not failing:
        return ""
    seen = counts.get("element_count")
    return f"{failing:,} of {seen:,}" if seen else f"{failing:,}"


def state_of(suite: Suite, content: Mapping[str, Any] | None) -> SuiteState:
    """Return the line of a suite in the index."""
    failures = [finding for finding in findings_of(suite, content) if finding.success is False]
    critical = sum(failure.severity == "critical" for failure in failures)
    if content is None:
        state, style = "not run yet", "none"
    elif critical:
        state, style = "closed", "bad"
    elif failures:
        state, style = "open, with warnings", "warn"
    else:
        state, style = "open", "good"
    return SuiteState(
        layer=suite.layer,
        table=suite.table,
        page=page_of(suite).as_posix(),
        description=suite.description,
        owner=suite.owner,
        expectations=len(suite.expectations),
        critical=critical,
        warnings=len(failures) - critical,
        as_of=str(content["meta"]["validation_time"])[:16].replace("T", " ") if content else "",
        state=state,
        style=style,
    )
