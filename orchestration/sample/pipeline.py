"""Opportunities and quotes as tables of the CRM's database, as they stand at the end of a day."""

import numpy as np
import pyarrow as pa

from orchestration.sample.accounts import account_keys, contact_keys
from orchestration.sample.business import Business
from orchestration.sample.calendar import DAY_SECONDS
from orchestration.sample.columns import amounts, days, masked, moments, numbered, picked
from orchestration.sample.draws import Flags, Ints, Keys
from orchestration.sample.opportunities import LOST, LOST_REASONS, STAGES, WON
from orchestration.sample.orders import last_before, within
from orchestration.sample.quotes import ACCEPTED, DECLINED, SENT, STATUSES, VALID_DAYS


def opportunity_keys(row: Keys) -> pa.Array:
    """Return the keys of opportunities."""
    return numbered("OP", row + 1, 7)


def opportunities_table(business: Business, day: int) -> pa.Table:
    """Return the opportunities that are new or changed on a day, as they stand at its end."""
    world, opportunities = business.world, business.opportunities
    closes = world.config.closes(day)
    rows = _changed(business, opportunities.moments, day)
    key, account = opportunities.key[rows], opportunities.account[rows]
    stage, closed = opportunities.stage_at(closes)[rows], opportunities.closed_at[rows]
    unnamed = world.dirt.strikes(world.draws, "missing_contact", "crm", key)
    unpriced = world.dirt.strikes(world.draws, "missing_amount", "crm", key) & (stage == WON)
    world.dirt.note("missing_contact", "crm", unnamed)
    world.dirt.note("missing_amount", "crm", unpriced)
    world.dirt.note("forgotten_opportunity", "crm", opportunities.is_forgotten[rows])
    # nobody says at the first talk what it may bring
    unknown = (stage == 0) & world.draws.chance("opportunity.unknown", 0.3, key)
    agreed = opportunities.quoted_cents(rows, opportunities.quote_count[rows] - 1)
    cents = np.where(stage == WON, agreed, opportunities.estimate_cents[rows])
    reason = world.draws.choice("opportunity.reason", (0.3, 0.25, 0.15, 0.1, 0.1, 0.1), key)
    return pa.table(
        {
            "opportunity_id": opportunity_keys(rows),
            "account_id": account_keys(account),
            "contact_id": contact_keys(np.where(unnamed, -1, opportunities.contact[rows])),
            "stage": picked(STAGES, stage),
            "expected_amount": masked(amounts(cents), unknown | unpriced),
            "currency": picked(world.places.currencies, business.accounts.country[account]),
            "expected_close_on": days(opportunities.expected_day[rows]),
            "lost_reason": picked(LOST_REASONS, np.where(stage == LOST, reason, -1)),
            "created_at": moments(opportunities.opened_at[rows]),
            "closed_at": moments(np.where(closed < closes, closed, -1)),
            "updated_at": moments(last_before(opportunities.moments, closes)[rows]),
        }
    )


def quotes_table(business: Business, day: int) -> pa.Table:
    """Return the quotes that are new or changed on a day, as they stand at its end."""
    world, opportunities, quotes = business.world, business.opportunities, business.quotes
    closes = world.config.closes(day)
    rows = _changed(business, quotes.moments, day)
    of, revision = quotes.opportunity[rows], quotes.revision[rows]
    status, sent = quotes.status_at(closes)[rows], quotes.sent_at[rows]
    is_answered = (status == ACCEPTED) | (status == DECLINED)
    country = business.accounts.country[opportunities.account[of]]
    return pa.table(
        {
            "quote_id": numbered("QU", (of + 1) * 10 + revision + 1, 8),
            "opportunity_id": opportunity_keys(of),
            "revision_no": pa.array(revision + 1),
            "quote_status": picked(STATUSES, status),
            "quoted_amount": amounts(opportunities.quoted_cents(of, revision)),
            "currency": picked(world.places.currencies, country),
            "created_at": moments(quotes.drafted_at[rows]),
            "sent_at": moments(np.where(status >= SENT, sent, -1)),
            "valid_until": masked(days(sent // DAY_SECONDS + VALID_DAYS), status < SENT),
            "answered_at": moments(np.where(is_answered, quotes.answered_at[rows], -1)),
            "updated_at": moments(last_before(quotes.moments, closes)[rows]),
        }
    )


def _changed(business: Business, happened: tuple[Ints, ...], day: int) -> Keys:
    """Return the rows to which something happened within the window of a day."""
    changed: Flags = np.zeros(len(happened[0]), dtype=np.bool_)
    for moment in happened:
        changed |= within(business.world, moment, day)
    return np.flatnonzero(changed)
