"""What every person bought, returned and asked, by the definitions of docs/sample.md."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from orchestration.sample.business import Business
from orchestration.sample.columns import amounts, moments
from orchestration.sample.draws import Floats, Ints


def metrics_table(business: Business, entity_keys: Callable[[Ints], pa.Array]) -> pa.Table:
    """Return one row per person with the metrics as of the last day."""
    world, orders, receipts = business.world, business.orders, business.receipts
    count, closes = world.people.count, world.config.closes(world.config.days)
    rates = np.array([one.units_per_usd for one in world.places.countries])
    status = orders.status_at(closes)
    cancelled, returned = status == 3, status == 4
    order_usd = _usd(orders.amount_at(closes), rates[world.people.country[orders.person]])
    carded = np.flatnonzero(receipts.card >= 0)
    holder = business.cards.person[receipts.card[carded]]
    currency = rates[business.stores.country[receipts.store[carded]]]
    receipt_usd = _usd(receipts.total_cents[carded], currency)
    sales = ~receipts.is_return[carded]
    buyer = np.concatenate([orders.person[~cancelled], holder[sales]])
    at = np.concatenate([orders.ordered_at[~cancelled], receipts.sold_at[carded][sales]])
    first = np.full(count, np.iinfo(np.int64).max)
    last = np.full(count, -1, dtype=np.int64)
    np.minimum.at(first, buyer, at)
    np.maximum.at(last, buyer, at)
    revenue = _sum(orders.person[~cancelled], order_usd[~cancelled], count) + _sum(
        holder, receipt_usd, count
    )
    is_open = business.tickets.status_at(closes) < 2
    tickets = business.tickets.person
    return pa.table(
        {
            "entity_id": entity_keys(np.arange(count)),
            "web_orders": pa.array(np.bincount(orders.person, minlength=count)),
            "cancelled_orders": pa.array(np.bincount(orders.person[cancelled], minlength=count)),
            "returned_orders": pa.array(np.bincount(orders.person[returned], minlength=count)),
            "shop_purchases": pa.array(np.bincount(holder[sales], minlength=count)),
            "shop_returns": pa.array(np.bincount(holder[~sales], minlength=count)),
            "orders": pa.array(np.bincount(buyer, minlength=count)),
            "revenue_usd": amounts(revenue),
            "first_purchase_at": moments(np.where(last < 0, -1, first)),
            "last_purchase_at": moments(last),
            "tickets": pa.array(np.bincount(tickets, minlength=count)),
            "open_tickets": pa.array(np.bincount(tickets[is_open], minlength=count)),
        }
    )


def _usd(cents: Ints, rates: Floats) -> Ints:
    """Return hundredths of a US dollar, halves away from zero."""
    exact = cents / rates
    return np.asarray((np.sign(exact) * np.floor(np.abs(exact) + 0.5)).astype(np.int64))


def _sum(person: Ints, cents: Ints, count: int) -> Ints:
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, person, cents)
    return total
