"""Shops, loyalty cards and till receipts: who shops where, with a card or without."""

from dataclasses import dataclass

import numpy as np

from orchestration.sample.calendar import DAY_SECONDS
from orchestration.sample.catalogue import Catalogue, price_in
from orchestration.sample.draws import Flags, Ints, repeated
from orchestration.sample.registers import Register
from orchestration.sample.world import World

STORES = 60
COUNTS = (0.36, 0.3, 0.16, 0.08, 0.04, 0.025, 0.015, 0.01, 0.005, 0.003, 0.002)
ANONYMOUS_SHARE = 0.2
DAILY_VISITS = 0.013
RETURN_SHARE = 0.02
ACTIVE, LOST, CLOSED = 0, 1, 2
DAILY_LOSSES = 0.001
NO_CARD = 1 << 56  # keys of receipts without a card begin here


@dataclass(frozen=True, slots=True)
class Stores:
    """Shops by index."""

    country: Ints

    def of_country(self, country: int) -> Ints:
        """Return the shops of a country."""
        return np.flatnonzero(self.country == country)


@dataclass(frozen=True, slots=True)
class Cards:
    """Loyalty cards in the order of their numbers; `member` is a row of the loyalty register."""

    member: Ints
    person: Ints
    nth: Ints
    day: Ints
    issued_at: Ints
    status: Ints


@dataclass(frozen=True, slots=True)
class Receipts:
    """Till receipts in the order of their numbers; `card` is -1 where none was shown."""

    card: Ints
    key: Ints
    store: Ints
    day: Ints
    sold_at: Ints
    is_return: Flags
    line_count: Ints
    total_cents: Ints

    @property
    def count(self) -> int:
        """Number of receipts."""
        return len(self.key)


@dataclass(frozen=True, slots=True)
class ReceiptLines:
    """Lines of some receipts; `receipt` is the row in `Receipts`."""

    receipt: Ints
    line: Ints
    product: Ints
    quantity: Ints
    unit_cents: Ints


def make_stores(world: World) -> Stores:
    """Open shops in every country, more where more people live."""
    shares = np.array([country.share for country in world.places.countries])
    bounds = np.cumsum(np.maximum(np.round(shares * (STORES - len(shares))), 0) + 1)
    return Stores(
        np.minimum(np.searchsorted(bounds, np.arange(STORES), side="right"), len(shares) - 1)
    )


def home_store(world: World, stores: Stores, register: Register) -> Ints:
    """Return the shop each member joined in."""
    country = world.people.country[register.person]
    chosen = np.zeros(len(country), dtype=np.int64)
    for number in range(len(world.places.countries)):
        own, where = stores.of_country(number), np.flatnonzero(country == number)
        chosen[where] = own[world.draws.below("store.home", len(own), register.key[where])]
    return chosen


def make_cards(world: World, loyalty: Register) -> Cards:
    """Issue a card to most members, and a second one to some: the first is then lost or in use.

    Some who live with an earlier member use that member's card and have none of their own.
    """
    draws, key = world.draws, loyalty.key
    household = world.people.household[loyalty.person]
    is_first = np.zeros(len(key), dtype=np.bool_)
    is_first[np.unique(household, return_index=True)[1]] = True
    has_card = is_first | ~draws.chance("card.shared", 0.35, key)
    holders = np.flatnonzero(has_card)
    second = np.flatnonzero(has_card & draws.chance("card.second", 0.12, key))
    member = np.concatenate([holders, second])
    nth = np.concatenate([np.zeros(len(holders), np.int64), np.ones(len(second), np.int64)])
    closes = world.config.closes(1) + (loyalty.day[member] - 1) * DAY_SECONDS
    wait = draws.uniform("card.wait", key[member]) * (closes - loyalty.created_at[member])
    issued = loyalty.created_at[member] + np.where(nth == 0, 0, wait).astype(np.int64)
    has_second = np.isin(np.arange(len(key)), second)[member]
    state = draws.choice("card.state", (0.5, 0.4, 0.1), key[member])
    status = np.where((nth == 0) & has_second, state, ACTIVE)
    order = np.lexsort((nth, key[member], issued, loyalty.day[member]))
    person = loyalty.person[member]
    return Cards(
        member[order],
        person[order],
        nth[order],
        loyalty.day[member][order],
        issued[order],
        status[order],
    )


def lost_on(world: World, cards: Cards, day: int) -> Flags:
    """Return which cards are reported lost on a day."""
    card = np.arange(len(cards.member))
    lost = world.draws.chance("card.lost", DAILY_LOSSES, card, np.full(len(card), day))
    return np.asarray(lost & (cards.day < day) & (cards.status == ACTIVE))


def make_receipts(world: World, cards: Cards, stores: Stores, catalogue: Catalogue) -> Receipts:
    """Make every receipt up to the last day."""
    draws = world.draws
    card_number = np.arange(len(cards.member))
    visits = draws.choice("receipt.count", COUNTS, card_number)
    visits = np.where(cards.day == 1, visits, np.minimum(visits, 1))
    history, nth = repeated(card_number, visits)
    anonymous = round(world.config.customers * ANONYMOUS_SHARE)
    batches = [
        (history, nth, cards.day[history]),
        (np.full(anonymous, -1), np.arange(anonymous), np.ones(anonymous, np.int64)),
    ]
    in_use = cards.status == ACTIVE
    for day in range(2, world.config.days + 1):
        in_use &= ~lost_on(world, cards, day)
        known = np.flatnonzero((cards.day < day) & in_use)
        days = np.full(len(known), day)
        again = known[draws.chance("receipt.again", DAILY_VISITS, known, days)]
        batches.append((again, np.full(len(again), 100 + day), np.full(len(again), day)))
        others = max(1, anonymous // 100)
        batches.append((np.full(others, -1), np.arange(others), np.full(others, day)))
    card, visit, came = (np.concatenate(part) for part in zip(*batches, strict=True))
    return _finished(world, cards, stores, catalogue, (card, visit, came))


def _finished(
    world: World,
    cards: Cards,
    stores: Stores,
    catalogue: Catalogue,
    columns: tuple[Ints, Ints, Ints],
) -> Receipts:
    """Put the receipts in order and add their lines up."""
    card, nth, day = columns
    draws = world.draws
    key = np.where(card < 0, NO_CARD + nth * 4096 + day, (card * 4096 + nth) * 4096 + day)
    issued = np.where(card >= 0, cards.issued_at[card], 0)
    opens = np.where(
        day == 1, world.config.opens(1), world.config.closes(1) + (day - 2) * DAY_SECONDS
    )
    opens = np.maximum(opens, issued)
    closes = world.config.closes(1) + (day - 1) * DAY_SECONDS
    sold = opens + (draws.uniform("receipt.at", key) * (closes - opens)).astype(np.int64)
    order = np.lexsort((key, sold, day))
    card, key, day, sold = card[order], key[order], day[order], sold[order]
    draft = Receipts(
        card=card, key=key, day=day, sold_at=sold,
        store=_stores_of(world, cards, stores, card, key),
        is_return=draws.chance("receipt.return", RETURN_SHARE, key),
        line_count=1 + np.minimum(draws.about("receipt.lines", 1.2, key), 11),
        total_cents=np.zeros(len(key), np.int64),
    )  # fmt: skip
    lines = receipt_lines_of(world, catalogue, stores, draft, np.arange(draft.count))
    np.add.at(draft.total_cents, lines.receipt, lines.quantity * lines.unit_cents)
    return draft


def _stores_of(world: World, cards: Cards, stores: Stores, card: Ints, key: Ints) -> Ints:
    """Return the shop of each receipt: of the card's country, or any."""
    anywhere = world.draws.below("receipt.store", STORES, key)
    holder = world.people.country[cards.person[np.maximum(card, 0)]]
    country = np.where(card >= 0, holder, stores.country[anywhere])
    chosen = np.zeros(len(card), dtype=np.int64)
    for number in range(len(world.places.countries)):
        own, where = stores.of_country(number), np.flatnonzero(country == number)
        chosen[where] = own[world.draws.below("receipt.store.own", len(own), key[where])]
    return chosen


def receipt_lines_of(
    world: World, catalogue: Catalogue, stores: Stores, receipts: Receipts, rows: Ints
) -> ReceiptLines:
    """Return the lines of some receipts."""
    draws, count = world.draws, receipts.line_count[rows]
    receipt, nth = repeated(rows, count)
    line = nth + 1
    key = receipts.key[receipt]
    product = draws.choice("receipt.product", catalogue.weights, key, line)
    quantity = 1 + np.minimum(draws.about("receipt.quantity", 0.6, key, line), 11)
    quantity = np.where(receipts.is_return[receipt], -quantity, quantity)
    unit = price_in(world, catalogue, product, stores.country[receipts.store[receipt]])
    return ReceiptLines(receipt, line, product, quantity, unit)
