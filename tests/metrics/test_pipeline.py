"""Opportunities and quotes as published, against queries of our own over the CRM's database."""

import csv
import sqlite3
from collections import defaultdict
from contextlib import closing
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest

from orchestration.settings import PROJECT_DIR

TODAY, A_YEAR_AGO = "2026-07-01", "2025-07-01"  # of the published home
RATES = PROJECT_DIR / "dbt_project" / "seeds" / "exchange_rates.csv"


@pytest.fixture(scope="module")
def crm(published_home):
    path = published_home / "inbox" / "crm" / "crm.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        yield connection


@pytest.fixture(scope="module")
def published(published_home):
    path = published_home / "serving" / "customer_360.duckdb"
    with duckdb.connect(str(path), read_only=True) as snapshot:
        yield snapshot


@pytest.fixture(scope="module")
def dollars():
    with RATES.open(encoding="utf-8") as rates:
        units = {
            row["currency_code"]: Decimal(row["units_per_usd"]) for row in csv.DictReader(rates)
        }

    def converted(amount, currency):
        exact = Decimal(str(amount)) / units[currency]
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)

    return converted


@pytest.fixture(scope="module")
def worth(crm, dollars):
    """Stage, worth and whether it was quoted, of every opportunity."""
    rows = crm.execute(
        """
        select opportunity_id, stage, currency, closed_at, coalesce(expected_amount, (
            select quoted_amount from quotes
            where quotes.opportunity_id = opportunities.opportunity_id
            order by quote_status = 'accepted' desc, revision_no desc limit 1
        ), 0), exists (
            select 1 from quotes
            where quotes.opportunity_id = opportunities.opportunity_id and sent_at is not null
        )
        from opportunities
        """
    ).fetchall()
    return {
        key: (stage, dollars(amount, currency), bool(is_quoted), closed or "")
        for key, stage, currency, closed, amount, is_quoted in rows
    }


def test_every_opportunity_is_worth_what_the_crm_says(published, worth):
    found = published.execute(
        "select opportunity_id, stage, value_usd, is_quoted from marts.fct_opportunities"
    ).fetchall()
    assert len(found) == len(worth) > 5
    assert {key: tuple(rest) for key, *rest in found} == {
        key: (stage, value, is_quoted) for key, (stage, value, is_quoted, _) in worth.items()
    }


def test_the_pipeline_weighs_each_opportunity_by_what_the_last_year_decided(published, worth):
    decided = [each for each in worth.values() if each[3] >= A_YEAR_AGO]
    rates = {}
    for is_quoted, among in ((False, decided), (True, [each for each in decided if each[2]])):
        won = Decimal(sum(stage == "won" for stage, *_ in among))
        rates[is_quoted] = (won / len(among)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    weighed = defaultdict(Decimal)
    for stage, value, is_quoted, _ in worth.values():
        if stage not in ("won", "lost"):
            weighed[stage] += value * rates[is_quoted]
    found = published.execute(
        "select stage, weighted_value_usd from marts.rpt_sales_pipeline where is_open"
    ).fetchall()
    assert dict(found) == {
        stage: value.quantize(Decimal("0.01"), ROUND_HALF_UP) for stage, value in weighed.items()
    }


def test_every_quote_stands_as_it_does_on_the_day_of_the_run(published, crm):
    expected = crm.execute(
        """
        select quote_id, case
            when quote_status = 'revised' then 'replaced'
            when quote_status in ('draft', 'accepted', 'declined') then quote_status
            when valid_until < ? then 'expired'
            when stage in ('won', 'lost') then 'lapsed'
            else 'open'
        end
        from quotes left join opportunities using (opportunity_id) order by quote_id
        """,
        [TODAY],
    ).fetchall()
    found = published.execute(
        "select quote_id, quote_state from marts.fct_quotes order by quote_id"
    ).fetchall()
    assert found
    assert found == expected


def test_a_quote_stands_in_the_story_of_whom_it_was_sent_to(published, crm):
    sent = {
        f"quotes:{quote}": f"crm:{contact}"
        for quote, contact in crm.execute(
            "select quote_id, contact_id from quotes inner join opportunities"
            " using (opportunity_id) inner join contacts using (contact_id)"
            " where sent_at is not null and not is_deleted"
        )
    }
    customers = dict(
        published.execute(
            "select source_record_id, customer_id from marts.customer_identities where is_current"
        ).fetchall()
    )
    told = published.execute(
        "select interaction_id, customer_id from marts.customer_timeline where channel = 'sales'"
    ).fetchall()
    assert told
    assert dict(told) == {quote: customers[record] for quote, record in sent.items()}
