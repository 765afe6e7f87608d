"""A company of a dozen rows per table, landed by hand: every rule of staging and conformed meets its case here."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from tests.warehouse.landed_world import LandedWorld

Deliveries = dict[str, list[list[dict[str, Any]]]]


def at(text: str) -> datetime:
    """Return an instant, UTC without a zone as the warehouse keeps it."""
    return datetime.fromisoformat(text)


def land_tiny_company(world: LandedWorld) -> None:
    """Land every delivery of every table, in the order written here."""
    for part in (people(), sales(), billing(), engagement(), consent()):
        for table, loads in part.items():
            for rows in loads:
                world.land(table, rows)


def people() -> Deliveries:
    """Contacts, customers, members, leads and what a vendor sold."""
    amina = {
        "contact_id": "C1", "first_name": " Amina ", "last_name": "Otieno", "gender": "F",
        "birth_date": date(1990, 5, 17), "email": "Amina.Otieno@Example.co.ke",
        "phone": "020 2345678", "mobile": "0712 345 678", "street": "12 Moi Avenue, Apt 4",
        "city": "Nairobi", "region": "Nairobi County", "postal_code": "00100", "country": "ke",
        "contact_status": "Active", "account_id": "A1", "created_at": at("2024-01-01"), "is_deleted": False,
    }  # fmt: skip
    gone = {
        "contact_id": "C2", "first_name": "Gone", "last_name": "Person", "country": "KE",
        "created_at": at("2024-01-01"), "updated_at": at("2024-02-01"), "is_deleted": False,
    }  # fmt: skip
    tester = {
        "contact_id": "C3", "first_name": "Test", "last_name": "Test", "email": "qa+1@duka.example",
        "phone": "  ", "country": "KE", "created_at": at("2024-01-01"), "updated_at": at("2024-01-01"),
        "is_deleted": False,
    }  # fmt: skip
    unborn = {
        "contact_id": "C4", "first_name": "Future", "last_name": "Date", "country": "KE",
        "birth_date": date(2027, 1, 1), "created_at": at("2024-01-01"), "updated_at": at("2024-01-01"),
        "is_deleted": False,
    }  # fmt: skip
    return {
        "crm_contacts": [
            [amina | {"updated_at": at("2024-03-01"), "last_name": "Old"}, gone, tester, unborn],
            [
                amina | {"updated_at": at("2024-06-01")},
                gone | {"updated_at": at("2024-05-01"), "is_deleted": True},
            ],
            [amina | {"updated_at": at("2024-01-02"), "last_name": "Late"}],  # came late: older than both
        ],
        "crm_accounts": [
            [
                {"account_id": "A1", "account_name": "Duka Ltd", "legal_form": "Ltd", "tax_number": "P 051-234",
                 "website": "HTTPS://www.Duka.co.ke/about", "phone": "0722 000 111", "country": "KE",
                 "created_at": at("2023-01-01"), "updated_at": at("2023-01-01")},
            ],
        ],
        "webshop_customers": [
            [
                {"customer_no": "W1", "email": "amina.otieno@example.co.ke", "first_name": "Amina",
                 "last_name": "Otieno", "birth_date": date(1990, 5, 17), "phone": "+254712345678",
                 "country_code": "KE", "registered_at": at("2024-02-01"), "updated_at": at("2024-02-01"),
                 "is_newsletter": True},
                {"customer_no": "W2", "email": "nobody@mail.vn", "first_name": "An", "last_name": "Nguyễn",
                 "birth_date": date(1970, 1, 1), "country_code": "VN", "registered_at": at("2024-02-02"),
                 "updated_at": at("2024-02-02")},
            ],
        ],
        "loyalty_members": [
            [
                {"change_type": "insert", "changed_at": at("2024-01-01"), "member_id": "M1",
                 "full_name": "Nguyễn Văn An", "birth_date": date(1985, 2, 3), "phone": "0912345678",
                 "country": "VN", "tier": "Silver", "points": 10, "joined_at": at("2024-01-01")},
                {"change_type": "insert", "changed_at": at("2024-01-01"), "member_id": "M2",
                 "full_name": "Left Us", "country": "KE"},
            ],
            [
                {"change_type": "update", "changed_at": at("2024-04-01"), "member_id": "M1",
                 "full_name": "Nguyễn Văn An", "birth_date": date(1985, 2, 3), "phone": "0912345678",
                 "country": "VN", "tier": "Gold", "points": 90, "joined_at": at("2024-01-01")},
                {"change_type": "delete", "changed_at": at("2024-04-01"), "member_id": "M2"},
            ],
        ],
        "loyalty_cards": [
            [
                {"card_no": "K1", "member_id": "M1", "card_status": "active", "issued_at": at("2024-01-01"),
                 "updated_at": at("2024-01-01")},
                {"card_no": "K2", "member_id": "M1", "card_status": "lost", "issued_at": at("2024-01-01"),
                 "updated_at": at("2024-01-01")},
            ],
        ],
        "marketing_leads": [
            [
                {"lead_id": "L1", "full_name": "Amina Otieno", "phone": "0712345678", "country": "KE",
                 "lead_status": "new", "created_at": at("2024-05-05"), "updated_at": at("2024-05-05")},
            ],
        ],
        "thirdparty_demographics": [
            [
                {"vendor": "north", "vendor_record_id": "1", "full_name": "Old Delivery", "country": "KE",
                 "collected_on": date(2023, 1, 1)},
            ],
            [
                {"vendor": "north", "vendor_record_id": "7", "full_name": "Amina Otieno", "birth_year": 1990,
                 "country": "KE", "income_band": "Middle", "household_size": 3, "interests": "tea, chess",
                 "collected_on": date(2024, 1, 1)},
                {"vendor": "north", "vendor_record_id": "8", "full_name": "Year Wrong", "birth_year": 1066,
                 "country": "KE", "collected_on": date(2024, 1, 1)},
            ],
        ],
    }  # fmt: skip


def sales() -> Deliveries:
    """Products, orders with a guest and a cancelled one, receipts with and without a card."""
    placed = {
        "order_no": "O1", "customer_no": "W1", "ordered_at": at("2026-01-10 08:00"), "order_status": "placed",
        "currency": "KES", "total_amount": "2580.00", "payment_method": "card", "shipping_country": "KE",
        "device_id": "D1", "updated_at": at("2026-01-10 08:00"),
    }  # fmt: skip
    return {
        "webshop_products": [
            [{"product_id": "P1", "product_name": "Kettle", "category": "Home", "price_usd": "10.00"}],
            [{"product_id": "P1", "product_name": "Kettle 2", "category": "Home", "price_usd": "11.00"}],
        ],
        "webshop_orders": [
            [placed],
            [
                placed | {"order_status": "Delivered", "updated_at": at("2026-01-12")},
                {"order_no": "O2", "guest_name": "Omar Khalid", "guest_email": "omar@mail.ae",
                 "ordered_at": at("2026-02-01 10:00"), "order_status": "cancelled", "currency": "AED",
                 "total_amount": "36.73", "shipping_country": "AE", "shipping_city": "Dubai", "device_id": "D1",
                 "updated_at": at("2026-02-01 10:00")},
            ],
        ],
        "webshop_order_lines": [
            [
                {"order_no": "O1", "line_no": 1, "product_id": "P1", "quantity": 2, "unit_price": "1300.00",
                 "discount_amount": "20.00"},
                {"order_no": "O2", "line_no": 1, "product_id": "P1", "quantity": 1, "unit_price": "36.73"},
            ],
            [  # the same line arrives again in another file: the first one stays
                {"order_no": "O1", "line_no": 1, "product_id": "P1", "quantity": 2, "unit_price": "9999.00"},
                {"order_no": "O9", "line_no": 1, "product_id": "P1", "quantity": 1, "unit_price": "5.00"},
            ],
        ],
        "pos_receipts": [
            [
                {"receipt_no": "R1", "store_id": "S1", "card_no": "K2", "sold_at": at("2026-03-01 12:00"),
                 "currency": "VND", "total_amount": "254000.00", "payment_method": "cash"},
                {"receipt_no": "R2", "store_id": "S1", "sold_at": at("2026-03-02 12:00"), "currency": "VND",
                 "total_amount": "-50800.00", "payment_method": "cash"},
            ],
        ],
        "pos_receipt_lines": [
            [
                {"receipt_no": "R1", "line_no": 1, "product_id": "P1", "quantity": 1, "unit_price": "254000.00"},
                {"receipt_no": "R2", "line_no": 1, "product_id": "P1", "quantity": -1, "unit_price": "50800.00"},
            ],
        ],
    }  # fmt: skip


def billing() -> Deliveries:
    """Invoices of a customer, an account and a guest, with a payment and limits."""
    invoice = {
        "issued_on": date(2026, 1, 15), "due_on": date(2026, 2, 15), "currency": "USD",
        "total_amount": "20.00", "invoice_status": "open", "updated_at": at("2026-01-15"),
    }  # fmt: skip
    return {
        "billing_invoices": [
            [
                invoice | {"invoice_no": "I1", "customer_no": "W1", "order_no": "O1"},
                invoice | {"invoice_no": "I2", "account_id": "A1"},
                invoice | {"invoice_no": "I3", "order_no": "O2"},
            ],
        ],
        "billing_payments": [
            [
                {"payment_id": "Y1", "invoice_no": "I1", "paid_on": date(2026, 1, 20), "amount": "2580.00",
                 "currency": "KES", "payment_method": "transfer"},
            ],
        ],
        "billing_credit_limits": [
            [
                {"limit_id": "CL1", "customer_no": "W1", "credit_limit": "12900.00", "currency": "KES",
                 "rating": "b", "valid_from": date(2026, 1, 1)},
            ],
        ],
    }  # fmt: skip


def engagement() -> Deliveries:
    """E-mails, visits on shared and own devices, tickets, chats, calls, posts."""
    visit = {"platform": "web", "event_type": "login"}
    return {
        "marketing_campaigns": [
            [
                {"campaign_id": "G1", "campaign_name": "Spring", "channel": "Email", "started_on": date(2026, 1, 1),
                 "budget_amount": "1290.00", "budget_currency": "KES"},
            ],
        ],
        "marketing_ad_spend": [
            [
                {"spend_date": date(2026, 1, 2), "campaign_id": "G1", "platform": "Search", "impressions": 100,
                 "clicks": 5, "cost": "129.00", "currency": "KES"},
            ],
        ],
        "marketing_email_events": [
            [
                {"event_id": "E1", "campaign_id": "G1", "email": "AMINA.OTIENO@example.co.ke",
                 "event_type": "Open", "occurred_at": at("2026-01-05 09:00")},
            ],
        ],
        "web_events": [
            [
                visit | {"event_id": "V1", "occurred_at": at("2026-01-01 10:00"), "device_id": "D1",
                         "customer_no": "W1"},
                visit | {"event_id": "V2", "occurred_at": at("2026-01-03 10:00"), "device_id": "D2",
                         "customer_no": "W1"},
                visit | {"event_id": "V3", "occurred_at": at("2026-01-04 10:00"), "device_id": "D2",
                         "customer_no": "W2", "platform": "app"},
                visit | {"event_id": "V4", "occurred_at": at("2026-01-05 10:00"), "device_id": "D3",
                         "event_type": "view", "product_id": "P1", "search_term": "my name is Amina"},
            ],
            [
                visit | {"event_id": "V1", "occurred_at": at("2026-01-01 10:00"), "device_id": "D1",
                         "customer_no": "W1"},
            ],
        ],
        "support_tickets": [
            [
                {"ticket_id": "T1", "requester_name": "Amina O.", "requester_email": "amina.otieno@example.co.ke",
                 "requester_country": "KE", "order_no": "O1", "category": "Complaint", "contact_channel": "email",
                 "ticket_status": "pending", "opened_at": at("2026-02-02 08:00"), "updated_at": at("2026-02-03")},
                {"ticket_id": "T2", "contact_channel": "phone", "ticket_status": "closed",
                 "opened_at": at("2026-02-04 08:00"), "updated_at": at("2026-02-05")},
            ],
        ],
        "support_chats": [
            [
                {"chat_id": "H1", "customer_email": "none@none.com", "device_id": "D1", "ticket_id": "T1",
                 "started_at": at("2026-02-02 07:00"), "message_count": 4},
            ],
        ],
        "support_calls": [
            [
                {"call_id": "B1", "caller_phone": "0712345678", "country": "KE", "direction": "Inbound",
                 "started_at": at("2026-02-06 07:00"), "duration_seconds": 60},
            ],
        ],
        "social_mentions": [
            [
                {"mention_id": "N1", "platform": "Chirp", "handle": "amina_o", "display_name": "Amina",
                 "profile_email": "amina.otieno@example.co.ke", "posted_at": at("2026-01-01 06:00"),
                 "topic": "Delivery", "country": "KE"},
                {"mention_id": "N2", "platform": "Chirp", "handle": "amina_o", "display_name": "Amina O",
                 "parent_mention_id": "N1", "posted_at": at("2026-01-02 06:00"), "country": "KE"},
            ],
        ],
    }  # fmt: skip


def consent() -> Deliveries:
    """Consents by every kind of subject, and a preference."""
    given = {"channel": "email", "consent_purpose": "marketing", "changed_at": at("2026-01-01")}
    return {
        "consent_consents": [
            [
                given | {"consent_id": "S1", "subject_type": "email", "subject_value": "Amina.Otieno@example.co.ke",
                         "consent_status": "granted"},
                given | {"consent_id": "S2", "subject_type": "customer_no", "subject_value": "W1",
                         "consent_status": "Withdrawn"},
                given | {"consent_id": "S3", "subject_type": "phone", "subject_value": "+254 712 345678",
                         "channel": "sms", "consent_status": "granted"},
                given | {"consent_id": "S4", "subject_type": "phone", "subject_value": "0712 345 678",
                         "channel": "sms", "consent_status": "granted"},
            ],
        ],
        "consent_channel_preferences": [
            [
                {"preference_id": "F1", "email": "amina.otieno@example.co.ke", "phone": "+254712345678",
                 "preferred_channel": "SMS", "contact_frequency": "weekly", "updated_at": at("2026-01-01")},
            ],
        ],
    }  # fmt: skip


def placeholder_members(count: int) -> Iterator[dict[str, Any]]:
    """Yield members who all carry the telephone number of one shop."""
    for number in range(count):
        yield {
            "change_type": "insert", "changed_at": at("2024-01-01"), "member_id": f"SHOP{number:03d}",
            "full_name": f"Person {number}", "phone": "0733 999 999", "country": "KE",
        }  # fmt: skip


def customers_with_long_names(count: int) -> Iterator[dict[str, Any]]:
    """Yield customers whose values all differ and are longer than DuckDB keeps within a value."""
    for number in range(count):
        word = "".join(chr(ord("a") + number // 26**place % 26) for place in range(3))
        yield {
            "customer_no": f"LONG{number:05d}", "first_name": f"Wanjikulina{word} Njeringungi{word}",
            "last_name": f"Otienokuriangah{word}", "email": f"wanjikulina.{word}@mail-of-nairobi.co.ke",
            "street": f"{number} Road of the Long Names {word}", "city": f"Town of the Long Names {word}",
            "country_code": "KE", "registered_at": at("2024-05-05"), "updated_at": at("2024-05-05"),
        }  # fmt: skip
