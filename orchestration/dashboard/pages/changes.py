"""What changed in the last 30 days against the 30 before, why, and what comes next."""

import pandas as pd
import streamlit as st

from orchestration.dashboard.app_state import answer_or_say_why
from orchestration.dashboard.charts import expected_weeks, parts_of_change
from orchestration.dashboard.layout import Figure, draw, figures, heading, panel
from orchestration.dashboard.wording import change, country, short, signed_usd, usd, words

BREAKDOWNS = {
    "channel": "Channel",
    "country": "Country",
    "segment": "Segment",
    "customer": "New or returning",
    "category": "Category",
    "product": "Product",
}


def page() -> None:
    """Draw the page."""
    heading("What changed", "The last 30 days against the 30 days before, and what comes next.")
    _figures()
    with panel(
        "Where it comes from",
        "More orders or fewer, each at the value of before, and what an order is worth; the ten"
        " that moved most.",
    ):
        parts = answer_or_say_why("changes", "parts")
        if parts is not None:
            _parts(parts)
    with panel(
        "What comes next",
        "Revenue by week, and what is expected; four weeks of five should fall into the band.",
    ):
        weeks = answer_or_say_why("changes", "forecast")
        if weeks is not None:
            _weeks(weeks)


def _figures() -> None:
    found = answer_or_say_why("changes", "headline")
    if found is None or found.empty:
        return
    here = found.iloc[0]
    source = "changes.headline"
    figures(
        [
            Figure(
                "Revenue, 30 days",
                usd(here["latest_revenue_usd"]),
                "What was ordered, less what was cancelled and returned.",
                f"{source}.latest_revenue_usd",
                change(here["latest_revenue_usd"], here["previous_revenue_usd"]),
            ),
            Figure(
                "Orders, 30 days",
                short(here["latest_order_count"]),
                "Orders and receipts.",
                f"{source}.latest_order_count",
                change(here["latest_order_count"], here["previous_order_count"]),
            ),
            Figure(
                "By order count",
                signed_usd(here["change_by_order_count_usd"]),
                "What the change would be, had every order been worth what one was before.",
                f"{source}.change_by_order_count_usd",
            ),
            Figure(
                "By order value",
                signed_usd(here["change_by_order_value_usd"]),
                "The rest: an order is worth more, or less, than before.",
                f"{source}.change_by_order_value_usd",
            ),
        ]
    )


def _parts(parts: pd.DataFrame) -> None:
    there = set(parts["breakdown"])
    offered = [name for name in BREAKDOWNS if name in there]
    if not offered:
        st.caption("Nothing was bought in the last 60 days.")
        return
    chosen = st.segmented_control(
        "Break down by",
        offered,
        default=offered[0],
        format_func=BREAKDOWNS.__getitem__,
        label_visibility="collapsed",
    )
    name = chosen or offered[0]
    shown = parts[parts["breakdown"] == name]
    named = shown["member"].map(country if name == "country" else words)
    lines = shown.assign(member=named).rename(
        columns={
            "change_by_order_count_usd": "number of orders",
            "change_by_order_value_usd": "value of an order",
        }
    )
    draw(
        parts_of_change(lines, ["number of orders", "value of an order"]),
        f"Change of revenue by {BREAKDOWNS[name].lower()}.",
    )


def _weeks(weeks: pd.DataFrame) -> None:
    if weeks["forecast_usd"].isna().all():
        st.caption("There are too few weeks for a forecast.")
    draw(expected_weeks(weeks), "Revenue by week, with the forecast and its interval.")
