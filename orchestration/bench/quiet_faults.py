"""Faults after which every value is still a good one: it stands in the wrong row, or not at all.

They were thought up by a sceptic who knew the other lists, and their gates.
"""

from orchestration.bench.faults import (
    CLOCK,
    KNOWN,
    MIX,
    ONE_VALUE,
    POS_TIME,
    SIZE,
    TIES,
    VOLUME,
    WEBSHOP_TIME,
    Change,
    Fault,
    Row,
    exchange,
    later,
    put,
    turn,
)

NOTHING = "references to nothing"
CUT = "decimals lost"
AHEAD = "dates in the future"


def _other_rows(column: str) -> Change:
    """Return the change that gives every row the value that the row before it had."""
    last: list[object] = []

    def change(row: Row, number: int) -> Row:
        if number == 0:
            last.clear()  # another file, or another use of the fault
        moved = {**row, column: last[0]} if last else row
        last[:] = [row[column]]
        return moved

    return change


def _without(column: str, ends: str) -> Change:
    """Return the change that leaves out the rows whose value ends in one of some letters."""
    return lambda row, _number: None if str(row[column]).endswith(tuple(ends)) else row


def _before_noon(row: Row, _number: int) -> Row | None:
    return row if row["sold_at"][8:10] < "12" else None


def _times_hundred_of_some(row: Row, number: int) -> Row:
    price = float(row["unit_price"]) * (1 if number % 4 else 100)
    return {**row, "unit_price": f"{price:.2f}"}


def _registered_anew(row: Row, number: int) -> Row:
    """Return a row as somebody would make it who registers all customers once more."""
    return {**row, "customer_no": f"W9{number:07d}"}


QUIET_FAULTS: tuple[Fault, ...] = (
    Fault("e-mails moved to other customers", "webshop_customers", (KNOWN,), _other_rows("email")),
    Fault("telephones moved to other customers", "webshop_customers", (KNOWN,),
          _other_rows("phone")),
    Fault("names moved to other members", "loyalty_members", (KNOWN,), _other_rows("full_name")),
    Fault("given and family name exchanged", "webshop_customers", (KNOWN, "wrong format"),
          exchange("first_name", "last_name")),
    Fault("birth dates a day early", "webshop_customers", (KNOWN,),
          turn("birth_date", later(-24, "%d/%m/%Y"))),
    Fault("customers under new keys", "webshop_customers",
          ("keys numbered anew", *VOLUME, "linked otherwise", "ids changed"), _registered_anew,
          seen_at=("identity.",)),
    Fault("totals without their decimals", "webshop_orders", (CUT, TIES),
          turn("total_amount", lambda text: text.partition(".")[0]),
          seen_at=("webshop_order_lines",)),
    Fault("every quantity one", "pos_receipt_lines", (ONE_VALUE, TIES), put({"quantity": 1})),
    Fault("every discount nothing", "webshop_order_lines", (ONE_VALUE, TIES),
          put({"discount_amount": "0.00"})),
    Fault("points of all members at nothing", "loyalty_members", (ONE_VALUE, KNOWN),
          put({"points": "0"})),
    Fault("question marks for foreign letters", "webshop_customers", ("broken encoding",),
          change_file=lambda content: content.decode("utf-8").encode("ascii", "replace")),
    Fault("foreign letters left out", "webshop_customers", ("broken encoding",),
          change_file=lambda content: content.decode("utf-8").encode("ascii", "ignore")),
    Fault("half of the shops silent", "pos_receipts",
          ("part of a source missing", MIX, *VOLUME),
          _without("store_id", "13579")),
    Fault("afternoon missing", "pos_receipts", (*CLOCK, *VOLUME), _before_noon),
    Fault("orders of next year", "webshop_orders", (AHEAD, *CLOCK),
          turn("ordered_at", later(365 * 24, WEBSHOP_TIME))),
    Fault("sales a day late", "pos_receipts", (AHEAD, *CLOCK),
          turn("sold_at", later(24, POS_TIME))),
    Fault("sales a day early", "pos_receipts", CLOCK, turn("sold_at", later(-24, POS_TIME))),
    Fault("customers of orders in small letters", "webshop_orders", ("wrong format", NOTHING),
          turn("customer_no", str.lower)),
    Fault("spaces behind keys of members", "loyalty_cards", ("wrong format", NOTHING),
          turn("member_id", lambda text: f"{text} ")),
    Fault("payments of invoices that never came", "billing_payments",
          (NOTHING, "rule broken: Money for an invoice that never came"),
          seen_at=("int_payments",), change=turn("invoice_no", lambda text: f"INV9{text[4:]}")),
    Fault("orders of other customers", "webshop_orders", (KNOWN,), _other_rows("customer_no")),
    Fault("the word NULL for no number", "webshop_customers",
          ("missing values", ONE_VALUE, "wrong format"), put({"phone": "NULL"}, 6)),
    Fault("one shop in another unit", "webshop_order_lines", (SIZE, TIES), _times_hundred_of_some),
    Fault("newsletter flags turned round", "webshop_customers", (MIX, KNOWN),
          turn("is_newsletter", lambda text: "false" if text == "true" else "true")),
    Fault("yesterday's file under today's name", "pos_receipts",
          ("repeated file", "source late", *VOLUME), sends_yesterday=True),
)  # fmt: skip
