"""The few kinds of chart the pages use, all alike: quiet axes, one message each."""

import altair as alt
import pandas as pd

HEIGHT = 260
BLUE = "#2a78d6"
MONEY = "$,.3~s"
NUMBER = ",.3~s"


def line_over_time(
    frame: pd.DataFrame, moment: str, value: str, *, title: str, form: str = NUMBER
) -> alt.LayerChart:
    """Return an area with its line: one value over months."""
    base = alt.Chart(frame).encode(
        x=_months(moment),
        y=_values(value, form),
        tooltip=[
            alt.Tooltip(f"{moment}:T", title="month", format="%b %Y"),
            alt.Tooltip(f"{value}:Q", title=title, format=form),
        ],
    )
    area = base.mark_area(opacity=0.16, interpolate="monotone", color=BLUE)
    line = base.mark_line(interpolate="monotone", strokeWidth=2.5, color=BLUE, point={"size": 22})
    chart: alt.LayerChart = (area + line).properties(height=HEIGHT)
    return chart


def lines_over_time(
    frame: pd.DataFrame, moment: str, value: str, kind: str, *, form: str = NUMBER
) -> alt.Chart:
    """Return one line per kind over months."""
    chart: alt.Chart = (
        alt.Chart(frame)
        .mark_line(interpolate="monotone", strokeWidth=2.5, point={"size": 22})
        .encode(
            x=_months(moment),
            y=_values(value, form),
            color=alt.Color(f"{kind}:N", title=None, legend=_legend()),
            tooltip=[
                alt.Tooltip(f"{moment}:T", title="month", format="%b %Y"),
                alt.Tooltip(f"{kind}:N", title="who"),
                alt.Tooltip(f"{value}:Q", format=form),
            ],
        )
        .properties(height=HEIGHT)
    )
    return chart


def bars_over_time(
    frame: pd.DataFrame, moment: str, value: str, *, form: str = NUMBER
) -> alt.Chart:
    """Return one bar per month."""
    chart: alt.Chart = (
        alt.Chart(frame)
        .mark_bar(cornerRadiusTopLeft=3, cornerRadiusTopRight=3, color=BLUE)
        .encode(
            x=_steps(moment, "yearmonth", "%b %Y"),
            y=_values(value, form),
            tooltip=[
                alt.Tooltip(f"{moment}:T", title="month", format="%b %Y"),
                alt.Tooltip(f"{value}:Q", format=form),
            ],
        )
        .properties(height=200)
    )
    return chart


def stacked_over_time(
    frame: pd.DataFrame,
    moment: str,
    value: str,
    kind: str,
    *,
    form: str = NUMBER,
    by_week: bool = False,
) -> alt.Chart:
    """Return bars over months or weeks, each in parts."""
    unit, step = ("yearweek", "%d %b") if by_week else ("yearmonth", "%b %Y")
    chart: alt.Chart = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=_steps(moment, unit, step),
            y=_values(value, form),
            color=alt.Color(f"{kind}:N", title=None, legend=_legend()),
            order=alt.Order(f"{kind}:N"),
            tooltip=[
                alt.Tooltip(f"{moment}:T", title="from", format="%d %b %Y"),
                alt.Tooltip(f"{kind}:N", title="of which"),
                alt.Tooltip(f"{value}:Q", format=form),
            ],
        )
        .properties(height=HEIGHT)
    )
    return chart


def bars(
    frame: pd.DataFrame, name: str, value: str, *, title: str, form: str = NUMBER
) -> alt.LayerChart:
    """Return lying bars with their values written beside them, in the order of the frame."""
    order = frame[name].tolist()
    base = alt.Chart(frame).encode(
        y=alt.Y(
            f"{name}:N",
            sort=order,
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=170, labelPadding=6),
        ),
        x=alt.X(f"{value}:Q", axis=None, scale=alt.Scale(domainMin=0, padding=34, nice=False)),
        tooltip=[alt.Tooltip(f"{name}:N"), alt.Tooltip(f"{value}:Q", title=title, format=form)],
    )
    shape = base.mark_bar(cornerRadius=3, height={"band": 0.66}, color=BLUE)
    text = base.mark_text(align="left", dx=5, color="#7b8794").encode(
        text=alt.Text(f"{value}:Q", format=form)
    )
    chart: alt.LayerChart = (shape + text).properties(height=max(90, 31 * len(frame)))
    return chart


def heat(
    frame: pd.DataFrame, across: str, down: str, value: str, *, form: str, titles: tuple[str, str]
) -> alt.LayerChart:
    """Return a grid of shaded cells with their values in them."""
    base = alt.Chart(frame).encode(
        x=alt.X(
            f"{across}:O", title=titles[0], axis=alt.Axis(labelAngle=0, ticks=False, domain=False)
        ),
        y=alt.Y(
            f"{down}:O",
            title=titles[1],
            sort=frame[down].drop_duplicates().tolist(),
            axis=alt.Axis(ticks=False, domain=False),
            scale=alt.Scale(padding=0.08),
        ),
        tooltip=[f"{down}:O", f"{across}:O", alt.Tooltip(f"{value}:Q", format=form)],
    )
    lowest, highest = float(frame[value].min()), float(frame[value].max())
    cells = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color(
            f"{value}:Q",
            legend=None,
            scale=alt.Scale(domain=[lowest, highest], range=["#dcebfc", "#1f5fae"]),
        )
    )
    text = base.mark_text(fontSize=11).encode(
        text=alt.Text(f"{value}:Q", format=form),
        color=alt.condition(
            alt.datum[value] > lowest + (highest - lowest) * 0.62,
            alt.value("#ffffff"),
            alt.value("#13283f"),
        ),
    )
    rows = frame[down].nunique()
    chart: alt.LayerChart = (cells + text).properties(height=max(150, 30 * rows + 50))
    return chart


def dots(frame: pd.DataFrame) -> alt.LayerChart:
    """Return campaigns by what they cost and brought, with the line where both are equal."""
    most = float(frame[["cost_usd", "attributed_revenue_usd"]].max().max() or 1)
    even = (
        alt.Chart(pd.DataFrame({"cost_usd": [0.0, most], "attributed_revenue_usd": [0.0, most]}))
        .mark_line(strokeDash=[5, 5], color="#8a97a6", clip=True)
        .encode(x="cost_usd:Q", y="attributed_revenue_usd:Q")
    )
    points = (
        alt.Chart(frame)
        .mark_circle(size=110, opacity=0.85)
        .encode(
            x=alt.X("cost_usd:Q", title="spent", axis=alt.Axis(format=MONEY, tickCount=5)),
            y=alt.Y(
                "attributed_revenue_usd:Q",
                title="brought",
                axis=alt.Axis(format=MONEY, tickCount=5),
            ),
            color=alt.Color("channel:N", title=None, legend=_legend()),
            tooltip=[
                alt.Tooltip("campaign_name:N", title="campaign"),
                alt.Tooltip("channel:N"),
                alt.Tooltip("cost_usd:Q", title="spent", format="$,.0f"),
                alt.Tooltip("attributed_revenue_usd:Q", title="brought", format="$,.0f"),
                alt.Tooltip("return_on_spend:Q", title="return on spend", format=".2f"),
            ],
        )
    )
    chart: alt.LayerChart = (even + points).properties(height=320)
    return chart


def parts_of_change(frame: pd.DataFrame, parts: list[str]) -> alt.LayerChart:
    """Return lying bars to both sides of nothing, each in parts, with a mark at their sum."""
    order = frame["member"].tolist()
    long = frame.melt(id_vars=["member", "change_usd"], value_vars=parts, var_name="part")
    names = alt.Y(
        "member:N",
        sort=order,
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=210, labelPadding=6),
    )
    values = alt.Axis(format=MONEY, tickCount=5, domain=False, ticks=False)
    bars_of_parts = (
        alt.Chart(long)
        .mark_bar(height={"band": 0.66})
        .encode(
            y=names,
            x=alt.X("value:Q", title=None, axis=values),
            color=alt.Color("part:N", title=None, legend=_legend()),
            tooltip=["member:N", "part:N", alt.Tooltip("value:Q", format="$,.0f")],
        )
    )
    sums = (
        alt.Chart(frame)
        .mark_tick(thickness=3, color="#13283f")
        .encode(
            y=names,
            x="change_usd:Q",
            tooltip=["member:N", alt.Tooltip("change_usd:Q", title="change", format="$,.0f")],
        )
    )
    chart: alt.LayerChart = (bars_of_parts + sums).properties(height=alt.Step(31))
    return chart


def expected_weeks(frame: pd.DataFrame) -> alt.LayerChart:
    """Return what came by week as a line, and what is expected as a dashed one with its band."""
    base = alt.Chart(frame).encode(x=_months("week_date"))
    week = alt.Tooltip("week_date:T", title="week of", format="%d %b %Y")
    band = base.mark_area(opacity=0.16, color=BLUE).encode(
        y=_values("lower_80_usd", MONEY), y2="upper_80_usd:Q"
    )
    came = base.mark_line(strokeWidth=2.5, color=BLUE, point={"size": 22}).encode(
        y=_values("revenue_usd", MONEY),
        tooltip=[week, alt.Tooltip("revenue_usd:Q", title="revenue", format="$,.0f")],
    )
    expected = base.mark_line(strokeWidth=2.5, strokeDash=[5, 4], color=BLUE).encode(
        y=_values("forecast_usd", MONEY),
        tooltip=[
            week,
            alt.Tooltip("forecast_usd:Q", title="expected", format="$,.0f"),
            alt.Tooltip("lower_80_usd:Q", title="from", format="$,.0f"),
            alt.Tooltip("upper_80_usd:Q", title="to", format="$,.0f"),
        ],
    )
    chart: alt.LayerChart = (band + came + expected).properties(height=HEIGHT)
    return chart


def _months(moment: str, *, form: str = "%b %Y") -> alt.X:
    axis = alt.Axis(format=form, grid=False, ticks=False, labelOverlap="greedy", tickCount=8)
    return alt.X(f"{moment}:T", title=None, axis=axis)


def _values(value: str, form: str) -> alt.Y:
    axis = alt.Axis(format=form, tickCount=4, domain=False, ticks=False)
    return alt.Y(f"{value}:Q", title=None, axis=axis)


def _steps(moment: str, unit: str, form: str) -> alt.X:
    axis = alt.Axis(format=form, grid=False, ticks=False, labelOverlap="greedy", labelAngle=0)
    return alt.X(f"{unit}({moment}):O", title=None, axis=axis)


def _legend() -> alt.Legend:
    return alt.Legend(orient="top", title=None, columns=4, symbolType="circle")
