"""Segments: groups by how recently, how often and how much customers bought."""

import pandas as pd
import streamlit as st

from orchestration.dashboard.app_state import answer_or_say_why
from orchestration.dashboard.charts import MONEY, bars, heat
from orchestration.dashboard.layout import draw, heading, panel, table
from orchestration.dashboard.wording import country, words

EVERYWHERE = "every country"


def page() -> None:
    """Draw the page."""
    heading("Segments", "Groups by how recently, how often and how much customers bought.")
    chosen = _chosen_country()
    segments = answer_or_say_why("segments", "segments", country=chosen)
    if segments is None:
        return
    shown = segments.assign(
        segment=segments["rfm_segment"].map(words),
        email_percent=(100 * segments["email_share"]).round(),
    )
    left, right = st.columns(2)
    with left, panel("What each segment brings", "Revenue in US dollars."):
        draw(
            bars(shown, "segment", "revenue_usd", title="revenue", form=MONEY),
            "Revenue by segment.",
        )
    with right, panel("How many they are"):
        ranked = shown.sort_values(["customers", "segment"], ascending=[False, True])
        draw(bars(ranked, "segment", "customers", title="customers"), "Customers by segment.")
    with panel("Side by side"):
        _side_by_side(shown)
    left, right = st.columns(2)
    with (
        left,
        panel("Recency and frequency", "Buyers by fifths: 5 bought last, 5 bought most often."),
    ):
        scores = answer_or_say_why("segments", "scores", country=chosen)
        if scores is not None and len(scores):
            ordered = scores.sort_values(["recency", "frequency"], ascending=[False, True])
            draw(
                heat(
                    ordered,
                    "frequency",
                    "recency",
                    "customers",
                    form=",.3~s",
                    titles=("how often", "how recently"),
                ),
                "Buyers by score of recency and frequency.",
            )
    with right, panel("Who may be contacted", "Customers with consent and an address, by channel."):
        reach = answer_or_say_why("segments", "reach", country=chosen)
        if reach is not None:
            draw(
                bars(
                    reach.sort_values(["contactable", "channel"], ascending=[False, True]),
                    "channel",
                    "contactable",
                    title="customers",
                ),
                "Customers that may be contacted, by channel.",
            )


def _chosen_country() -> str | None:
    known = answer_or_say_why("segments", "countries")
    codes = known["country_code"].tolist() if known is not None else []
    chosen = st.selectbox(
        "Country",
        [EVERYWHERE, *codes],
        format_func=lambda code: EVERYWHERE if code == EVERYWHERE else country(code),
        width=260,
    )
    return None if chosen == EVERYWHERE else chosen


def _side_by_side(shown: pd.DataFrame) -> None:
    table(
        shown,
        {
            "segment": st.column_config.TextColumn("segment", pinned=True),
            "customers": st.column_config.NumberColumn("customers", format="localized"),
            "revenue_usd": st.column_config.NumberColumn("revenue", format="dollar"),
            "average_order_usd": st.column_config.NumberColumn("average order", format="dollar"),
            "days_since_last_order": st.column_config.NumberColumn(
                "days since last order", format="%d", help="Median"
            ),
            "email_percent": st.column_config.ProgressColumn(
                "may be e-mailed", format="%d %%", min_value=0, max_value=100
            ),
        },
        says="Segments with customers, revenue, average order, recency and e-mail consent.",
    )
