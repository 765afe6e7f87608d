"""What visitors do on the web site and in the app: before they order, and when they only look."""

import numpy as np
import pyarrow as pa

from orchestration.sample.business import Business
from orchestration.sample.catalogue import product_keys
from orchestration.sample.columns import masked, moments, numbered, picked
from orchestration.sample.devices import cookie_names, device_names, device_of, strangers
from orchestration.sample.draws import Ints, repeated
from orchestration.sample.marketing import campaign_keys, make_campaigns
from orchestration.sample.orders import lines_of
from orchestration.sample.webshop import customer_keys

VIEW, SEARCH, CART, LOGIN, PURCHASE = range(5)
EVENT_TYPES = ("view", "search", "cart", "login", "purchase")
ORDER_VISIT = (VIEW, SEARCH, VIEW, CART, LOGIN, PURCHASE)
SEARCHES = (
    "rice",
    "phone",
    "mchele",
    "dress",
    "solar lamp",
    "áo dài",
    "telefon",
    "خبز",
    "shoes",
    "чай",
    "soap",
    "radio",
)
STRANGER_SHARE = 0.15
BROWSE_MEAN, DAILY_BROWSING = 0.6, 0.008

Visits = tuple[
    Ints, Ints, Ints, Ints, Ints, Ints
]  # device, customer, product, end or start, key, steps


def events_table(business: Business, day: int) -> pa.Table:
    """Return the events of a day in order of time."""
    parts = [_order_visits(business, day), _browsing(business, day), _strangers(business, day)]
    device, customer, product, kind, at, key, nth = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    inside = (at >= business.world.config.opens(day)) & (at < business.world.config.closes(day))
    order = np.flatnonzero(inside)
    order = order[np.lexsort((nth[order], key[order], at[order]))]
    device, customer, product = device[order], customer[order], product[order]
    kind, at, key, nth = kind[order], at[order], key[order], nth[order]
    return _table(business, day, (device, customer, product, kind, at, key, nth))


def _order_visits(business: Business, day: int) -> tuple[Ints, ...]:
    """Return the steps that led to each order of the day, the purchase last."""
    world, orders = business.world, business.orders
    rows = np.flatnonzero(orders.day == day)
    lines = lines_of(world, business.catalogue, orders, rows)
    first = lines.product[lines.line == 1]
    steps = len(ORDER_VISIT)
    key = np.repeat(orders.key[rows], steps)
    nth = np.tile(np.arange(steps), len(rows))
    kept = _is_taken(business, key, nth, np.repeat(orders.customer[rows], steps))
    wait = (steps - 1 - nth) * (20 + world.draws.below("visit.pace", 160, key))
    columns = (
        np.repeat(device_of(world, orders.person[rows], orders.key[rows]), steps),
        np.repeat(orders.customer[rows], steps),
        np.repeat(first, steps),
        np.array(ORDER_VISIT)[nth],
        np.repeat(orders.ordered_at[rows], steps) - wait,
        key * 4,
        nth,
    )
    return tuple(column[kept] for column in columns)


def _is_taken(business: Business, key: Ints, nth: Ints, customer: Ints) -> np.ndarray:
    """Return which steps of a visit happen: always the last, no login for guests."""
    kind = np.array(ORDER_VISIT)[nth]
    taken = (
        business.world.draws.chance("visit.step", 0.7, key, nth)
        | (kind == PURCHASE)
        | (kind == LOGIN)
    )
    return np.asarray(taken & ((kind != LOGIN) | (customer >= 0)))


def _browsing(business: Business, day: int) -> tuple[Ints, ...]:
    """Return visits of registered customers that end without an order."""
    world, register, draws = business.world, business.registers.webshop, business.world.draws
    if day == 1:
        known = np.arange(register.upto(1))
        count = draws.about("browse.count", BROWSE_MEAN, register.key[known])
    else:
        known = np.arange(register.upto(day - 1))
        count = (
            draws.chance("browse.today", DAILY_BROWSING, register.key[known], known * 0 + day) * 1
        )
    row, nth = repeated(known, count)
    key = (register.key[row] * 4096 + nth + (0 if day == 1 else 100 + day)) * 4 + 1
    opens = np.maximum(register.created_at[row], world.config.opens(day))
    room = world.config.closes(day) - 3_600 - opens
    start = opens + (draws.uniform("browse.at", key) * np.maximum(room, 1)).astype(np.int64)
    device = device_of(world, register.person[row], key)
    logged_in = draws.chance("browse.login", 0.55, key)
    return _steps(business, (device, np.where(logged_in, row, -1), start, key))


def _strangers(business: Business, day: int) -> tuple[Ints, ...]:
    """Return visits of people who never said who they are."""
    config = business.world.config
    count = round(config.customers * STRANGER_SHARE)
    visit = np.arange(count if day == 1 else max(1, count // 100)) + (day << 32)
    key = visit * 4 + 2
    room = config.closes(day) - 3_600 - config.opens(day)
    start = config.opens(day) + (business.world.draws.uniform("stranger.at", key) * room).astype(
        np.int64
    )
    return _steps(business, (strangers(visit), np.full(len(visit), -1), start, key))


def _steps(business: Business, visits: tuple[Ints, Ints, Ints, Ints]) -> tuple[Ints, ...]:
    """Return the steps of visits that only look; whoever is known logs in first."""
    device, customer, start, key = visits
    draws = business.world.draws
    count = 1 + np.minimum(draws.about("visit.steps", 1.3, key), 8)
    row, nth = repeated(np.arange(len(key)), count)
    kind = draws.choice("visit.kind", (0.68, 0.2, 0.12), key[row], nth)
    kind = np.where((nth == 0) & (customer[row] >= 0), LOGIN, kind)
    product = draws.choice("visit.product", business.catalogue.weights, key[row], nth)
    at = start[row] + nth * (10 + draws.below("visit.pace", 200, key[row]))
    return device[row], customer[row], product, kind, at, key[row], nth


def _table(business: Business, day: int, columns: tuple[Ints, ...]) -> pa.Table:
    device, customer, product, kind, at, key, nth = columns
    world = business.world
    draws = world.draws
    # A guest or a visitor who has not logged in yet is not known by number.
    logged_in = (kind == LOGIN) | (kind == PURCHASE) | draws.chance("visit.known", 0.5, key, nth)
    campaigns = make_campaigns(world, day)
    running = draws.below("visit.campaign", len(campaigns.starts), key)
    came_by = (nth == 0) & draws.chance("visit.by_campaign", 0.25, key)
    in_app = draws.chance("visit.app", 0.35, device)
    stamp = world.config.date_of(day).strftime("%y%m%d")
    has_product = (kind == VIEW) | (kind == CART)
    term = draws.below("visit.term", len(SEARCHES), key, nth)
    return pa.table(
        {
            "event_id": numbered(f"V{stamp}", np.arange(len(key)), 8),
            "occurred_at": moments(at),
            "device_id": device_names(world, device),
            "cookie_id": masked(cookie_names(world, device, at), in_app),
            "customer_no": customer_keys(np.where(logged_in, customer, -1)),
            "platform": picked(("web", "app"), in_app.astype(np.int64)),
            "event_type": picked(EVENT_TYPES, kind),
            "product_id": product_keys(np.where(has_product, product, -1)),
            "search_term": picked(SEARCHES, np.where(kind == SEARCH, term, -1)),
            "campaign_id": campaign_keys(np.where(came_by, running, -1)),
        }
    )
