"""Exports of the web shop: customers, orders, order lines."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample.business import Business
from orchestration.sample.catalogue import product_keys
from orchestration.sample.columns import (
    Column,
    amounts,
    blend,
    gathered,
    hexadecimal,
    moments,
    numbered,
    picked,
)
from orchestration.sample.devices import device_keys
from orchestration.sample.draws import Ints, Keys
from orchestration.sample.orders import STATUSES, lines_of, returned_lines, within
from orchestration.sample.records import Scribe
from orchestration.sample.spoiling import Sightings
from orchestration.sample.world import World

PAYMENT_METHODS = ("card", "cash", "wallet", "transfer")


def customer_keys(row: Keys) -> pa.Array:
    """Return customer numbers."""
    return numbered("W", np.where(row < 0, -1, row + 100_001), 8)


def order_keys(row: Keys) -> pa.Array:
    """Return order numbers."""
    return numbered("DK", np.where(row < 0, -1, row + 1), 9)


def customers_table(business: Business, day: int) -> pa.Table:
    """Return the customers that are new or changed on a day."""
    world, register = business.world, business.registers.webshop
    states = business.registers.states(register, day, can_delete=False)
    rows = states.delivered
    key, person = register.key[rows], register.person[rows]
    scribe = Scribe(world, Sightings("webshop", person, key, states.confirmed_at[rows]))
    first, last = scribe.name_columns()
    address = scribe.address()
    # The shop lets nobody in without an address.
    email = scribe.email()
    email = blend(np.asarray(email.is_null()), gathered(world.email, person), email)
    birth = _typed_birth_date(scribe, world, key)
    return pa.table(
        {
            "customer_no": customer_keys(rows),
            "email": email,
            "first_name": first,
            "last_name": last,
            "phone": scribe.phone(),
            "birth_date": birth,
            "street": address["street"],
            "city": address["city"],
            "postcode": address["postcode"],
            "country_code": scribe.country(),
            "registered_at": moments(register.created_at[rows]),
            "updated_at": moments(states.updated_at[rows]),
            "is_newsletter": pa.array(newsletter(business, rows)),
            "password_hash": hexadecimal(world.draws.bits("webshop.password", key)),
        }
    )


def _typed_birth_date(scribe: Scribe, world: World, key: Ints) -> Column:
    """Return dates of birth as the shop writes them, day first, and some month first."""
    birth = scribe.birth_date().cast(pa.timestamp("s"))
    struck = world.dirt.strikes(world.draws, "swapped_date", "webshop", key)
    struck &= ~np.asarray(birth.is_null())
    world.dirt.note("swapped_date", "webshop", struck)
    return blend(struck, pc.strftime(birth, "%m/%d/%Y"), pc.strftime(birth, "%d/%m/%Y"))


def newsletter(business: Business, rows: Ints) -> np.ndarray:
    """Return which customers ticked the newsletter box."""
    return business.world.draws.chance(
        "webshop.newsletter", 0.75, business.registers.webshop.key[rows]
    )


def delivered_orders(business: Business, day: int) -> Ints:
    """Return the orders that are new or changed on a day."""
    orders, world = business.orders, business.world
    changed = orders.day == day
    for moment in (orders.shipped_at, orders.delivered_at, orders.cancelled_at, orders.returned_at):
        changed |= within(world, moment, day)
    return np.flatnonzero(changed & (orders.day <= day))


def orders_table(business: Business, day: int) -> pa.Table:
    """Return the orders that are new or changed on a day, as they stand at its end."""
    world, orders = business.world, business.orders
    rows = delivered_orders(business, day)
    closes = world.config.closes(day)
    person, key = orders.person[rows], orders.key[rows]
    country = world.people.country[person]
    is_guest = orders.customer[rows] < 0
    guests = np.flatnonzero(is_guest)
    at = np.full(len(rows), -1, dtype=np.int64)
    at[guests] = np.arange(len(guests))
    scribe = Scribe(
        world, Sightings("guest", person[guests], key[guests], orders.ordered_at[rows][guests])
    )
    shipping = world.addresses.lines(person, orders.ordered_at[rows], "shipping", key)
    method = world.draws.choice("order.payment", (0.3, 0.25, 0.35, 0.1), key)
    return pa.table(
        {
            "order_no": order_keys(rows),
            "customer_no": customer_keys(orders.customer[rows]),
            "guest_name": gathered(scribe.full_name(), at),
            "guest_email": gathered(scribe.email(), at),
            "guest_phone": gathered(scribe.phone(), at),
            "ordered_at": moments(orders.ordered_at[rows]),
            "order_status": picked(STATUSES, orders.status_at(closes)[rows]),
            "currency": picked(world.places.currencies, country),
            "total_amount": amounts(orders.amount_at(closes)[rows]),
            "payment_method": picked(PAYMENT_METHODS, method),
            "shipping_street": shipping["street"],
            "shipping_city": shipping["city"],
            "shipping_country": picked(world.places.codes, country),
            "device_id": device_keys(world, person, key),
            "updated_at": moments(orders.updated_at(closes)[rows]),
        }
    )


def order_lines_table(business: Business, day: int) -> pa.Table:
    """Return the lines of the day's new orders, and the lines that take goods back on the day."""
    world, orders = business.world, business.orders
    new = lines_of(world, business.catalogue, orders, np.flatnonzero(orders.day == day))
    back = np.flatnonzero(within(world, orders.returned_at, day) & (orders.day <= day))
    taken = returned_lines(world, business.catalogue, orders, back)
    order = np.concatenate([new.order, taken.order])
    return pa.table(
        {
            "order_no": order_keys(order),
            "line_no": pa.array(np.concatenate([new.line, taken.line])),
            "product_id": product_keys(np.concatenate([new.product, taken.product])),
            "quantity": pa.array(np.concatenate([new.quantity, taken.quantity])),
            "unit_price": amounts(np.concatenate([new.unit_cents, taken.unit_cents])),
            "discount_amount": amounts(np.concatenate([new.discount_cents, taken.discount_cents])),
        }
    )
