import pytest

from tests.sample.delivered import RATES, count

OPPORTUNITIES = "from crm_opportunities as opportunities"
QUOTED = f"{OPPORTUNITIES} inner join crm_quotes as quotes using (opportunity_id)"


@pytest.mark.parametrize(
    "stage", ["prospecting", "qualification", "proposal", "negotiation", "won", "lost"]
)
def test_some_opportunities_stand_at_every_stage(duka, stage):
    assert count(duka, f"{OPPORTUNITIES} where stage = '{stage}'")


@pytest.mark.parametrize("status", ["draft", "sent", "accepted", "declined", "revised"])
def test_some_quotes_are_in_every_state(duka, status):
    assert count(duka, f"from crm_quotes where quote_status = '{status}'")


def test_an_opportunity_begins_when_both_its_people_and_its_account_are_there(duka):
    assert not count(
        duka,
        f"""
        {OPPORTUNITIES}
        left join crm_accounts as accounts using (account_id)
        left join crm_contacts as contacts using (contact_id)
        where opportunities.created_at < greatest(accounts.created_at, contacts.created_at)
            or contacts.account_id != opportunities.account_id
        """,
    )


def test_an_opportunity_is_closed_when_it_is_decided_and_a_reason_is_given_for_a_loss(duka):
    assert not count(
        duka,
        f"""
        {OPPORTUNITIES}
        where (stage in ('won', 'lost')) != (closed_at is not null)
            or closed_at < created_at
            or expected_close_on < cast(created_at as date)
            or (lost_reason is not null and stage != 'lost')
        """,
    )


def test_every_opportunity_is_in_the_currency_of_its_account(duka):
    found = duka.execute(
        f"select distinct country, currency {OPPORTUNITIES}"
        " inner join crm_accounts using (account_id)"
    ).fetchall()
    assert len(found) == len({country for country, _ in found})
    assert {currency for _, currency in found} <= set(RATES)
    assert not count(duka, f"{QUOTED} where quotes.currency != opportunities.currency")


def test_a_quote_is_drafted_sent_and_answered_in_that_order_while_there_is_an_opportunity(duka):
    assert not count(
        duka,
        f"""
        {QUOTED}
        where quotes.created_at < opportunities.created_at
            or sent_at < quotes.created_at
            or answered_at < sent_at
            or sent_at >= closed_at
            or (quote_status = 'draft') != (sent_at is null)
            or (quote_status in ('accepted', 'declined')) != (answered_at is not null)
            or (sent_at is not null and stage in ('prospecting', 'qualification'))
        """,
    )


def test_an_opportunity_is_won_by_one_accepted_quote_for_its_amount_on_its_day(duka):
    assert count(duka, f"{OPPORTUNITIES} where stage = 'won' and expected_amount is null")
    assert not count(
        duka,
        f"""
        select opportunity_id {QUOTED}
        group by opportunity_id
        having count(*) filter (where quote_status = 'accepted')
            != count(distinct opportunity_id) filter (where stage = 'won')
        """,
    )
    assert not count(
        duka,
        f"{OPPORTUNITIES} anti join crm_quotes using (opportunity_id) where stage = 'won'",
    )
    assert not count(
        duka,
        f"""
        {QUOTED}
        where quote_status = 'accepted' and (
            stage != 'won' or answered_at != closed_at or quoted_amount != expected_amount
        )
        """,
    )


def test_a_revised_quote_is_followed_by_a_lower_one(duka):
    pairs = """
        from crm_quotes as one
        inner join crm_quotes as next
            on one.opportunity_id = next.opportunity_id
            and one.revision_no + 1 = next.revision_no
    """
    assert count(duka, f"{pairs} where one.quote_status = 'revised'")
    assert not count(
        duka,
        f"""
        {pairs}
        where (one.quote_status = 'revised') != (next.quote_status != 'draft')
            or next.quoted_amount >= one.quoted_amount
            or next.created_at <= one.sent_at
        """,
    )


def test_some_opportunities_are_forgotten_and_open_long_after_their_day(duka):
    assert count(
        duka,
        f"{OPPORTUNITIES} where closed_at is null and expected_close_on < '2026-07-01'",
    )
