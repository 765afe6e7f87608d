"""Orders of the web shop and the app: who orders when, how an order ends, what its lines add up to.

The whole life of an order is drawn when it is placed; how it stands on a day follows from the day.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.sample.calendar import DAY_SECONDS
from orchestration.sample.catalogue import Catalogue, price_in
from orchestration.sample.draws import Flags, Ints, Keys, repeated
from orchestration.sample.registers import Register, Registers
from orchestration.sample.world import World

DELIVERED, CANCELLED, RETURNED = 0, 1, 2
FATES = (0.89, 0.05, 0.06)
COUNTS = (0.42, 0.29, 0.13, 0.07, 0.035, 0.02, 0.012, 0.009, 0.006, 0.005, 0.003)
DAILY_ORDERS = 0.011
STATUSES = ("placed", "shipped", "delivered", "cancelled", "returned")
NEVER = np.int64(2**62)


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders by number; `customer` is a row of the web shop register, -1 for guests."""

    person: Ints
    customer: Ints
    key: Ints
    day: Ints
    ordered_at: Ints
    shipped_at: Ints
    delivered_at: Ints
    cancelled_at: Ints
    returned_at: Ints
    is_full_return: Flags
    line_count: Ints
    total_cents: Ints
    returned_cents: Ints

    @property
    def count(self) -> int:
        """Number of orders."""
        return len(self.key)

    def status_at(self, moment: int) -> Ints:
        """Return an index into `STATUSES` for every order at a moment."""
        status = (self.shipped_at < moment).astype(np.int64) + (self.delivered_at < moment)
        status = np.where(self.cancelled_at < moment, 3, status)
        return np.where(self.returned_at < moment, 4, status)

    def updated_at(self, moment: int) -> Ints:
        """Return when every order last changed before a moment."""
        ends = (self.shipped_at, self.delivered_at, self.cancelled_at, self.returned_at)
        return last_before((self.ordered_at, *ends), moment)

    def amount_at(self, moment: int) -> Ints:
        """Return the sum of each order's lines at a moment, returns included, in hundredths."""
        return np.where(
            self.returned_at < moment, self.total_cents - self.returned_cents, self.total_cents
        )


@dataclass(frozen=True, slots=True)
class OrderLines:
    """Lines of some orders; `order` is the row in `Orders`."""

    order: Ints
    line: Ints
    product: Ints
    quantity: Ints
    unit_cents: Ints
    discount_cents: Ints

    @property
    def amount_cents(self) -> Ints:
        """What each line comes to."""
        return self.quantity * self.unit_cents - self.discount_cents


def _buyers(
    world: World, register: Register, counts: tuple[float, ...], daily: float
) -> tuple[Ints, Ints, Ints]:
    """Return row, n-th order and day of every purchase of the people in a register."""
    draws, key = world.draws, register.key
    stream = f"order.{register.source}"
    number = draws.choice(f"{stream}.count", counts, key)
    if register.source == "guest":
        number = number + 1
    # On the day people come they order once at most, unless they came with the history.
    number = np.where(register.day == 1, number, np.minimum(number, 1))
    rows, nth = repeated(np.arange(len(key)), number)
    batches = [(rows, nth, register.day[rows])]
    for day in range(2, world.config.days + 1):
        known = np.arange(register.upto(day - 1))
        again = known[draws.chance(f"{stream}.again", daily, key[known], np.full(len(known), day))]
        batches.append((again, np.full(len(again), 100 + day), np.full(len(again), day)))
    columns = [np.concatenate([batch[index] for batch in batches]) for index in range(3)]
    return columns[0], columns[1], columns[2]


def _placed_at(world: World, register: Register, rows: Ints, nth: Ints, day: Ints) -> Ints:
    """Return when each purchase happened: after the buyer came, within the window of its day."""
    came = register.created_at[rows]
    opens = np.where(day == 1, came, world.config.closes(1) + (day - 2) * DAY_SECONDS)
    opens = np.maximum(opens, came)
    closes = world.config.closes(1) + (day - 1) * DAY_SECONDS
    chance = world.draws.uniform(f"order.{register.source}.at", register.key[rows], nth)
    return np.asarray(opens + (chance * (closes - opens)).astype(np.int64))


def make_orders(world: World, registers: Registers, catalogue: Catalogue) -> Orders:
    """Make every order up to the last day."""
    shop, guest = registers.webshop, registers.guest
    columns = []
    for register, counts, daily in (
        (shop, COUNTS, DAILY_ORDERS),
        (guest, (0.8, 0.15, 0.05), 0.012),
    ):
        rows, nth, day = _buyers(world, register, counts, daily)
        at = _placed_at(world, register, rows, nth, day)
        customer = rows if register is shop else np.full(len(rows), -1)
        key = register.key[rows] * 4096 + nth * 2 + (register is guest)
        columns.append((register.person[rows], customer, key, day, at))
    person, customer, key, day, at = (np.concatenate(pair) for pair in zip(*columns, strict=True))
    order = np.lexsort((key, at, day))
    return _with_lives(
        world, catalogue, (person[order], customer[order], key[order], day[order], at[order])
    )


def _with_lives(
    world: World, catalogue: Catalogue, columns: tuple[Ints, Ints, Ints, Ints, Ints]
) -> Orders:
    """Draw how each order goes on and what is in it."""
    person, customer, key, day, at = columns
    draws = world.draws
    fate = draws.choice("order.fate", FATES, key)

    def after(stream: str, moment: Ints, low: float, high: float) -> Ints:
        waited = low + (high - low) * draws.uniform(f"order.{stream}", key)
        return np.asarray(moment + (waited * DAY_SECONDS).astype(np.int64))

    shipped = after("shipped", at, 0.3, 3.0)
    delivered = after("delivered", shipped, 0.5, 5.0)
    cancelled = after("cancelled", at, 0.05, 0.28)
    returned = after("returned", delivered, 1.0, 20.0)
    is_cancelled = fate == CANCELLED
    draft = Orders(
        person=person, customer=customer, key=key, day=day, ordered_at=at,
        shipped_at=np.where(is_cancelled, NEVER, shipped),
        delivered_at=np.where(is_cancelled, NEVER, delivered),
        cancelled_at=np.where(is_cancelled, cancelled, NEVER),
        returned_at=np.where(fate == RETURNED, returned, NEVER),
        is_full_return=draws.chance("order.full_return", 0.7, key),
        line_count=1 + np.minimum(draws.about("order.lines", 1.1, key), 7),
        total_cents=np.zeros(len(key), np.int64), returned_cents=np.zeros(len(key), np.int64),
    )  # fmt: skip
    rows = np.arange(draft.count)
    lines = lines_of(world, catalogue, draft, rows)
    total = np.zeros(draft.count, dtype=np.int64)
    np.add.at(total, lines.order, lines.amount_cents)
    first = lines.line == 1
    back = np.where(draft.is_full_return, total, lines.amount_cents[first])
    draft.total_cents[:] = total
    draft.returned_cents[:] = back
    return draft


def lines_of(world: World, catalogue: Catalogue, orders: Orders, rows: Ints) -> OrderLines:
    """Return the lines of some orders as they were placed."""
    draws, count = world.draws, orders.line_count[rows]
    order, nth = repeated(rows, count)
    line = nth + 1
    key = orders.key[order]
    product = draws.choice("line.product", catalogue.weights, key, line)
    quantity = 1 + np.minimum(draws.about("line.quantity", 0.5, key, line), 9)
    unit = price_in(world, catalogue, product, world.people.country[orders.person[order]])
    rate = np.array([0.0, 0.05, 0.1, 0.2])[
        draws.choice("line.discount", (0.82, 0.08, 0.06, 0.04), key, line)
    ]
    discount = np.round(quantity * unit * rate).astype(np.int64)
    return OrderLines(order, line, product, quantity, unit, discount)


def returned_lines(world: World, catalogue: Catalogue, orders: Orders, rows: Keys) -> OrderLines:
    """Return the lines that take goods of some orders back: all of them, or the first."""
    lines = lines_of(world, catalogue, orders, rows)
    back = orders.is_full_return[lines.order] | (lines.line == 1)
    number = lines.line + orders.line_count[lines.order]
    return OrderLines(
        lines.order[back], number[back], lines.product[back], -lines.quantity[back],
        lines.unit_cents[back], -lines.discount_cents[back],
    )  # fmt: skip


def within(world: World, moments: Ints, day: int) -> Flags:
    """Return which moments fall into the window of a day's delivery."""
    return np.asarray((moments >= world.config.opens(day)) & (moments < world.config.closes(day)))


def last_before(changes: tuple[Ints, ...], moment: int) -> Ints:
    """Return the latest change of each row before a moment; its making counts, whenever it was."""
    latest = changes[0]
    for changed in changes[1:]:
        latest = np.where(changed < moment, np.maximum(latest, changed), latest)
    return latest
