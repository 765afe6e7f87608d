"""Exports of the tills: receipts and their lines."""

import numpy as np
import pyarrow as pa

from orchestration.sample.business import Business
from orchestration.sample.catalogue import product_keys
from orchestration.sample.columns import amounts, moments, numbered, picked
from orchestration.sample.draws import Keys
from orchestration.sample.receipts import receipt_lines_of

CASHIERS = ("Zoë A.", "José M.", "Amina S.", "René K.", "Grace W.", "Mùi T.", "Søren H.", "Juma R.")


def receipt_keys(row: Keys) -> pa.Array:
    """Return receipt numbers."""
    return numbered("R", row + 1, 10)


def store_keys(store: Keys) -> pa.Array:
    """Return the keys of shops."""
    return numbered("S", store + 1, 3)


def card_keys(card: Keys) -> pa.Array:
    """Return card numbers."""
    return numbered("2600", np.where(card < 0, -1, card + 1), 9)


def receipts_table(business: Business, day: int) -> pa.Table:
    """Return the receipts of a day."""
    world, receipts = business.world, business.receipts
    rows = np.flatnonzero(receipts.day == day)
    key, store = receipts.key[rows], receipts.store[rows]
    cashier = world.draws.below("receipt.cashier", len(CASHIERS), key)
    method = world.draws.choice("receipt.payment", (0.25, 0.45, 0.28, 0.02), key)
    return pa.table(
        {
            "receipt_no": receipt_keys(rows),
            "store_id": store_keys(store),
            "cashier": picked(CASHIERS, cashier),
            "card_no": card_keys(receipts.card[rows]),
            "sold_at": moments(receipts.sold_at[rows]),
            "currency": picked(world.places.currencies, business.stores.country[store]),
            "total_amount": amounts(receipts.total_cents[rows]),
            "payment_method": picked(("card", "cash", "wallet", "transfer"), method),
        }
    )


def receipt_lines_table(business: Business, day: int) -> pa.Table:
    """Return the lines of the receipts of a day."""
    world, receipts = business.world, business.receipts
    rows = np.flatnonzero(receipts.day == day)
    lines = receipt_lines_of(world, business.catalogue, business.stores, receipts, rows)
    return pa.table(
        {
            "receipt_no": receipt_keys(lines.receipt),
            "line_no": pa.array(lines.line),
            "product_id": product_keys(lines.product),
            "quantity": pa.array(lines.quantity),
            "unit_price": amounts(lines.unit_cents),
        }
    )
