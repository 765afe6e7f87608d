"""Service: how much work comes in, how fast it is answered, and who waits."""

import streamlit as st

from orchestration.dashboard.app_state import answer_or_say_why
from orchestration.dashboard.charts import bars, stacked_over_time
from orchestration.dashboard.layout import Figure, draw, figures, heading, panel, table
from orchestration.dashboard.wording import change, short, words


def page() -> None:
    """Draw the page."""
    heading("Service", "How much work comes in, how fast it is answered, and who waits.")
    _figures()
    left, right = st.columns([3, 2])
    with left, panel("Tickets by week", "By what they are about, the last half year."):
        weeks = answer_or_say_why("service", "weeks")
        if weeks is not None:
            shown = weeks.assign(category=weeks["category"].map(words))
            draw(
                stacked_over_time(shown, "week", "tickets", "category", by_week=True),
                "Tickets by week and category.",
            )
    with right, panel("Hours to a solution", "Half of the tickets are solved within."):
        categories = answer_or_say_why("service", "categories")
        if categories is not None:
            shown = categories.assign(category=categories["category"].map(words)).dropna(
                subset=["resolution_hours"]
            )
            draw(
                bars(
                    shown.sort_values(["resolution_hours", "category"], ascending=[False, True]),
                    "category",
                    "resolution_hours",
                    title="hours",
                    form=",.0f",
                ),
                "Median hours to a solution, by category.",
            )
    with panel("Who waits for an answer", "The customers who brought most come first."):
        _waiting()


def _figures() -> None:
    found = answer_or_say_why("service", "headline")
    if found is None:
        return
    here = found.iloc[0]
    source = "service.headline"
    figures(
        [
            Figure(
                "Open tickets",
                short(here["open_tickets"]),
                "Not solved yet.",
                f"{source}.open_tickets",
            ),
            Figure(
                "Tickets, 30 days",
                short(here["tickets_30_days"]),
                "Opened in the last 30 days, and the change against the 30 days before.",
                f"{source}.tickets_30_days",
                change(here["tickets_30_days"], here["tickets_30_days_before"]),
                less_is_better=True,
            ),
            Figure(
                "First answer",
                f"{here['first_response_hours']:.1f} h",
                "Half of the tickets were answered within this time.",
                f"{source}.first_response_hours",
            ),
            Figure(
                "Solved within",
                f"{here['resolution_hours']:.0f} h",
                "Half of the tickets were solved within this time.",
                f"{source}.resolution_hours",
            ),
            Figure(
                "Satisfaction",
                f"{here['satisfaction']:.1f} of 5",
                "Mean of what customers answered.",
                f"{source}.satisfaction",
            ),
        ]
    )


def _waiting() -> None:
    waiting = answer_or_say_why("service", "waiting")
    if waiting is None:
        return
    if waiting.empty:
        st.success("Nobody waits.", icon=":material/check:")
        return
    shown = waiting.assign(link="customer?id=" + waiting["customer_id"])
    config = st.column_config
    table(
        shown,
        {
            "display_name": config.TextColumn("customer", pinned=True),
            "open_ticket_count": config.NumberColumn("open tickets"),
            "last_ticket_opened_at": config.DatetimeColumn("last opened", format="D MMM YYYY"),
            "revenue_usd": config.NumberColumn("revenue", format="dollar"),
            "activity_state": config.TextColumn("state"),
            "link": config.LinkColumn("", display_text="whole story"),
        },
        says="Customers with open tickets, by revenue.",
    )
