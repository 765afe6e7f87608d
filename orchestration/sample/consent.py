"""Consents given and withdrawn, and the channels people prefer."""

import numpy as np
import pyarrow as pa

from orchestration.sample.business import Business
from orchestration.sample.columns import blend, gathered, masked, moments, numbered, picked
from orchestration.sample.draws import Ints
from orchestration.sample.webshop import customer_keys, newsletter

EMAIL, PHONE, CUSTOMER = range(3)
SUBJECTS = ("email", "phone", "customer_no")
CHANNELS = ("email", "sms", "phone", "post", "push")
DAILY_WITHDRAWALS = 0.001


def consents_table(business: Business, day: int) -> pa.Table:
    """Return the consents given and withdrawn on a day, in order of time."""
    parts = [_of_customers(business, day), _of_members(business, day), _withdrawals(business, day)]
    subject, row, person, channel, purpose, granted, at = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    order = np.lexsort((purpose, channel, row, subject, at))
    subject, row, person, channel = subject[order], row[order], person[order], channel[order]
    purpose, granted, at = purpose[order], granted[order], at[order]
    value = blend(subject == EMAIL, gathered(business.world.email, person), customer_keys(row))
    value = blend(subject == PHONE, _phones(business, person, at), value)
    stamp = business.world.config.date_of(day).strftime("%y%m%d")
    collected = np.where(subject == PHONE, 1, np.where(granted == 0, 2, 0))
    return pa.table(
        {
            "consent_id": numbered(f"CN{stamp}", np.arange(len(row)), 7),
            "subject_type": picked(SUBJECTS, subject),
            "subject_value": value,
            "channel": picked(CHANNELS, channel),
            "consent_purpose": picked(("marketing", "profiling", "service"), purpose),
            "consent_status": picked(("withdrawn", "granted"), granted),
            "changed_at": moments(at),
            "collected_by": picked(("registration form", "till", "preference page"), collected),
        }
    )


def _phones(business: Business, person: Ints, at: Ints) -> pa.Array:
    world = business.world
    numbers = world.mobile_of(person, at)
    return world.phones.international(world.people.country[person], numbers)


def _of_customers(business: Business, day: int) -> tuple[Ints, ...]:
    """Return consents given on the registration form: to marketing, and by some to profiling."""
    world, register = business.world, business.registers.webshop
    rows = np.flatnonzero(register.day == day)
    subscribed = rows[newsletter(business, rows)]
    profiled = rows[world.draws.chance("consent.profiling", 0.25, register.key[rows])]
    row = np.concatenate([subscribed, profiled])
    purpose = np.concatenate([subscribed * 0, profiled * 0 + 1])
    by_email = world.draws.chance("consent.by_email", 0.5, register.key[row]) & (purpose == 0)
    subject = np.where(by_email, EMAIL, CUSTOMER)
    channel = np.zeros(len(row), dtype=np.int64)
    return (
        subject,
        row,
        register.person[row],
        channel,
        purpose,
        channel + 1,
        register.created_at[row],
    )


def _of_members(business: Business, day: int) -> tuple[Ints, ...]:
    """Return consents to text messages given at the till."""
    world, register = business.world, business.registers.loyalty
    rows = np.flatnonzero(register.day == day)
    row = rows[world.draws.chance("consent.sms", 0.45, register.key[rows])]
    one = np.ones(len(row), dtype=np.int64)
    granted = world.draws.chance("consent.sms.granted", 0.85, register.key[row]).astype(np.int64)
    return one * PHONE, row, register.person[row], one, one * 0, granted, register.created_at[row]


def _withdrawals(business: Business, day: int) -> tuple[Ints, ...]:
    """Return consents that subscribed customers take back."""
    world, register = business.world, business.registers.webshop
    known = np.arange(register.upto(day if day == 1 else day - 1))
    known = known[newsletter(business, known)]
    rate = 0.08 if day == 1 else DAILY_WITHDRAWALS
    row = known[world.draws.chance("consent.withdrawn", rate, register.key[known], known * 0 + day)]
    opens = np.maximum(register.created_at[row], world.config.opens(day))
    room = world.config.closes(day) - opens
    at = opens + (world.draws.uniform("consent.withdrawn.at", register.key[row]) * room).astype(
        np.int64
    )
    by_email = world.draws.chance("consent.by_email", 0.5, register.key[row])
    none = np.zeros(len(row), dtype=np.int64)
    return np.where(by_email, EMAIL, CUSTOMER), row, register.person[row], none, none, none, at


def channel_preferences_table(business: Business, day: int) -> pa.Table:
    """Return the channel preferences that are new or changed on a day."""
    world, register, draws = business.world, business.registers.loyalty, business.world.draws
    count = register.upto(day)
    states = draws.chance("preference.kept", 0.22, register.key[:count])
    changed = draws.chance("preference.changed", 0.005, register.key[:count], np.full(count, day))
    is_new = register.day[:count] == day
    rows = np.flatnonzero(states & (is_new | changed))
    person, key = register.person[rows], register.key[rows]
    opens = np.maximum(register.created_at[rows], world.config.opens(day))
    room = world.config.closes(day) - opens
    at = opens + (draws.uniform("preference.at", key, rows * 0 + day) * room).astype(np.int64)
    known = world.has_email[person] & draws.chance("preference.email", 0.6, key)
    return pa.table(
        {
            "preference_id": numbered("PR", rows + 1, 8),
            "email": masked(gathered(world.email, person), ~known),
            "phone": masked(
                _phones(business, person, at), known & draws.chance("preference.only", 0.5, key)
            ),
            "preferred_channel": picked(
                CHANNELS, draws.below("preference.channel", 5, key, rows * 0 + day)
            ),
            "contact_frequency": picked(
                ("daily", "weekly", "monthly", "never"), draws.below("preference.often", 4, key)
            ),
            "updated_at": moments(at),
        }
    )
