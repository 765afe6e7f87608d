"""Exports of billing: invoices of business accounts and some customers, payments, credit limits."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.sample.accounts import account_keys
from orchestration.sample.business import Business
from orchestration.sample.calendar import DAY_SECONDS
from orchestration.sample.columns import amounts, days, moments, numbered, picked
from orchestration.sample.draws import Ints
from orchestration.sample.orders import NEVER, within
from orchestration.sample.webshop import customer_keys, order_keys

CUSTOMER_SHARE = 0.2
TERM_DAYS = 30
OPEN, PAID, OVERDUE, VOID = range(4)
STATUSES = ("open", "paid", "overdue", "void")


@dataclass(frozen=True, slots=True)
class Invoices:
    """Invoices by index, in the order of the orders they are for; `customer` or `account` is -1."""

    order: Ints
    customer: Ints
    account: Ints
    day: Ints
    issued_at: Ints
    due_at: Ints
    paid_at: Ints
    voided_at: Ints
    number: Ints

    def status_at(self, moment: int) -> Ints:
        """Return an index into `STATUSES` for every invoice at a moment."""
        status = np.where(self.due_at < moment, OVERDUE, OPEN)
        status = np.where(self.paid_at < moment, PAID, status)
        return np.where(self.voided_at < moment, VOID, status)

    def updated_at(self, moment: int) -> Ints:
        """Return when every invoice last changed before a moment."""
        latest = np.where(
            (self.due_at < moment) & (self.paid_at > self.due_at), self.due_at, self.issued_at
        )
        latest = np.where(self.paid_at < moment, self.paid_at, latest)
        return np.where(self.voided_at < moment, self.voided_at, latest)


def make_invoices(business: Business) -> Invoices:
    """Invoice the orders of people who buy for an account, and a share of all other orders."""
    world, orders, draws = business.world, business.orders, business.world.draws
    of_person = np.full(world.people.count, -1, dtype=np.int64)
    crm = business.registers.crm
    of_person[crm.person[::-1]] = business.accounts.of_contact[::-1]
    account = of_person[orders.person]
    registered = orders.customer >= 0
    invoiced = registered & (
        (account >= 0) | draws.chance("invoice.customer", CUSTOMER_SHARE, orders.key)
    )
    invoiced &= orders.shipped_at < world.config.closes(world.config.days)
    order = np.flatnonzero(invoiced)
    key, issued = orders.key[order], orders.shipped_at[order]
    midnight = (issued // DAY_SECONDS + 1 + TERM_DAYS) * DAY_SECONDS
    lateness = draws.uniform("invoice.paid", key)
    waited = np.where(
        lateness < 0.8, lateness / 0.8 * TERM_DAYS, TERM_DAYS + (lateness - 0.8) * 300
    )
    paid = issued + (3_600 + waited * DAY_SECONDS).astype(np.int64)
    returned = orders.returned_at[order]
    void = orders.is_full_return[order] & (returned < paid)
    account = account[order]
    rank = np.lexsort((key, issued))
    customer = np.where(account >= 0, -1, orders.customer[order])
    return Invoices(
        order=order[rank], customer=customer[rank], account=account[rank],
        day=world.config.day_of(issued)[rank], issued_at=issued[rank], due_at=midnight[rank],
        paid_at=np.where(void | (lateness > 0.97), NEVER, paid)[rank],
        voided_at=np.where(void, returned, NEVER)[rank], number=np.arange(1, len(order) + 1),
    )  # fmt: skip


def invoices_table(business: Business, day: int) -> pa.Table:
    """Return the invoices that are new or changed on a day, as they stand at its end."""
    world, invoices = business.world, make_invoices(business)
    changed = invoices.day == day
    for moment in (invoices.due_at, invoices.paid_at, invoices.voided_at):
        changed |= within(world, moment, day)
    rows = np.flatnonzero(changed & (invoices.day <= day))
    closes = world.config.closes(day)
    person = business.orders.person[invoices.order[rows]]
    return pa.table(
        {
            "invoice_no": numbered("INV", invoices.number[rows], 8),
            "customer_no": customer_keys(invoices.customer[rows]),
            "account_id": account_keys(invoices.account[rows]),
            "order_no": order_keys(invoices.order[rows]),
            "issued_on": days(invoices.issued_at[rows] // DAY_SECONDS),
            "due_on": days(invoices.due_at[rows] // DAY_SECONDS - 1),
            "currency": picked(world.places.currencies, world.people.country[person]),
            "total_amount": amounts(business.orders.total_cents[invoices.order[rows]]),
            "invoice_status": picked(STATUSES, invoices.status_at(closes)[rows]),
            "updated_at": moments(invoices.updated_at(closes)[rows]),
        }
    )


def payments_table(business: Business, day: int) -> pa.Table:
    """Return the payments that came in on a day; some come in two parts at once."""
    world, invoices = business.world, make_invoices(business)
    rows = np.flatnonzero(within(world, invoices.paid_at, day) & (invoices.day <= day))
    key = business.orders.key[invoices.order[rows]]
    total = business.orders.total_cents[invoices.order[rows]]
    halves = world.draws.chance("payment.halves", 0.06, key)
    first = np.where(halves, total // 2, total)
    part = np.concatenate([np.zeros(len(rows), np.int64), np.ones(int(halves.sum()), np.int64)])
    amount = np.concatenate([first, (total - first)[halves]])
    rows = np.concatenate([rows, rows[halves]])
    order = np.lexsort((part, rows))
    rows, part, amount = rows[order], part[order], amount[order]
    key = business.orders.key[invoices.order[rows]]
    person = business.orders.person[invoices.order[rows]]
    return pa.table(
        {
            "payment_id": numbered("PAY", invoices.number[rows] * 10 + part, 9),
            "invoice_no": numbered("INV", invoices.number[rows], 8),
            "paid_on": days(invoices.paid_at[rows] // DAY_SECONDS),
            "amount": amounts(amount),
            "currency": picked(world.places.currencies, world.people.country[person]),
            "payment_method": picked(
                ("card", "wallet", "transfer"),
                world.draws.choice("payment.method", (0.3, 0.3, 0.4), key),
            ),
        }
    )


def credit_limits_table(business: Business, day: int) -> pa.Table:
    """Return every credit limit in force on a day: all accounts, some customers."""
    world, register = business.world, business.registers.webshop
    customers = np.arange(register.upto(day))
    customers = customers[world.draws.chance("limit.customer", 0.04, register.key[customers])]
    accounts = np.arange(business.accounts.count)
    customer = np.concatenate([customers, np.full(len(accounts), -1)])
    account = np.concatenate([np.full(len(customers), -1), accounts])
    country = np.concatenate(
        [world.people.country[register.person[customers]], business.accounts.country[accounts]]
    )
    key = np.where(customer >= 0, customer * 2, account * 2 + 1)
    rates = np.array([one.units_per_usd for one in world.places.countries])
    size = np.where(account >= 0, 2_000, 200) * (1 + world.draws.below("limit.size", 10, key))
    since = world.draws.below("limit.since", 500, key)
    first = (world.config.closes(1) // DAY_SECONDS) - 1
    return pa.table(
        {
            "limit_id": numbered("CRL", key + 1, 8),
            "customer_no": customer_keys(customer),
            "account_id": account_keys(account),
            "credit_limit": amounts((size * rates[country]).astype(np.int64) * 100),
            "currency": picked(world.places.currencies, country),
            "rating": picked(
                ("A", "B", "C", "D"),
                world.draws.choice("limit.rating", (0.4, 0.35, 0.2, 0.05), key),
            ),
            "valid_from": days(first - since),
        }
    )
