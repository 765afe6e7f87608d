"""Data requirements: which use cases the data can carry, what is missing, and what nobody needs."""

import pandas as pd
import streamlit as st

from orchestration.dashboard.app_state import answer_or_say_why
from orchestration.dashboard.charts import bars
from orchestration.dashboard.layout import draw, heading, panel, table
from orchestration.dashboard.wording import words

ALL = "all"
IN_WORDS = ("use_case", "readiness", "what_is_missing")


def page() -> None:
    """Draw the page."""
    heading("Use cases", "What the data can carry, what is missing, and what nobody needs.")
    use_cases = answer_or_say_why("use_cases", "use_cases")
    if use_cases is not None:
        left, right = st.columns([2, 3])
        with left, panel("How far the data carry", "Average over what each use case needs."):
            shown = use_cases.assign(use_case=use_cases["use_case"].map(words))
            draw(
                bars(shown, "use_case", "score", title="score", form=".0%"),
                "Use cases by the share of their needs that is met.",
            )
        with right, panel("Each of them", "What each one misses; the thinnest come first."):
            _use_cases(use_cases)
        with panel("Needs", "Each attribute a use case needs, and the landed columns it is from."):
            _needs(use_cases["use_case"].tolist())
    left, right = st.columns(2)
    with (
        left,
        panel("Needed by nobody", "Landed columns that no use case names: reasons to drop them."),
    ):
        _unused()
    with right, panel("Ask again", "Values past their half-life; best customers first."):
        _ask_again()


def _use_cases(use_cases: pd.DataFrame) -> None:
    config = st.column_config
    table(
        use_cases.assign(**{name: use_cases[name].map(words) for name in IN_WORDS}),
        {
            "use_case": config.TextColumn("use case", pinned=True),
            "readiness": config.TextColumn("readiness"),
            "met_count": config.NumberColumn("needs met"),
            "need_count": config.NumberColumn("of"),
            "what_is_missing": config.TextColumn("what is missing", width="large"),
            "description": config.TextColumn("for", width="large"),
            "owner": config.TextColumn("owner"),
        },
        says="Use cases with readiness, what is missing, and owner.",
    )


def _needs(names: list[str]) -> None:
    needs = answer_or_say_why("use_cases", "needs")
    if needs is None:
        return
    chosen = st.selectbox("Use case", [ALL, *sorted(names)], format_func=words, width=260)
    shown = needs if chosen == ALL else needs[needs["use_case"] == chosen]
    percents = {
        f"{name}_percent": 100 * shown[name].astype("float64")
        for name in ("needed_coverage", "coverage", "fresh_share", "valid_share")
    }
    config = st.column_config
    table(
        shown.assign(
            finding=shown["finding"].map(words), use_case=shown["use_case"].map(words), **percents
        ),
        {
            "attribute": config.TextColumn("attribute", pinned=True),
            "use_case": config.TextColumn("use case"),
            "finding": config.TextColumn("finding"),
            "coverage_percent": config.NumberColumn("filled", format="%.0f %%"),
            "needed_coverage_percent": config.NumberColumn("filled enough", format="%.0f %%"),
            "fresh_share_percent": config.NumberColumn("fresh", format="%.0f %%"),
            "valid_share_percent": config.NumberColumn("valid", format="%.0f %%"),
            "history_days": config.NumberColumn("days back", format="localized"),
            "needed_history_days": config.NumberColumn("days needed", format="localized"),
            "brought_by": config.TextColumn("brought by", width="large"),
        },
        says="Needed attributes with coverage, freshness, validity and history.",
        height=420,
    )


def _unused() -> None:
    unused = answer_or_say_why("use_cases", "unused")
    if unused is None:
        return
    config = st.column_config
    table(
        unused,
        {
            "landed_column": config.TextColumn("column", pinned=True),
            "purpose": config.TextColumn("landed for"),
            "sensitivity": config.TextColumn("sensitivity"),
        },
        says="Landed columns that no use case needs.",
        height=420,
    )


def _ask_again() -> None:
    asked = answer_or_say_why("use_cases", "ask_again")
    if asked is None:
        return
    config = st.column_config
    table(
        asked.assign(ask_again_by=asked["ask_again_by"].map(words)),
        {
            "ask_again_place": config.NumberColumn("", pinned=True, width=40),
            "display_name": config.TextColumn("who"),
            "ask_again_for": config.TextColumn("for"),
            "ask_again_by": config.TextColumn("by"),
            "revenue_usd": config.NumberColumn("revenue", format="dollar"),
        },
        says="Customers to be asked again, with what for and how.",
        height=420,
    )
