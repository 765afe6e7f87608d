"""Draw the figures of a report as Vega-Lite charts; colours and fonts are the page's."""

from collections.abc import Callable
from functools import partial
from typing import Any

import altair
import pandas as pd

from orchestration.identity.report.figures import ReportFigures, Rows

WIDTH = 620
_FOR, _AGAINST, _MARK = "#2a9d7f", "#d0683c", "#8a8f96"
_MEASURES = {"precision": "#4f7cd1", "recall": "#d0683c", "F1": "#2a9d7f"}
Chart = dict[str, Any]


def report_charts(figures: ReportFigures) -> dict[str, Chart]:
    """Return the charts by the part of the page they belong to; a part without rows has none."""
    drawn: dict[str, tuple[Rows, Callable[[Rows], Any]]] = {
        "match_weights": (figures.match_weights, _match_weights),
        "weights": (figures.weights, _weights),
        "rules": (figures.rules, _rules),
        "thresholds": (figures.thresholds, partial(_thresholds, used=figures.threshold)),
        "unlinkable": (figures.unlinkable, _unlinkable),
        "completeness": (figures.completeness, _completeness),
        "cluster_sizes": (figures.cluster_sizes, _cluster_sizes),
    }
    return {name: draw(rows).to_dict() for name, (rows, draw) in drawn.items() if rows}


def _match_weights(rows: Rows) -> altair.FacetChart:
    fields = list(dict.fromkeys(row["field"] for row in rows))
    bars = (
        altair.Chart(pd.DataFrame(rows))
        .mark_bar()
        .encode(
            x=altair.X("bits:Q", title="bits for (right) or against (left) one person"),
            y=altair.Y(
                "level:N",
                sort=altair.EncodingSortField(field="order", order="descending"),
                title=None,
            ),
            color=altair.condition("datum.bits >= 0", altair.value(_FOR), altair.value(_AGAINST)),
            opacity=altair.condition("datum.pairs > 0", altair.value(1.0), altair.value(0.25)),
            tooltip=[
                "field",
                "level",
                altair.Tooltip("bits", format="+.1f"),
                altair.Tooltip("among_matches", format=".2%", title="among matches"),
                altair.Tooltip("by_chance", format=".4%", title="by chance"),
                altair.Tooltip("pairs", format=",", title="kept pairs"),
            ],
        )
        .properties(width=WIDTH - 190, height={"step": 13})
    )
    header = altair.Header(labelAngle=0, labelAlign="left", labelFontWeight="bold", title=None)
    row = altair.Row("field:N", sort=fields, header=header)
    chart: altair.FacetChart = bars.facet(row=row).resolve_scale(y="independent")
    return chart


def _weights(rows: Rows) -> altair.Chart:
    chart: altair.Chart = (
        altair.Chart(pd.DataFrame(rows))
        .mark_bar(color=_FOR)
        .encode(
            x=altair.X("bits:Q", bin="binned", title="match weight (bits)"),
            x2="until:Q",
            y=altair.Y("pairs:Q", scale=altair.Scale(type="symlog"), title="pairs (log scale)"),
            tooltip=["bits", altair.Tooltip("pairs", format=",")],
        )
        .properties(width=WIDTH, height=200)
    )
    return chart


def _rules(rows: Rows) -> altair.Chart:
    frame = pd.DataFrame(rows)
    frame["shared"] = (frame["matches"] - frame["matches_alone"]).round(1)
    named = {"matches_alone": "by this rule alone", "shared": "by others too"}
    long = frame.rename(columns=named).melt(
        id_vars=["rule", "pairs", "matches"], value_vars=list(named.values())
    )
    chart: altair.Chart = (
        altair.Chart(long)
        .mark_bar()
        .encode(
            x=altair.X("value:Q", title="matches (expected) among the pairs a rule brings"),
            y=altair.Y("rule:N", sort="-x", title=None, axis=altair.Axis(labelLimit=330)),
            color=altair.Color(
                "variable:N",
                title=None,
                scale=altair.Scale(domain=list(named.values()), range=[_AGAINST, _FOR]),
                legend=altair.Legend(orient="top"),
            ),
            tooltip=[
                "rule",
                altair.Tooltip("pairs", format=",", title="candidate pairs"),
                altair.Tooltip("matches", format=",", title="matches"),
                altair.Tooltip("value", format=",", title="of these"),
                altair.Tooltip("variable", title="brought"),
            ],
        )
        .properties(width=WIDTH - 200, height={"step": 15})
    )
    return chart


def _thresholds(rows: Rows, used: float) -> altair.LayerChart:
    scale = altair.Scale(domain=list(_MEASURES), range=list(_MEASURES.values()))
    lines: altair.Chart = (
        altair.Chart(pd.DataFrame(rows))
        .mark_line(point=True)
        .encode(
            x=altair.X(
                "threshold:Q",
                title="threshold on the probability of a pair",
                scale=altair.Scale(domain=[0, 1]),
                axis=altair.Axis(tickCount=10),
            ),
            y=altair.Y("value:Q", scale=altair.Scale(zero=False), title=None),
            color=altair.Color(
                "measure:N", scale=scale, title=None, legend=altair.Legend(orient="top")
            ),
            tooltip=[
                "measure",
                "threshold",
                altair.Tooltip("value", format=".4f"),
                altair.Tooltip("pairs", format=","),
            ],
        )
        .properties(width=WIDTH, height=220)
    )
    mark = altair.Chart(pd.DataFrame({"threshold": [used], "label": [f"used: {used:g}"]}))
    line = mark.mark_rule(strokeDash=[4, 4], color=_MARK).encode(x="threshold:Q")
    label = mark.mark_text(align="left", dx=5, dy=-4, color=_MARK).encode(
        x="threshold:Q", y=altair.value(0), text="label"
    )
    chart: altair.LayerChart = lines + line + label
    return chart


def _unlinkable(rows: Rows) -> altair.Chart:
    chart: altair.Chart = (
        altair.Chart(pd.DataFrame(rows))
        .mark_area(color=_AGAINST, opacity=0.6, line={"color": _AGAINST})
        .encode(
            x=altair.X("bits:Q", title="match weight asked for (bits)"),
            y=altair.Y(
                "share:Q", axis=altair.Axis(format="%"), title="records that cannot reach it"
            ),
            tooltip=["bits", altair.Tooltip("share", format=".1%")],
        )
        .properties(width=WIDTH, height=180)
    )
    return chart


def _completeness(rows: Rows) -> altair.Chart:
    chart: altair.Chart = (
        altair.Chart(pd.DataFrame(rows))
        .mark_bar(color=_FOR)
        .encode(
            x=altair.X(
                "share:Q",
                axis=altair.Axis(format="%"),
                scale=altair.Scale(domain=[0, 1]),
                title="records that have it",
            ),
            y=altair.Y("column:N", sort="-x", title=None),
            tooltip=["column", altair.Tooltip("share", format=".1%")],
        )
        .properties(width=WIDTH - 110, height={"step": 15})
    )
    return chart


def _cluster_sizes(rows: Rows) -> altair.Chart:
    chart: altair.Chart = (
        altair.Chart(pd.DataFrame(rows))
        .mark_bar(color=_FOR)
        .encode(
            x=altair.X("records:O", title="records in a cluster", axis=altair.Axis(labelAngle=0)),
            y=altair.Y(
                "clusters:Q", scale=altair.Scale(type="symlog"), title="clusters (log scale)"
            ),
            tooltip=["records", altair.Tooltip("clusters", format=",")],
        )
        .properties(width=WIDTH, height=200)
    )
    return chart
