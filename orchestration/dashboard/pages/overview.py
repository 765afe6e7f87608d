"""The first page: how many customers there are, what they bought, and where they stand."""

import pandas as pd
import streamlit as st

from orchestration.dashboard.app_state import answer_or_say_why
from orchestration.dashboard.charts import MONEY, bars, line_over_time
from orchestration.dashboard.layout import Figure, draw, figures, heading, panel
from orchestration.dashboard.wording import STATES, change, count, country, share, short, usd


def page() -> None:
    """Draw the page."""
    heading("Overview", "Who our customers are today, and what they bring.")
    _figures()
    left, right = st.columns([3, 2])
    with left, panel("Revenue by month", "All channels, in US dollars; this month is not over."):
        months = answer_or_say_why("overview", "months")
        if months is not None:
            draw(
                line_over_time(months, "month", "revenue_usd", title="revenue", form=MONEY),
                f"Revenue of the last {len(months)} months.",
            )
    with right, panel("Where customers stand", "By their first and their last purchase."):
        states = answer_or_say_why("overview", "states")
        if states is not None:
            _states(states)
    countries = answer_or_say_why("overview", "countries")
    if countries is not None:
        _countries(countries)


def _figures() -> None:
    everybody = answer_or_say_why("overview", "headline")
    recent = answer_or_say_why("overview", "last_days")
    row = []
    if everybody is not None:
        row += _about_customers(everybody.iloc[0])
    if recent is not None:
        row += _about_revenue(recent.iloc[0])
    if everybody is not None:
        row += _about_reach(everybody.iloc[0])
    if row:
        figures(row)


def _about_customers(here: pd.Series) -> list[Figure]:
    return [
        Figure(
            "Customers",
            short(here["customers"]),
            "People and businesses we know, test accounts left out.",
            "overview.headline.customers",
        ),
        Figure(
            "Active",
            short(here["active_customers"]),
            f"Bought within the last 180 days; {count(here['new_customers'])} of them for the"
            " first time within 90 days.",
            "overview.headline.active_customers",
        ),
        Figure(
            "Buy again",
            share(here["repeat_rate"]),
            "Share of buyers with more than one purchase.",
            "overview.headline.repeat_rate",
        ),
    ]


def _about_revenue(here: pd.Series) -> list[Figure]:
    return [
        Figure(
            "Revenue, 30 days",
            usd(here["revenue_usd"]),
            "What was ordered, less what was cancelled and returned, in the last 30 days; beside it"
            " the change against the 30 days before.",
            "overview.last_days.revenue_usd",
            change(here["revenue_usd"], here["revenue_before_usd"]),
        ),
        Figure(
            "Orders, 30 days",
            short(here["orders"]),
            "Orders and receipts that were not cancelled and do not only take goods back; beside it"
            " the change against the 30 days before.",
            "overview.last_days.orders",
            change(here["orders"], here["orders_before"]),
        ),
    ]


def _about_reach(here: pd.Series) -> list[Figure]:
    return [
        Figure(
            "Contactable",
            share(here["contactable_share"]),
            "Customers with consent for at least one channel in which they can be reached.",
            "overview.headline.contactable_share",
        ),
    ]


def _states(states: pd.DataFrame) -> None:
    order = list(STATES)
    shown = states.set_index("activity_state").reindex(order).dropna().reset_index()
    draw(
        bars(shown, "activity_state", "customers", title="customers"),
        "Customers by state: "
        + ", ".join(f"{row.activity_state} {count(row.customers)}" for row in shown.itertuples()),
    )
    st.caption(" · ".join(f"**{state}**: {meaning}" for state, meaning in STATES.items()))


def _countries(countries: pd.DataFrame) -> None:
    shown = countries.assign(country=countries["country_code"].map(country))
    left, right = st.columns(2)
    with left, panel("Revenue by country"):
        draw(
            bars(shown, "country", "revenue_usd", title="revenue", form=MONEY),
            "Revenue by country.",
        )
    with right, panel("Customers by country"):
        ranked = shown.sort_values(["customers", "country"], ascending=[False, True])
        draw(bars(ranked, "country", "customers", title="customers"), "Customers by country.")
