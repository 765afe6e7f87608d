"""Growth and cohorts: who comes, who comes back, and through which channel."""

import pandas as pd
import streamlit as st

from orchestration.dashboard.app_state import answer_or_say_why
from orchestration.dashboard.charts import MONEY, heat, lines_over_time, stacked_over_time
from orchestration.dashboard.layout import draw, heading, panel


def page() -> None:
    """Draw the page."""
    heading("Growth", "Who comes, who comes back, and through which channel.")
    left, right = st.columns(2)
    with left, panel("New faces", "Came into view, and bought for the first time, by month."):
        arrivals = answer_or_say_why("growth", "arrivals")
        if arrivals is not None:
            draw(
                lines_over_time(_as_lines(arrivals), "month", "customers", "what"),
                "New customers and first purchases by month.",
            )
    with right, panel("Revenue by channel", "In US dollars, by month."):
        channels = answer_or_say_why("growth", "channels")
        if channels is not None:
            draw(
                stacked_over_time(channels, "month", "revenue_usd", "order_channel", form=MONEY),
                "Revenue by channel and month.",
            )
    with panel(
        "Cohorts",
        "Of 100 customers who first bought in a month, how many bought again so many months"
        " later. Read a row from left to right; the last cell of a row is the month that is not"
        " over.",
    ):
        cohorts = answer_or_say_why("growth", "cohorts")
        if cohorts is not None and len(cohorts):
            _cohorts(cohorts)


def _as_lines(arrivals: pd.DataFrame) -> pd.DataFrame:
    """Return one row per month and line of the chart."""
    named = {"new_customers": "came into view", "first_purchases": "bought for the first time"}
    return arrivals.rename(columns=named).melt(
        id_vars="month", value_vars=list(named.values()), var_name="what", value_name="customers"
    )


def _cohorts(cohorts: pd.DataFrame) -> None:
    first = cohorts[cohorts["months_later"] == 0].set_index("cohort")["customers"]
    shown = cohorts[cohorts["months_later"] > 0].copy()
    # Without the sign for percent, which would not fit into the cells on a phone.
    shown["percent"] = 100 * shown["customers"] / shown["cohort"].map(first)
    shown["first bought"] = [f"{cohort:%b %Y} ({first[cohort]:,})" for cohort in shown["cohort"]]
    if shown.empty:
        st.caption("Cohorts need customers who bought in more than one month.")
        return
    draw(
        heat(
            shown,
            "months_later",
            "first bought",
            "percent",
            form=".0f",
            titles=("months after the first purchase", ""),
        ),
        "Share of each month's new buyers that bought again, by months since the first purchase.",
    )
