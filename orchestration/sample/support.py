"""Exports of the service desk: tickets, chats, calls."""

import numpy as np
import pyarrow as pa

from orchestration.sample.business import Business
from orchestration.sample.columns import gathered, masked, moments, numbered, picked
from orchestration.sample.devices import device_keys
from orchestration.sample.draws import Keys
from orchestration.sample.orders import within
from orchestration.sample.records import Scribe
from orchestration.sample.spoiling import Sightings
from orchestration.sample.tickets import STATUSES
from orchestration.sample.webshop import order_keys

CATEGORIES = ("delivery", "return", "payment", "product", "account", "other", "complaint")
CHANNELS = ("email", "phone", "chat", "social")
PRIORITIES = ("low", "normal", "high", "urgent")


def ticket_keys(row: Keys) -> pa.Array:
    """Return the keys of tickets."""
    return numbered("TK", np.where(row < 0, -1, row + 1), 7)


def tickets_table(business: Business, day: int) -> pa.Table:
    """Return the tickets that are new or changed on a day, as they stand at its end."""
    world, tickets = business.world, business.tickets
    changed = tickets.day == day
    for moment in (tickets.answered_at, tickets.solved_at, tickets.closed_at):
        changed |= within(world, moment, day)
    rows = np.flatnonzero(changed & (tickets.day <= day))
    closes, key, person = world.config.closes(day), tickets.key[rows], tickets.person[rows]
    scribe = Scribe(world, Sightings("support", person, key, tickets.opened_at[rows]))
    status = tickets.status_at(closes)[rows]
    rated = (status >= 2) & world.draws.chance("ticket.rated", 0.4, key)
    rating = 1 + world.draws.choice("ticket.rating", (0.08, 0.08, 0.16, 0.33, 0.35), key)
    answered, solved = tickets.answered_at[rows], tickets.solved_at[rows]
    return pa.table(
        {
            "ticket_id": ticket_keys(rows),
            "requester_name": scribe.full_name(),
            "requester_email": scribe.email(),
            "requester_phone": scribe.phone(),
            "requester_country": scribe.country(),
            "order_no": order_keys(tickets.order[rows]),
            "category": picked(
                CATEGORIES, world.draws.below("ticket.category", len(CATEGORIES), key)
            ),
            "contact_channel": picked(CHANNELS, channel_of(business, rows)),
            "priority": picked(
                PRIORITIES, world.draws.choice("ticket.priority", (0.2, 0.6, 0.15, 0.05), key)
            ),
            "ticket_status": picked(STATUSES, status),
            "satisfaction": masked(pa.array(rating), ~rated),
            "opened_at": moments(tickets.opened_at[rows]),
            "first_response_at": moments(np.where(answered < closes, answered, -1)),
            "resolved_at": moments(np.where(solved < closes, solved, -1)),
            "updated_at": moments(tickets.updated_at(closes)[rows]),
        }
    )


def channel_of(business: Business, rows: Keys) -> np.ndarray:
    """Return the channel each ticket came by."""
    return business.world.draws.choice(
        "ticket.channel", (0.35, 0.3, 0.27, 0.08), business.tickets.key[rows]
    )


def chats_table(business: Business, day: int) -> pa.Table:
    """Return the chats of a day: those that became tickets, at the moment the ticket was opened."""
    world, tickets = business.world, business.tickets
    rows = np.flatnonzero(tickets.day == day)
    rows = rows[channel_of(business, rows) == 2]
    key, person, ended = tickets.key[rows], tickets.person[rows], tickets.opened_at[rows]
    length = 60 + world.draws.below("chat.length", 1_500, key)
    known = world.draws.chance("chat.email", 0.7, key) & world.has_email[person]
    return pa.table(
        {
            "chat_id": numbered("CH", rows + 1, 8),
            "customer_email": masked(gathered(world.email, person), ~known),
            "device_id": device_keys(world, person, key),
            "ticket_id": ticket_keys(rows),
            "started_at": moments(ended - length),
            "ended_at": moments(ended),
            "message_count": pa.array(2 + world.draws.below("chat.messages", 30, key)),
        }
    )


def calls_table(business: Business, day: int) -> pa.Table:
    """Return the calls of a day: those that became tickets, at the moment the ticket was opened."""
    world, tickets, people = business.world, business.tickets, business.world.people
    rows = np.flatnonzero(tickets.day == day)
    rows = rows[channel_of(business, rows) == 1]
    key, person, ended = tickets.key[rows], tickets.person[rows], tickets.opened_at[rows]
    country = people.country[person]
    phone = world.phones.international(country, world.mobile_of(person, ended))
    length = 40 + world.draws.below("call.length", 900, key)
    outbound = world.draws.chance("call.outbound", 0.15, key)
    return pa.table(
        {
            "call_id": numbered("CL", rows + 1, 8),
            "caller_phone": masked(phone, world.draws.chance("call.hidden", 0.08, key)),
            "country": picked(world.places.codes, country),
            "direction": picked(("inbound", "outbound"), outbound.astype(np.int64)),
            "started_at": moments(ended - length),
            "duration_seconds": pa.array(length),
            "ticket_id": ticket_keys(rows),
        }
    )
