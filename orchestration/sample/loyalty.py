"""Exports of the loyalty system: changes to members, and cards."""

import numpy as np
import pyarrow as pa

from orchestration.sample.business import Business
from orchestration.sample.columns import moments, numbered, picked
from orchestration.sample.draws import Ints, Keys
from orchestration.sample.pos import card_keys, store_keys
from orchestration.sample.receipts import LOST, home_store, lost_on
from orchestration.sample.records import Scribe
from orchestration.sample.spoiling import Sightings

INSERT, UPDATE, DELETE = "insert", "update", "delete"
CARD_STATUSES = ("active", "lost", "closed")


def member_keys(row: Keys) -> pa.Array:
    """Return the keys of members."""
    return numbered("LM", row + 1, 8)


def members_table(business: Business, day: int) -> pa.Table:
    """Return the changes to members on a day, in the order they happened."""
    register = business.registers.loyalty
    states = business.registers.states(register, day, can_delete=True)
    new = np.flatnonzero(states.is_new)
    updated = np.flatnonzero(
        (
            states.is_changed
            | (states.is_new & (states.updated_at > register.created_at[: len(states.is_new)]))
        )
        & (states.deleted_at == 0)
    )
    deleted = np.flatnonzero((states.deleted_at > 0) & (states.is_new | states.is_changed))
    created = register.created_at
    batches = [
        _changes(business, INSERT, new, created[new], created[new]),
        _changes(
            business, UPDATE, updated, states.updated_at[updated], states.confirmed_at[updated]
        ),
        _changes(
            business, DELETE, deleted, states.deleted_at[deleted], states.confirmed_at[deleted]
        ),
    ]
    return pa.concat_tables(batches).sort_by(
        [("changed_at", "ascending"), ("member_id", "ascending")]
    )


def _changes(business: Business, change: str, rows: Ints, at: Ints, confirmed_at: Ints) -> pa.Table:
    world, register = business.world, business.registers.loyalty
    key, count = register.key[rows], len(rows)
    scribe = Scribe(world, Sightings("loyalty", register.person[rows], key, confirmed_at))
    address = scribe.address()
    tier = world.draws.choice("loyalty.tier", (0.7, 0.22, 0.08), key)
    store = home_store(world, business.stores, register)[rows]
    return pa.table(
        {
            "change_type": pa.array([change]).take(pa.array(np.zeros(count, dtype=np.int64))),
            "changed_at": moments(at),
            "member_id": member_keys(rows),
            "full_name": scribe.full_name(),
            "gender": scribe.sex(),
            "birth_date": scribe.birth_date(),
            "phone": scribe.phone(),
            "email": scribe.email(),
            "street": address["street"],
            "city": address["city"],
            "country": scribe.country(),
            "home_store_id": store_keys(store),
            "tier": picked(("bronze", "silver", "gold"), tier),
            "points": pa.array(world.draws.about("loyalty.points", 40.0, key) * 25),
            "joined_at": moments(register.created_at[rows]),
        }
    )


def cards_table(business: Business, day: int) -> pa.Table:
    """Return the cards issued on a day, and those lost since."""
    cards, world = business.cards, business.world
    lost = lost_on(world, cards, day)
    rows = np.flatnonzero((cards.day == day) | lost)
    lost = lost[rows]
    moment = world.moment_in("card.lost.at", np.full(len(rows), day), rows)
    return pa.table(
        {
            "card_no": card_keys(rows),
            "member_id": member_keys(cards.member[rows]),
            "card_status": picked(CARD_STATUSES, np.where(lost, LOST, cards.status[rows])),
            "issued_at": moments(cards.issued_at[rows]),
            "updated_at": moments(np.where(lost, moment, cards.issued_at[rows])),
        }
    )
