"""Write the report of a resolution as one HTML page that needs nothing from elsewhere."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.identity.report.charts import report_charts
from orchestration.identity.report.figures import ReportFigures

TEMPLATE = "report.html"
SECTIONS = (
    (
        "thresholds",
        "Estimated precision and recall",
        "What the model expects of the pairs at or above each threshold, from its own "
        "probabilities. Judgements of a sample can check it.",
    ),
    (
        "match_weights",
        "What each agreement is worth",
        "Bits for or against one person; each bit doubles or halves the odds. Rare values weigh "
        "more than shown, common ones less. Pale: no kept pair shows this level, so it is a guess.",
    ),
    (
        "weights",
        "Match weights of kept pairs",
        "All pairs that stand a chance, and all pairs inside a group, also those that speak "
        "against it.",
    ),
    (
        "rules",
        "What each blocking rule brings",
        "Rules were chosen by counting. A rule that brings nothing alone is covered by others.",
    ),
    (
        "unlinkable",
        "Records that cannot be linked",
        "Compared with an identical copy, how much evidence would a record have? Too few values, "
        "or too common ones, leave it alone whatever the threshold.",
    ),
    ("completeness", "What the records have", "After normalising, without placeholders."),
    ("cluster_sizes", "Sizes of clusters", "One cluster is one person."),
)


def write_report(
    figures: ReportFigures, heading: str, facts: list[tuple[str, str]], path: Path
) -> None:
    """Write the page; `facts` are the figures at its top, a label and a value each."""
    charts = report_charts(figures)
    page = (
        _environment()
        .get_template(TEMPLATE)
        .render(
            heading=heading,
            facts=facts,
            sections=[section for section in SECTIONS if section[0] in charts],
            match_weights=figures.match_weights,
            rules=figures.rules,
            unlinkable_share=figures.unlinkable_share,
            share_missed=figures.share_missed,
            charts=_for_script(charts),
            library=_library(),
        )
    )
    path.write_text(page, encoding="utf-8")


def _library() -> str:
    bundled: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # its stub asks too much
    return bundled


def _for_script(charts: dict[str, Any]) -> str:
    """Return JSON that cannot end the script element it stands in."""
    return json.dumps(charts, sort_keys=True).replace("<", "\\u003c")


@cache
def _environment() -> Environment:
    folder = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=folder, autoescape=True, undefined=StrictUndefined)
