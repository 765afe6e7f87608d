"""Exports of marketing: campaigns, what became of each e-mail, cost of advertising, leads."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from orchestration.sample.business import Business
from orchestration.sample.calendar import DAY_SECONDS, HISTORY_DAYS
from orchestration.sample.columns import (
    amounts,
    days,
    gathered,
    joined,
    masked,
    moments,
    numbered,
    picked,
)
from orchestration.sample.draws import Ints, Keys, repeated
from orchestration.sample.records import Scribe
from orchestration.sample.spoiling import Sightings
from orchestration.sample.webshop import newsletter
from orchestration.sample.world import World

EPOCH = date(1970, 1, 1)
CHANNELS = ("email", "search", "social", "display")
OBJECTIVES = ("retention", "acquisition", "awareness", "reactivation")
PLATFORMS = {"search": "google", "social": "facebook", "display": "criteo"}
THEMES = (
    "Ramadan",
    "Tet",
    "Back to school",
    "Black Friday",
    "Navruz",
    "Harvest",
    "Saba Saba",
    "New arrivals",
)
HISTORY_CAMPAIGNS = 48
SENDS = (0.12, 0.2, 0.22, 0.18, 0.12, 0.08, 0.05, 0.03)
DAILY_SENDS = 0.045
EVENTS = ("send", "open", "click", "bounce", "unsubscribe")


@dataclass(frozen=True, slots=True)
class Campaigns:
    """Campaigns by index; days are counted from 1970."""

    channel: Ints
    starts: Ints
    ends: Ints
    budget_cents: Ints


def make_campaigns(world: World, day: int) -> Campaigns:
    """Return the campaigns known on a day: one is planned each week."""
    count = HISTORY_CAMPAIGNS + (day + 5) // 7
    campaign = np.arange(count)
    first = (world.config.date_of(1) - EPOCH).days
    spread = first - HISTORY_DAYS + campaign * HISTORY_DAYS // HISTORY_CAMPAIGNS
    starts = np.where(
        campaign < HISTORY_CAMPAIGNS, spread, first + (campaign - HISTORY_CAMPAIGNS) * 7
    )
    # Advertising runs until the next one starts, so that every day has its cost.
    length = 10 + 24 * (campaign % 2) + world.draws.below("campaign.length", 25, campaign)
    budget = 50_000 + world.draws.below("campaign.budget", 2_000_000, campaign) * 100
    # Every second campaign is an e-mail campaign.
    other = 1 + world.draws.below("campaign.channel", 3, campaign)
    return Campaigns(np.where(campaign % 2 == 0, 0, other), starts, starts + length, budget)


def campaign_keys(campaign: Keys) -> pa.Array:
    """Return the keys of campaigns."""
    return numbered("CMP", np.where(campaign < 0, -1, campaign + 1), 4)


def campaigns_table(business: Business, day: int) -> pa.Table:
    """Return every campaign known on a day."""
    campaigns = make_campaigns(business.world, day)
    index = np.arange(len(campaigns.channel))
    year = (
        pa.array(1970 + campaigns.starts // 365.25, pa.float64()).cast(pa.int32()).cast(pa.string())
    )
    objective = business.world.draws.below("campaign.objective", len(OBJECTIVES), index)
    return pa.table(
        {
            "campaign_id": campaign_keys(index),
            "campaign_name": joined(picked(THEMES, index % len(THEMES)), year, separator=" "),
            "channel": picked(CHANNELS, campaigns.channel),
            "objective": picked(OBJECTIVES, objective),
            "started_on": days(campaigns.starts),
            "ended_on": days(campaigns.ends),
            "budget_amount": amounts(campaigns.budget_cents),
            "budget_currency": picked(["USD"], index * 0),
            "exported_on": picked([business.world.config.date_of(day).isoformat()], index * 0),
        }
    )


def ad_spend_table(business: Business, day: int) -> pa.Table:
    """Return what advertising cost on the day before the delivery (day 1: the history)."""
    world = business.world
    campaigns = make_campaigns(world, day)
    paid = np.flatnonzero(campaigns.channel > 0)
    last = (world.config.date_of(day) - timedelta(days=1) - EPOCH).days
    first = last - HISTORY_DAYS + 1 if day == 1 else last
    span = np.arange(first, last + 1)
    when, campaign = (part.ravel() for part in np.meshgrid(span, paid, indexing="ij"))
    runs = (campaigns.starts[campaign] <= when) & (when <= campaigns.ends[campaign])
    when, campaign = when[runs], campaign[runs]
    shown = 2_000 + world.draws.below("spend.shown", 90_000, campaign, when)
    clicks = (shown * (0.005 + 0.02 * world.draws.uniform("spend.clicks", campaign, when))).astype(
        np.int64
    )
    platform = [PLATFORMS.get(name) for name in CHANNELS]
    return pa.table(
        {
            "spend_date": days(when),
            "campaign_id": campaign_keys(campaign),
            "platform": picked(platform, campaigns.channel[campaign]),
            "impressions": pa.array(shown),
            "clicks": pa.array(clicks),
            "cost": amounts(clicks * (10 + world.draws.below("spend.cost", 40, campaign, when))),
            "currency": picked(["USD"], campaign * 0),
        }
    )


def email_events_table(business: Business, day: int) -> pa.Table:
    """Return what happened to e-mails on a day, sends and what followed them, in order of time."""
    world, register = business.world, business.registers.webshop
    row, campaign, kind, at = _what_followed(business, day)
    order = np.lexsort((campaign, row, kind, at))
    row, campaign, kind, at = row[order], campaign[order], kind[order], at[order]
    stamp = world.config.date_of(day).strftime("%y%m%d")
    return pa.table(
        {
            "event_id": numbered(f"E{stamp}", np.arange(len(row)), 8),
            "campaign_id": campaign_keys(campaign),
            "email": gathered(world.email, register.person[row]),
            "event_type": picked(EVENTS, kind),
            "occurred_at": moments(at),
        }
    )


def _what_followed(business: Business, day: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Return register row, campaign, event and moment of the e-mails sent on a day."""
    draws = business.world.draws
    row, campaign, sent = _sends(business, day)
    key = (row * 4096 + campaign) * 4096 + day
    bounced = draws.chance("email.bounce", 0.02, key)
    opened = draws.chance("email.open", 0.4, key) & ~bounced
    clicked = opened & draws.chance("email.click", 0.25, key)
    left = opened & draws.chance("email.unsubscribe", 0.015, key)
    parts = []
    flags = (np.ones(len(row), np.bool_), opened, clicked, bounced, left)
    for kind, happened in enumerate(flags):
        wait = 20 + (draws.uniform(f"email.after.{kind}", key) ** 2 * 1_000 * kind).astype(np.int64)
        at = sent + np.where(kind == 0, 0, wait + 900 * (kind == 2) + 1_800 * (kind == 4))
        where = np.flatnonzero(happened)
        parts.append((row[where], campaign[where], np.full(len(where), kind), at[where]))
    row, campaign, kinds, at = (np.concatenate(part) for part in zip(*parts, strict=True))
    return row, campaign, kinds, at


def _sends(business: Business, day: int) -> tuple[Ints, Ints, Ints]:
    """Return register row, campaign and moment of every e-mail sent on a day."""
    world, register = business.world, business.registers.webshop
    campaigns = make_campaigns(world, day)
    mailed = np.flatnonzero(campaigns.channel == 0)
    known = np.arange(register.upto(day - 1 if day > 1 else 1))
    known = known[newsletter(business, known)]
    key = register.key[known]
    if day > 1:
        chosen = known[
            world.draws.chance("email.daily", DAILY_SENDS, key, np.full(len(known), day))
        ]
        latest = mailed[campaigns.starts[mailed] * DAY_SECONDS < world.config.opens(day)][-1]
        moment = world.config.opens(day) + (
            world.draws.uniform("email.daily.at", register.key[chosen], np.full(len(chosen), day))
            * (DAY_SECONDS - 6_000)
        ).astype(np.int64)
        return chosen, np.full(len(chosen), latest), moment
    count = world.draws.choice("email.sends", SENDS, key) * 3
    row, nth = repeated(known, count)
    pick = world.draws.below("email.first", len(mailed), register.key[row])
    campaign = mailed[(pick + nth) % len(mailed)]
    moment = (
        campaigns.starts[campaign] * DAY_SECONDS
        + 25_000
        + (world.draws.uniform("email.at", register.key[row], nth) * 3_600 * 8).astype(np.int64)
    )
    # Nobody is written to before they registered.
    kept = (moment > register.created_at[row]) & (moment < world.config.closes(1) - 6_000)
    return row[kept], campaign[kept], moment[kept]


def lead_keys(row: Keys) -> pa.Array:
    """Return the keys of leads."""
    return numbered("LD", row + 1, 7)


def leads_table(business: Business, day: int) -> pa.Table:
    """Return the leads that are new or changed on a day."""
    world, register = business.world, business.registers.leads
    states = business.registers.states(register, day, can_delete=False)
    rows = states.delivered
    key, person = register.key[rows], register.person[rows]
    scribe = Scribe(world, Sightings("leads", person, key, states.confirmed_at[rows]))
    company = joined(picked(("Baraka", "Lotus", "Oasis", "Simba"), key % 4), " Group")
    return pa.table(
        {
            "lead_id": lead_keys(rows),
            "full_name": scribe.full_name(),
            "email": scribe.email(),
            "phone": scribe.phone(),
            "company": masked(company, ~world.draws.chance("lead.company", 0.2, key)),
            "city": scribe.address()["city"],
            "country": scribe.country(),
            "lead_source": picked(
                ("event", "form", "partner", "referral"), world.draws.below("lead.source", 4, key)
            ),
            "lead_status": picked(
                ("new", "contacted", "qualified", "won", "lost"),
                world.draws.below("lead.status", 5, key, states.updated_at[rows]),
            ),
            "created_at": moments(register.created_at[rows]),
            "updated_at": moments(states.updated_at[rows]),
        }
    )
