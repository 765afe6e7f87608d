"""Faults of other kinds, thought up when the gates were set, to try what nobody had in mind."""

from orchestration.bench.faults import (
    CLOCK,
    KNOWN,
    MIX,
    ONE_VALUE,
    TIES,
    VOLUME,
    Fault,
    Row,
    put,
    turn,
)

MISSING = "part of a source missing"
ANEW = "keys numbered anew"


def _in_capitals(row: Row, _number: int) -> Row:
    return {**row, "first_name": row["first_name"].upper(), "last_name": row["last_name"].upper()}


def _in_one_column(row: Row, _number: int) -> Row:
    return {**row, "first_name": f"{row['first_name']} {row['last_name']}", "last_name": ""}


def _member_anew(row: Row, number: int) -> Row:
    return {**row, "member_id": f"LM9{number:07d}"}


def _first_half_of_products(row: Row, _number: int) -> Row | None:
    return row if str(row["product_id"])[-1] in "01234" else None


def _not_in_shillings(row: Row, _number: int) -> Row | None:
    return None if row["currency"] in ("KES", "TZS") else row


FURTHER_FAULTS: tuple[Fault, ...] = (
    Fault("names in capitals", "webshop_customers", ("wrong format", KNOWN), _in_capitals),
    Fault("mail hosts misspelt", "webshop_customers", (ONE_VALUE,),
          turn("email", lambda text: text.replace("@", "@www."))),
    Fault("two names in one column", "webshop_customers", ("missing values", "wrong format", KNOWN),
          _in_one_column),
    Fault("numbers of houses cut off", "webshop_customers", ("wrong format", KNOWN),
          turn("street", lambda text: "".join(each for each in text if not each.isdigit()))),
    Fault("members under new keys", "loyalty_members", (ANEW, *VOLUME), _member_anew),
    Fault("shops of two countries silent", "pos_receipts", (MISSING, MIX, *VOLUME),
          _not_in_shillings),
    Fault("lines of half of the products", "pos_receipt_lines", (MISSING, TIES, *VOLUME),
          _first_half_of_products),
    Fault("all orders in one minute", "webshop_orders", CLOCK,
          put({"ordered_at": "2026-06-15 12:00:00"})),
    Fault("every ticket about the same", "support_tickets", (MIX, ONE_VALUE),
          put({"category": "other"})),
)  # fmt: skip
