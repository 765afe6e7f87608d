"""One customer: found by whatever is at hand, with where each value came from and what happened."""

import pandas as pd
import streamlit as st

from orchestration.dashboard.app_state import answer, answer_or_say_why
from orchestration.dashboard.charts import MONEY, bars_over_time
from orchestration.dashboard.customer_search import searches_for
from orchestration.dashboard.golden_record import golden_values
from orchestration.dashboard.layout import Figure, draw, figures, heading, panel, table
from orchestration.dashboard.wording import (
    NOTHING,
    count,
    country,
    day,
    exact_usd,
    short,
    usd,
    words,
)

CHANNELS = ("email", "sms", "phone", "post", "push")


def page() -> None:
    """Draw the page: the search, and the customer that was found or named in the address."""
    heading("One customer", "Everything we know of one person, and where it came from.")
    typed = st.text_input(
        "Name, e-mail, phone or id",
        placeholder="a name in any script, an e-mail address, a phone number, a customer id",
        key="typed",
    )
    named = st.query_params.get("id")
    chosen = _found(typed) if typed else named
    if chosen:
        _story(chosen)
    elif not typed:
        st.caption(
            "For example **Wanjiru**, **نور**, **Nguyễn**, the last digits of a phone number, or"
            " `crm:` and the number of a contact."
        )


def _found(typed: str) -> str | None:
    for search in searches_for(typed):
        found = answer("customer", search.query, **search.parameters)
        if len(found):
            people = answer("customer", "found", found_ids=found["customer_id"].tolist())
            return _choice(people, is_guess=search.query == "by_similar_name")
    st.info(
        "Nobody is known by that. Try fewer letters, or another word.", icon=":material/search:"
    )
    return None


def _choice(people: pd.DataFrame, *, is_guess: bool) -> str | None:
    if len(people) == 1 and not is_guess:
        return str(people["customer_id"].iloc[0])
    said = "Nobody is called so; these names are most alike:" if is_guess else "Choose one:"
    labels = {
        str(person.customer_id): " · ".join(
            part
            for part in (
                str(person.display_name or NOTHING),
                str(person.city_raw or ""),
                country(person.country_code),
                usd(person.revenue_usd),
            )
            if part
        )
        for person in people.itertuples()
    }
    return st.selectbox(
        f"{said} {'the first ' if len(people) == 25 else ''}{len(people)} found",
        list(labels),
        format_func=lambda customer_id: labels[customer_id],
        index=None,
        placeholder="choose one of them",
    )


def _story(customer_id: str) -> None:
    found = answer("customer", "by_id", wanted=customer_id)
    if found.empty:
        st.warning(f"There is no customer {customer_id}.", icon=":material/person_off:")
        return
    customer_id = str(found["customer_id"].iloc[0])
    person = answer("customer", "profile", customer_id=customer_id).iloc[0]
    st.query_params["id"] = customer_id
    name = person["display_name"] or customer_id
    st.subheader(str(name), anchor=False)
    st.caption(f"`{customer_id}` · customer since {day(person['customer_since'])}")
    _figures(person)
    left, right = st.columns([3, 2])
    with (
        left,
        panel("Golden record", "Each value with the record that won it, and when it said so."),
    ):
        _golden(person, customer_id)
    with right:
        with panel("May be contacted"):
            _consents(person)
        with panel("Records", "The records of all sources that are this person."):
            _records(customer_id)
    months = answer_or_say_why("customer", "months", customer_id=customer_id)
    if months is not None and len(months) > 1:
        with panel("Revenue by month"):
            draw(
                bars_over_time(months, "month", "revenue_usd", form=MONEY),
                "Revenue of this customer by month.",
            )
    with panel("What happened", "Newest first, every channel."):
        _timeline(customer_id)


def _figures(person: pd.Series) -> None:
    source = "customer.profile"
    figures(
        [
            Figure(
                "Revenue",
                exact_usd(person["revenue_usd"]),
                "Ordered less cancelled less returned.",
                f"{source}.revenue_usd",
            ),
            Figure(
                "Orders",
                count(person["order_count"]),
                "Purchases that were kept.",
                f"{source}.order_count",
            ),
            Figure(
                "Last order",
                day(person["last_order_at"]),
                "The last purchase.",
                f"{source}.last_order_at",
            ),
            Figure(
                "Segment",
                words(person["rfm_segment"]),
                "By how recently, how often and how much the customer bought.",
                f"{source}.rfm_segment",
            ),
            Figure(
                "Open tickets",
                short(person["open_ticket_count"]),
                "Not solved yet.",
                f"{source}.open_ticket_count",
            ),
        ]
    )


def _golden(person: pd.Series, customer_id: str) -> None:
    found = answer("customer", "freshness", customer_id=customer_id)
    freshness = {str(name): found[name].iloc[0] for name in found} if len(found) else {}
    config = st.column_config
    table(
        golden_values(person, freshness),
        {
            "what": config.TextColumn("", width=80),
            "value": config.TextColumn("value", width=270),
            "record": config.TextColumn("from the record"),
            "since": config.DateColumn("of", format="D MMM YYYY", width=105),
            "belief": config.NumberColumn(
                "belief",
                format="%.0f %%",
                width=70,
                help="Halves with every half-life of the source; below 50 % the value is stale.",
            ),
        },
        says="Golden values with source, date and record.",
    )


def _consents(person: pd.Series) -> None:
    for channel in CHANNELS:
        may = bool(person[f"is_contactable_{channel}"])
        consent = person[f"{channel}_consent"]
        mark = ":green[:material/check_circle:] yes" if may else ":gray[:material/block:] no"
        st.markdown(f"**{channel}**: {mark} :gray[(consent {consent})]")
    reasons = [
        words(reason) for reason in str(person["suppression_reasons"] or "").split(",") if reason
    ]
    if reasons:
        st.caption(f"Held back: {', '.join(reasons)}.")


def _records(customer_id: str) -> None:
    records = answer("customer", "records", customer_id=customer_id)
    config = st.column_config
    table(
        records,
        {
            "source_record_id": config.TextColumn("record"),
            "assigned_at": config.DateColumn("this customer's since", format="D MMM YYYY"),
        },
        says="Source records of this customer.",
    )


def _timeline(customer_id: str) -> None:
    events = answer("customer", "timeline", customer_id=customer_id)
    if events.empty:
        st.caption("Nothing has happened yet.")
        return
    shown = events.assign(what=events["interaction_type"].map(words))
    config = st.column_config
    table(
        shown,
        {
            "occurred_at": config.DatetimeColumn("when", format="D MMM YYYY, HH:mm"),
            "channel": config.TextColumn("channel"),
            "what": config.TextColumn("what"),
            "subject": config.TextColumn("about"),
            "amount_usd": config.NumberColumn("amount", format="dollar"),
            "order_id": config.TextColumn("order"),
            "campaign_id": config.TextColumn("campaign"),
            "ticket_id": config.TextColumn("ticket"),
        },
        says="Interactions of this customer, newest first.",
        height=420,
    )
