"""Faults in what sources deliver: the ways in which feeds and exports really break."""

from hashlib import sha256

from orchestration.bench.faults import (
    CLOCK,
    MIX,
    MIXED_UP,
    ONE_VALUE,
    POS_TIME,
    SIZE,
    UNREADABLE,
    VOLUME,
    WEBSHOP_TIME,
    Fault,
    Row,
    exchange,
    later,
    put,
    turn,
)


def _shifted(row: Row, _number: int) -> Row:
    names = list(row)
    return dict(zip(names, [row[name] for name in [*names[1:], names[0]]], strict=True))


def _swapped_day(text: str) -> str:
    day, month, year = text.split("/")
    return f"{month}/{day}/{year}"


def _somebody_else(row: Row, number: int) -> Row:
    name = row["last_name"][::-1].title() or "Mbogo"
    return {**row, "last_name": name, "birth_date": f"{number % 27 + 1:02d}/04/1971"}


def _misread(content: bytes) -> bytes:
    return content.decode("utf-8").encode("utf-8").decode("latin-1").encode("utf-8")


def _of_last_month(row: Row, number: int) -> Row:
    earlier = later(-32 * 24, WEBSHOP_TIME)
    row = turn("ordered_at", earlier)(row, number) or row
    return turn("updated_at", earlier)(row, number) or row


FLIPPED = {"granted": "withdrawn", "withdrawn": "granted"}

DELIVERED_FAULTS: tuple[Fault, ...] = (
    Fault("default e-mail on many records", "webshop_customers", (ONE_VALUE,),
          put({"email": "no@mail.example"}, 4)),
    Fault("one shop's phone on many records", "webshop_customers", (ONE_VALUE,),
          put({"phone": "+254700000001"}, 4)),
    Fault("day and month swapped", "webshop_customers",
          (UNREADABLE, "day and month swapped", "missing values"),
          turn("birth_date", _swapped_day)),
    Fault("country code lost", "webshop_customers", ("missing values", "unknown value", UNREADABLE),
          put({"country_code": ""})),
    Fault("+ of telephone numbers lost", "webshop_customers", ("wrong format",),
          turn("phone", lambda text: text.lstrip("+0")[3:])),
    Fault("columns shifted", "webshop_orders", (MIXED_UP, UNREADABLE, "wrong format"), _shifted),
    Fault("e-mail and phone exchanged", "webshop_customers", ("wrong format",),
          exchange("email", "phone")),
    Fault("feed doubled under other keys", "pos_receipts", VOLUME, copies=2),
    Fault("source three times as large", "webshop_order_lines", VOLUME, copies=3),
    Fault("file cut short", "webshop_orders", (*VOLUME, UNREADABLE, "truncated"),
          change_file=lambda content: content[: len(content) // 5]),
    Fault("letters in another encoding", "webshop_customers", ("broken encoding", "wrong format"),
          change_file=_misread),
    Fault("file in an encoding of its own", "webshop_orders", ("file refused",),
          change_file=lambda content: content.decode("utf-8").encode("utf-16")),
    Fault("source late", "pos_receipts", ("source late",), days_late=3),
    Fault("currency changed", "webshop_orders", (MIX,), put({"currency": "USD"})),
    Fault("prices times 100", "webshop_order_lines", (SIZE,),
          turn("unit_price", lambda text: f"{float(text) * 100:.2f}")),
    Fault("amounts without their decimals", "webshop_orders", (SIZE,),
          turn("total_amount", lambda text: text.replace(".", ""))),
    Fault("timestamps in local time", "pos_receipts", CLOCK,
          turn("sold_at", later(7, POS_TIME))),
    Fault("hour of the day lost", "pos_receipts", CLOCK,
          turn("sold_at", lambda text: text[:8] + "000000")),
    Fault("id re-used for another person", "webshop_customers", ("keys taken over by others",),
          _somebody_else),
    Fault("new word in an enumeration", "webshop_orders", ("unknown value",),
          put({"order_status": "parked"}, 2)),
    Fault("all consents flipped", "consent_consents", (MIX,),
          turn("consent_status", lambda text: FLIPPED.get(text, text))),
    Fault("negative quantities", "webshop_order_lines", ("sign turned round", "out of range"),
          turn("quantity", lambda text: f"-{text}")),
    Fault("key of another type", "webshop_orders", ("wrong format",),
          turn("order_no", lambda text: text[2:])),
    Fault("names are placeholders", "webshop_customers", (ONE_VALUE,),
          put({"first_name": "Customer", "last_name": "Unknown"}, 6)),
    Fault("default birth date", "webshop_customers", (ONE_VALUE, "day and month swapped"),
          put({"birth_date": "01/01/1970"}, 7)),
    Fault("column emptied", "webshop_customers", ("missing values",), put({"phone": ""})),
    Fault("all customers of guests", "webshop_orders", ("missing values", "rule broken"),
          put({"customer_no": "", "guest_email": "", "guest_phone": ""})),
    Fault("file of another table", "webshop_order_lines", ("file refused",),
          change_file=lambda content: b"sku,stock\n" + b"P1,7\n" * max(1, len(content) // 50)),
    Fault("payment method defaulted", "pos_receipts", (MIX,), put({"payment_method": "cash"})),
    Fault("names said to be not available", "loyalty_members", (ONE_VALUE,),
          put({"full_name": "N/A"}, 6)),
    Fault("addresses of a test system", "webshop_customers", (ONE_VALUE,),
          turn("email", lambda text: f"{text.partition('@')[0]}@masked.example")),
    Fault("hashes for names", "webshop_customers", ("wrong format", MIXED_UP),
          turn("last_name", lambda text: sha256(text.encode()).hexdigest()[:20])),
    Fault("only a header", "webshop_orders", VOLUME,
          change_file=lambda content: content.split(b"\n")[0] + b"\n"),
    Fault("extract of last month", "webshop_orders", CLOCK, _of_last_month),
    Fault("lines of orders that never came", "webshop_order_lines",
          ("lines without their order", "wrong format"),
          turn("order_no", lambda text: text[:2] + "9" + text[3:])),
    Fault("prices with another tax", "webshop_order_lines",
          ("lines disagree with their order", SIZE),
          turn("unit_price", lambda text: f"{float(text) * 1.25:.2f}")),
    Fault("country defaulted", "webshop_customers", (MIX, ONE_VALUE), put({"country_code": "OM"})),
    Fault("everybody deleted", "loyalty_members", (MIX, "rule broken"),
          put({"change_type": "delete"})),
    Fault("till's own card on receipts", "pos_receipts", (ONE_VALUE, "rule broken"),
          put({"card_no": "2600000000017"}, 8)),
    Fault("century of birth lost", "webshop_customers",
          ("out of range", UNREADABLE, "day and month swapped"),
          turn("birth_date", lambda text: f"{text[:6]}20{text[8:]}")),
    Fault("consents of next year", "consent_consents", CLOCK,
          turn("changed_at", later(365 * 24, "%Y-%m-%dT%H:%M:%SZ"))),
    Fault("one device for all visitors", "web_events", (ONE_VALUE,),
          put({"device_id": "0000000000000000"}, 7)),
    Fault("satisfaction out of ten", "support_tickets", ("out of range",),
          put({"satisfaction": 9})),
)  # fmt: skip
