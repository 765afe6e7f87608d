"""Pipeline: what sales talks about, what it may bring, and what was left lying."""

import streamlit as st

from orchestration.dashboard.app_state import answer_or_say_why
from orchestration.dashboard.charts import MONEY, bars, stacked_over_time
from orchestration.dashboard.layout import Figure, draw, figures, heading, panel, table
from orchestration.dashboard.wording import count, share, usd, words


def page() -> None:
    """Draw the page."""
    heading("Pipeline", "What sales talks about, what it may bring, and what was left lying.")
    _figures()
    left, right = st.columns(2)
    with left, panel("Open by stage", "In US dollars, whatever the chance."):
        _bars("stages", "stage", "Value of the open opportunities, by stage.")
    with right, panel("Why it was lost", "In US dollars, the last 365 days."):
        _bars("reasons", "lost_reason", "Value lost, by the reason that was given.")
    with panel("Won and lost", "By what it was worth, and the month in which it was decided."):
        months = answer_or_say_why("pipeline", "months")
        if months is not None:
            draw(
                stacked_over_time(months, "month", "value_usd", "outcome", form=MONEY),
                "Value won and lost, by month.",
            )
    with panel("Should be decided by now", "Open after their day; the largest come first."):
        _overdue()


def _figures() -> None:
    found = answer_or_say_why("pipeline", "headline")
    if found is None:
        return
    here = found.iloc[0]
    source = "pipeline.headline"
    figures(
        [
            Figure(
                "Open",
                count(here["open_opportunities"]),
                "Opportunities that are neither won nor lost.",
                f"{source}.open_opportunities",
            ),
            Figure(
                "Open value",
                usd(here["open_value_usd"]),
                "What they would bring if all were won.",
                f"{source}.open_value_usd",
            ),
            Figure(
                "Expected",
                usd(here["weighted_value_usd"]),
                "Each weighed by how often opportunities like it were won over the last 365 days.",
                f"{source}.weighted_value_usd",
            ),
            Figure(
                "Past their day",
                usd(here["past_expected_value_usd"]),
                "Open after the day on which they were to be decided.",
                f"{source}.past_expected_value_usd",
            ),
            Figure(
                "Won, 365 days",
                share(here["win_rate"]),
                "Of the opportunities that were decided.",
                f"{source}.win_rate",
            ),
        ]
    )


def _bars(query: str, name: str, says: str) -> None:
    found = answer_or_say_why("pipeline", query)
    if found is not None:
        shown = found.assign(**{name: found[name].map(words)})
        draw(bars(shown, name, "value_usd", title="value", form=MONEY), says)


def _overdue() -> None:
    overdue = answer_or_say_why("pipeline", "overdue")
    if overdue is None:
        return
    if overdue.empty:
        st.success("Nothing was left lying.", icon=":material/check:")
        return
    shown = overdue.assign(
        stage=overdue["stage"].map(words),
        latest_quote_state=overdue["latest_quote_state"].map(words),
        link=("customer?id=" + overdue["customer_id"]),
    )
    config = st.column_config
    table(
        shown,
        {
            "account_name": config.TextColumn("account", pinned=True),
            "display_name": config.TextColumn("talks with"),
            "stage": config.TextColumn("stage"),
            "value_usd": config.NumberColumn("value", format="dollar"),
            "expected_close_date": config.DateColumn("to be decided by", format="D MMM YYYY"),
            "latest_quote_state": config.TextColumn("latest quote"),
            "link": config.LinkColumn("", display_text="whole story"),
        },
        says="Open opportunities after the day on which they were to be decided, by value.",
    )
