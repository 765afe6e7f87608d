"""Data health: what the gates found, how full the records are, and that no row was lost."""

import pandas as pd
import streamlit as st

from orchestration.dashboard.app_state import answer_or_say_why, snapshot
from orchestration.dashboard.charts import bars
from orchestration.dashboard.layout import Figure, draw, figures, heading, panel, table
from orchestration.dashboard.wording import share, short, words


def page() -> None:
    """Draw the page."""
    heading("Data health", "Whether today's figures can be trusted, and where they are thin.")
    gates = answer_or_say_why("data_health", "gates")
    balance = answer_or_say_why("data_health", "balance")
    _figures(gates, balance)
    with panel("What the gates found", "Warnings that were let through, worst first."):
        _findings()
    left, right = st.columns(2)
    with (
        left,
        panel("How much we know of a customer", "Share of customers with a believable value."),
    ):
        coverage = answer_or_say_why("data_health", "coverage")
        if coverage is not None:
            shown = coverage.assign(attribute=coverage["attribute"].map(words))
            draw(
                bars(shown, "attribute", "share", title="share", form=".0%"),
                "Share of customers by known attribute.",
            )
    with right, panel("Records by source", "Every record belongs to exactly one customer."):
        sources = answer_or_say_why("data_health", "sources")
        if sources is not None:
            shown = sources.assign(source=sources["source_system"].map(words))
            draw(bars(shown, "source", "records", title="records"), "Records by source system.")
    with panel("No row is lost", "What came in went on, or was set aside for a stated reason."):
        if balance is not None:
            _balance(balance)
    st.caption(f"Published by run {snapshot().run_id}. The gates in full: `docs/index.html`.")


def _figures(gates: pd.DataFrame | None, balance: pd.DataFrame | None) -> None:
    identities = answer_or_say_why("data_health", "headline")
    row = []
    if gates is not None:
        held, warned = gates["held"].sum(), gates["warnings"].sum()
        row += [
            Figure(
                "Expectations held", short(held), "Checks that passed.", "data_health.gates.held"
            ),
            Figure(
                "Warnings",
                short(warned),
                "Checks that did not hold and are not grave enough to stop the day.",
                "data_health.gates.warnings",
            ),
        ]
    if identities is not None:
        here = identities.iloc[0]
        row += [
            Figure(
                "Records",
                short(here["records"]),
                "Person records of all sources.",
                "data_health.headline.records",
            ),
            Figure(
                "Match rate",
                share(here["match_rate"]),
                "Share of records that turned out to be somebody already known.",
                "data_health.headline.match_rate",
            ),
        ]
    if balance is not None:
        row.append(
            Figure(
                "Tables balanced",
                f"{int(balance['is_balanced'].sum())} of {len(balance)}",
                "Rows in are rows out and rows set aside.",
                "data_health.balance.is_balanced",
            )
        )
    if row:
        figures(row)


def _findings() -> None:
    findings = answer_or_say_why("data_health", "findings")
    if findings is None:
        return
    if findings.empty:
        st.success("Every expectation held.", icon=":material/check:")
        return
    config = st.column_config
    table(
        findings,
        {
            "table_name": config.TextColumn("table", pinned=True),
            "why": config.TextColumn("why it matters", width="large"),
            "column_name": config.TextColumn("column"),
            "rows_failing": config.NumberColumn("rows failing", format="localized"),
            "rows_seen": config.NumberColumn("of", format="localized"),
            "severity": config.TextColumn("severity"),
        },
        says="Expectations that did not hold.",
    )


def _balance(balance: pd.DataFrame) -> None:
    config = st.column_config
    table(
        balance,
        {
            "table_name": config.TextColumn("table", pinned=True),
            "rows_in": config.NumberColumn("rows in", format="localized"),
            "rows_out": config.NumberColumn("rows out", format="localized"),
            "rows_set_aside": config.NumberColumn("set aside", format="localized"),
            "is_balanced": config.CheckboxColumn("balanced"),
        },
        says="Rows in, out and set aside, by table.",
    )
