"""The report shows what was found, in figures that add up and in a page that draws itself."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from orchestration.identity.clustering import cluster_records
from orchestration.identity.edge_table import cluster_edges
from orchestration.identity.engine import Resolution
from orchestration.identity.report.figures import ReportFigures, report_figures
from orchestration.identity.report.page import SECTIONS, write_report
from orchestration.identity.settings import engine_settings
from tests.identity.people import crowd, resolved


@pytest.fixture(scope="module")
def found() -> Resolution:
    """A crowd of people, each in two sources."""
    return resolved(crowd(300))


@pytest.fixture(scope="module")
def figures(found: Resolution) -> ReportFigures:
    """What the report says of the crowd."""
    settings = engine_settings().clustering
    edges = cluster_edges(found.edges, found.comparer.fields)
    return report_figures(found, cluster_records(found.records.size, edges, settings), settings)


def test_weights_are_the_logarithm_of_both_shares(figures: ReportFigures) -> None:
    for row in figures.match_weights:
        if row["among_matches"] > 1e-4 and row["by_chance"] > 1e-4:
            bits = np.log2(row["among_matches"] / row["by_chance"])
            assert row["bits"] == pytest.approx(bits, abs=0.05)


def test_every_kept_pair_is_in_the_histogram(found: Resolution, figures: ReportFigures) -> None:
    assert sum(row["pairs"] for row in figures.weights) == len(found.edges.left)


def test_a_rule_never_brings_more_alone_than_altogether(figures: ReportFigures) -> None:
    assert figures.rules
    assert all(0 <= row["matches_alone"] <= row["matches"] for row in figures.rules)
    assert max(row["matches"] for row in figures.rules) > 100


def test_a_higher_threshold_asks_for_more_and_finds_less(figures: ReportFigures) -> None:
    by = {
        measure: [row["value"] for row in figures.thresholds if row["measure"] == measure]
        for measure in ("precision", "recall")
    }
    assert by["precision"] == sorted(by["precision"])
    assert by["recall"] == sorted(by["recall"], reverse=True)
    assert by["recall"][0] > 0.9


def test_cluster_sizes_count_every_record_once(found: Resolution, figures: ReportFigures) -> None:
    counted = sum(row["records"] * row["clusters"] for row in figures.cluster_sizes)
    assert counted == found.records.size


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_draws_every_chart_without_the_network(
    figures: ReportFigures, browser: Browser, tmp_path: Path, scheme: str
) -> None:
    page_file = tmp_path / "report.html"
    write_report(figures, "<b>600</b> records", [("pairs", "1,000")], page_file)
    context = browser.new_context(color_scheme=scheme, offline=True)
    page, problems, asked = context.new_page(), [], []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    for name, *_ in SECTIONS:
        page.wait_for_selector(f"#{name} svg", timeout=20_000)
    assert page.inner_text("h1") == "<b>600</b> records"
    context.close()
    assert problems == []
    assert asked == [page_file.as_uri()]
