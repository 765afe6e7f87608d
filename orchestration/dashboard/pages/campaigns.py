"""Campaigns: what was spent, what it brought, and what people did with the e-mails."""

import pandas as pd
import streamlit as st

from orchestration.dashboard.app_state import answer_or_say_why
from orchestration.dashboard.charts import bars, dots
from orchestration.dashboard.layout import Figure, draw, figures, heading, panel, table
from orchestration.dashboard.wording import count, usd


def page() -> None:
    """Draw the page."""
    heading(
        "Campaigns",
        "What was spent and what it brought: an order belongs to the last click or visit of a"
        " campaign in the 30 days before it.",
    )
    campaigns = answer_or_say_why("campaigns", "campaigns")
    if campaigns is None:
        return
    if campaigns.empty:
        st.info("No campaign has been delivered yet.")
        return
    spent, brought = campaigns["cost_usd"].sum(), campaigns["attributed_revenue_usd"].sum()
    earned = campaigns.loc[campaigns["cost_usd"] > 0, "attributed_revenue_usd"].sum()
    source = "campaigns.campaigns"
    figures(
        [
            Figure("Campaigns", count(len(campaigns)), "All we know of.", f"{source}.campaign_id"),
            Figure("Spent", usd(spent), "Paid to advertising platforms.", f"{source}.cost_usd"),
            Figure(
                "Brought",
                usd(brought),
                "Revenue of orders after a last touch.",
                f"{source}.attributed_revenue_usd",
            ),
            Figure(
                "Return on spend",
                f"{earned / spent:.2f}" if spent else "–",
                "Revenue brought, for each dollar spent, by campaigns that cost something.",
                f"{source}.return_on_spend",
            ),
        ]
    )
    left, right = st.columns([3, 2])
    with left, panel("Spent and brought", "Above the dashed line a campaign earned its cost."):
        draw(dots(campaigns), "Campaigns by cost and attributed revenue.")
    with (
        right,
        panel(
            "Return by channel", "Revenue of campaigns that cost something, for each dollar spent."
        ),
    ):
        channels = answer_or_say_why("campaigns", "channels")
        if channels is not None:
            draw(
                bars(channels.dropna(), "channel", "return_on_spend", title="return", form=".2f"),
                "Return on spend by channel.",
            )
    with panel("All campaigns", "Newest first; a click on a column's head sorts by it."):
        _all_campaigns(campaigns)


def _all_campaigns(campaigns: pd.DataFrame) -> None:
    number, money = "localized", "dollar"
    config = st.column_config
    table(
        campaigns.assign(
            opened=(100 * campaigns["open_rate"]).round(),
            clicked=(100 * campaigns["click_rate"]).round(),
        ),
        {
            "campaign_name": config.TextColumn("campaign", pinned=True),
            "channel": config.TextColumn("channel"),
            "start_date": config.DateColumn("from", format="D MMM YYYY"),
            "cost_usd": config.NumberColumn("spent", format=money),
            "attributed_revenue_usd": config.NumberColumn("brought", format=money),
            "return_on_spend": config.NumberColumn("return", format="%.2f"),
            "attributed_order_count": config.NumberColumn("orders", format=number),
            "reached_customer_count": config.NumberColumn("people reached", format=number),
            "send_count": config.NumberColumn("e-mails", format=number),
            "opened": config.NumberColumn("opened", format="%d %%"),
            "clicked": config.NumberColumn("clicked", format="%d %%"),
            "unsubscribe_count": config.NumberColumn("unsubscribed", format=number),
        },
        says="All campaigns with cost, revenue, return, reach and e-mail figures.",
        height=460,
    )
