"""Write small conformed, identity and quality tables, so that the marts can be built alone."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import duckdb

AS_OF = datetime(2026, 6, 30, 6, 0)  # noqa: DTZ001  UTC without a zone, as the warehouse keeps it

TEXT, STAMP, DAY, MONEY, WHOLE, TRUTH = (
    "varchar",
    "timestamp",
    "date",
    "decimal(18,2)",
    "bigint",
    "boolean",
)

Row = Mapping[str, object]

COLUMNS: dict[str, dict[str, str]] = {
    "conformed.int_person_records__normalised": {
        "source_record_id": TEXT,
        "source_system": TEXT,
        "country_code": TEXT,
        "given_name_raw": TEXT,
        "middle_name_raw": TEXT,
        "family_name_raw": TEXT,
        "full_name_raw": TEXT,
        "given_name": TEXT,
        "middle_name": TEXT,
        "family_name": TEXT,
        "full_name": TEXT,
        "birth_date": DAY,
        "birth_year": "integer",
        "sex": TEXT,
        "email_raw": TEXT,
        "email": TEXT,
        "phone_raw": TEXT,
        "phone": TEXT,
        "secondary_phone_raw": TEXT,
        "secondary_phone": TEXT,
        "street_raw": TEXT,
        "street": TEXT,
        "unit": TEXT,
        "city_raw": TEXT,
        "city": TEXT,
        "region": TEXT,
        "postcode": TEXT,
        "account_id": TEXT,
        "is_test_record": TRUTH,
        "source_priority": "integer",
        "source_created_at": STAMP,
        "source_updated_at": STAMP,
    },
    "conformed.int_contact_points__normalised": {
        "source_record_id": TEXT,
        "source_system": TEXT,
        "kind": TEXT,
        "value": TEXT,
        "is_placeholder": TRUTH,
        "source_updated_at": STAMP,
    },
    "conformed.int_addresses__normalised": {
        "source_record_id": TEXT,
        "street": TEXT,
        "unit": TEXT,
        "city": TEXT,
        "region": TEXT,
        "postcode": TEXT,
        "country_code": TEXT,
        "source_updated_at": STAMP,
    },
    "conformed.country_utc_offsets": {"country_code": TEXT, "utc_offset_minutes": "integer"},
    "conformed.half_lives": {
        "attribute": TEXT,
        "source_system": TEXT,
        "half_life_days": "integer",
    },
    "conformed.vendor_prices": {"vendor": TEXT, "price_per_record_usd": "decimal(18,4)"},
    "conformed.int_accounts__unioned": {
        "account_id": TEXT,
        "source_system": TEXT,
        "account_name": TEXT,
        "legal_form": TEXT,
        "tax_number": TEXT,
        "industry": TEXT,
        "website_domain": TEXT,
        "phone": TEXT,
        "street": TEXT,
        "city": TEXT,
        "country_code": TEXT,
        "parent_account_id": TEXT,
        "source_updated_at": STAMP,
    },
    "conformed.int_products__unioned": {
        "product_id": TEXT,
        "product_name": TEXT,
        "category": TEXT,
        "subcategory": TEXT,
        "brand": TEXT,
        "price_usd": MONEY,
        "cost_usd": MONEY,
    },
    "conformed.int_orders__unioned": {
        "order_id": TEXT,
        "source_system": TEXT,
        "order_channel": TEXT,
        "source_record_id": TEXT,
        "ordered_at": STAMP,
        "order_status": TEXT,
        "currency_code": TEXT,
        "order_amount": MONEY,
        "order_amount_usd": MONEY,
        "is_cancelled": TRUTH,
        "is_returned": TRUTH,
        "payment_method": TEXT,
        "device_id": TEXT,
    },
    "conformed.int_order_lines__unioned": {
        "order_line_id": TEXT,
        "order_id": TEXT,
        "product_id": TEXT,
        "quantity": WHOLE,
        "unit_price": MONEY,
        "discount_amount": MONEY,
        "line_amount": MONEY,
        "line_amount_usd": MONEY,
    },
    "conformed.int_invoices__unioned": {
        "invoice_id": TEXT,
        "source_record_id": TEXT,
        "account_id": TEXT,
        "order_id": TEXT,
        "issued_date": DAY,
        "due_date": DAY,
        "currency_code": TEXT,
        "invoice_amount": MONEY,
        "invoice_amount_usd": MONEY,
        "invoice_status": TEXT,
    },
    "conformed.int_payments__unioned": {
        "payment_id": TEXT,
        "invoice_id": TEXT,
        "paid_date": DAY,
        "payment_amount": MONEY,
        "payment_amount_usd": MONEY,
        "payment_method": TEXT,
    },
    "conformed.int_credit_limits__unioned": {
        "credit_limit_id": TEXT,
        "source_record_id": TEXT,
        "account_id": TEXT,
        "credit_limit_usd": MONEY,
        "credit_rating": TEXT,
        "valid_from_date": DAY,
    },
    "conformed.int_campaigns__unioned": {
        "campaign_id": TEXT,
        "campaign_name": TEXT,
        "channel": TEXT,
        "objective": TEXT,
        "start_date": DAY,
        "end_date": DAY,
        "budget_amount_usd": MONEY,
    },
    "conformed.int_campaign_costs__unioned": {
        "campaign_id": TEXT,
        "platform": TEXT,
        "cost_date": DAY,
        "impressions": WHOLE,
        "clicks": WHOLE,
        "cost_usd": MONEY,
    },
    "conformed.int_tickets__unioned": {
        "ticket_id": TEXT,
        "source_record_id": TEXT,
        "order_id": TEXT,
        "category": TEXT,
        "contact_channel": TEXT,
        "priority": TEXT,
        "ticket_status": TEXT,
        "satisfaction": WHOLE,
        "opened_at": STAMP,
        "first_response_at": STAMP,
        "resolved_at": STAMP,
        "is_open": TRUTH,
    },
    "conformed.int_consents__unioned": {
        "consent_id": TEXT,
        "subject_type": TEXT,
        "subject_value": TEXT,
        "channel": TEXT,
        "consent_purpose": TEXT,
        "consent_status": TEXT,
        "changed_at": STAMP,
    },
    "conformed.int_channel_preferences__unioned": {
        "preference_id": TEXT,
        "email": TEXT,
        "phone": TEXT,
        "preferred_channel": TEXT,
        "contact_frequency": TEXT,
        "source_updated_at": STAMP,
    },
    "conformed.int_devices__linked": {
        "device_id": TEXT,
        "source_record_id": TEXT,
        "first_seen_at": STAMP,
        "last_seen_at": STAMP,
        "people_count": WHOLE,
        "is_shared": TRUTH,
    },
    "conformed.int_interactions__unioned": {
        "interaction_id": TEXT,
        "source_system": TEXT,
        "channel": TEXT,
        "interaction_type": TEXT,
        "occurred_at": STAMP,
        "source_record_id": TEXT,
        "email": TEXT,
        "phone": TEXT,
        "device_id": TEXT,
        "campaign_id": TEXT,
        "order_id": TEXT,
        "ticket_id": TEXT,
        "amount_usd": MONEY,
        "subject": TEXT,
    },
    "conformed.int_web_signals__daily": {
        "device_id": TEXT,
        "source_record_id": TEXT,
        "channel": TEXT,
        "interaction_type": TEXT,
        "signal_date": DAY,
        "event_count": WHOLE,
        "first_at": STAMP,
        "last_at": STAMP,
    },
    "conformed.int_mentions__rated": {
        "interaction_id": TEXT,
        "parent_interaction_id": TEXT,
        "source_record_id": TEXT,
        "platform": TEXT,
        "mention_type": TEXT,
        "topic": TEXT,
        "language_code": TEXT,
        "occurred_at": STAMP,
        "sentiment_score": "decimal(9,4)",
        "sentiment": TEXT,
    },
    "conformed.int_demographics__unioned": {
        "source_record_id": TEXT,
        "vendor": TEXT,
        "income_band": TEXT,
        "household_size": WHOLE,
        "interests": TEXT,
        "birth_year": WHOLE,
        "collected_date": DAY,
    },
    "identity.identity_map": {
        "source_record_id": TEXT,
        "source_system": TEXT,
        "customer_id": TEXT,
        "assigned_at": STAMP,
        "model_version": TEXT,
    },
    "identity.households": {
        "source_record_id": TEXT,
        "customer_id": TEXT,
        "household_id": TEXT,
        "people_count": WHOLE,
        "evidence": TEXT,
    },
    "identity.accounts": {
        "account_id": TEXT,
        "resolved_account_id": TEXT,
        "evidence": TEXT,
    },
    "identity.account_people": {
        "source_record_id": TEXT,
        "account_id": TEXT,
        "evidence": TEXT,
    },
    "identity.membership_history": {
        "source_record_id": TEXT,
        "source_system": TEXT,
        "customer_id": TEXT,
        "assigned_at": STAMP,
        "model_version": TEXT,
        "valid_from": STAMP,
        "valid_to": STAMP,
    },
    "identity.id_history": {
        "event_id": TEXT,
        "event": TEXT,
        "customer_id": TEXT,
        "related_customer_id": TEXT,
        "occurred_at": STAMP,
        "run_id": TEXT,
    },
    "identity.customer_aliases": {
        "customer_id": TEXT,
        "current_customer_id": TEXT,
        "since": STAMP,
    },
    "quality.runs": {"run_id": TEXT, "as_of": STAMP, "started_order": WHOLE},
}


def write_world(
    connection: duckdb.DuckDBPyConnection,
    world: Mapping[str, Sequence[Row]],
    *,
    shuffle_seed: int | None = None,
) -> None:
    """Create every table the marts read and fill it with the rows of the world.

    A column that a row does not name is null.
    """
    shuffler = random.Random(shuffle_seed)
    for table, columns in COLUMNS.items():
        schema = table.split(".")[0]
        typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(f"create schema if not exists {schema}")
        connection.execute(f"create or replace table {table} ({typed})")
        rows = [ordered(row, columns) for row in world.get(table, ())]
        if shuffle_seed is not None:
            shuffler.shuffle(rows)
        if rows:
            marks = ", ".join("?" for _ in columns)
            connection.executemany(f"insert into {table} values ({marks})", rows)


def ordered(row: Row, columns: Iterable[str]) -> list[object]:
    """Return the values of a row in the order of the columns."""
    unknown = set(row) - set(columns)
    assert not unknown, f"unknown columns {sorted(unknown)}"
    return [row.get(name) for name in columns]
