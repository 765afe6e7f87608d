import phonenumbers
import pytest

from tests.sample.delivered import RATES, count


def is_valid(number, country):
    """Tell whether a number is in use; people type 00 where East Africa's networks want 000."""
    number = "+" + number[2:] if number.startswith("00") else number
    return phonenumbers.is_valid_number(phonenumbers.parse(number, country))


@pytest.mark.parametrize(
    ("child", "parent", "key"),
    [
        ("webshop_order_lines", "webshop_orders", "order_no"),
        ("webshop_order_lines", "webshop_products", "product_id"),
        ("webshop_orders", "webshop_customers", "customer_no"),
        ("pos_receipt_lines", "pos_receipts", "receipt_no"),
        ("pos_receipt_lines", "webshop_products", "product_id"),
        ("pos_receipts", "loyalty_cards", "card_no"),
        ("loyalty_cards", "loyalty_members", "member_id"),
        ("marketing_email_events", "marketing_campaigns", "campaign_id"),
        ("marketing_ad_spend", "marketing_campaigns", "campaign_id"),
        ("support_tickets", "webshop_orders", "order_no"),
        ("support_chats", "support_tickets", "ticket_id"),
        ("support_calls", "support_tickets", "ticket_id"),
        ("billing_invoices", "webshop_orders", "order_no"),
        ("billing_invoices", "webshop_customers", "customer_no"),
        ("billing_invoices", "crm_accounts", "account_id"),
        ("billing_payments", "billing_invoices", "invoice_no"),
        ("billing_credit_limits", "webshop_customers", "customer_no"),
        ("billing_credit_limits", "crm_accounts", "account_id"),
        ("crm_contacts", "crm_accounts", "account_id"),
        ("crm_opportunities", "crm_accounts", "account_id"),
        ("crm_opportunities", "crm_contacts", "contact_id"),
        ("crm_quotes", "crm_opportunities", "opportunity_id"),
        ("web_events", "webshop_customers", "customer_no"),
        ("web_events", "webshop_products", "product_id"),
        ("web_events", "marketing_campaigns", "campaign_id"),
    ],
)
def test_what_is_referred_to_is_there(duka, child, parent, key):
    assert count(duka, f"from {child} where {key} is not null")
    assert not count(
        duka,
        f"from {child} where {key} is not null and {key} not in (select {key} from {parent})",
    )


def test_an_order_is_the_sum_of_its_lines_returns_included(duka):
    assert not count(
        duka,
        """
        select orders.order_no from webshop_orders as orders
        inner join webshop_order_lines as lines on orders.order_no = lines.order_no
        group by all having any_value(total_amount) != sum(quantity * unit_price - discount_amount)
        """,
    )


def test_every_order_and_every_receipt_has_lines(duka):
    assert not count(duka, "from webshop_orders anti join webshop_order_lines using (order_no)")
    assert not count(duka, "from pos_receipts anti join pos_receipt_lines using (receipt_no)")


def test_a_receipt_is_the_sum_of_its_lines(duka):
    assert not count(
        duka,
        """
        select receipts.receipt_no from pos_receipts as receipts
        inner join pos_receipt_lines as lines on receipts.receipt_no = lines.receipt_no
        group by all having any_value(total_amount) != sum(quantity * unit_price)
        """,
    )


def test_goods_come_back_only_with_orders_that_are_returned(duka):
    assert count(duka, "from webshop_order_lines where quantity < 0")
    assert not count(
        duka,
        """
        from webshop_order_lines as lines
        inner join webshop_orders as orders on lines.order_no = orders.order_no
        where lines.quantity < 0 and orders.order_status != 'returned'
        """,
    )


def test_a_guest_has_a_name_and_no_number(duka):
    assert count(duka, "from webshop_orders where customer_no is null")
    assert not count(
        duka,
        """
        from webshop_orders
        where (customer_no is null and guest_name is null)
            or (customer_no is not null
                and coalesce(guest_name, guest_email, guest_phone) is not null)
        """,
    )


def test_every_currency_is_the_one_of_the_country(duka):
    found = duka.execute(
        "select distinct shipping_country, currency from webshop_orders"
    ).fetchall()
    assert len(found) == len({country for country, _ in found}) == 9
    assert {currency for _, currency in found} == set(RATES)


def test_nothing_happened_before_it_could(duka):
    orders_first = {
        "support_tickets": "child.opened_at >= parent.ordered_at",
        "billing_invoices": "child.issued_on >= cast(parent.ordered_at as date)",
    }
    for table, condition in orders_first.items():
        assert not count(
            duka,
            f"from {table} as child inner join webshop_orders as parent "
            f"on child.order_no = parent.order_no where not ({condition})",
        )
    assert not count(
        duka,
        """
        from billing_payments as child
        inner join billing_invoices as parent on child.invoice_no = parent.invoice_no
        where child.paid_on < parent.issued_on
        """,
    )
    assert not count(
        duka,
        """
        from webshop_orders as child
        inner join webshop_customers as parent on child.customer_no = parent.customer_no
        where child.ordered_at < parent.registered_at
        """,
    )


@pytest.mark.parametrize(
    ("table", "moment"),
    [
        ("webshop_orders", "updated_at"),
        ("webshop_customers", "updated_at"),
        ("crm_contacts", "updated_at"),
        ("crm_opportunities", "updated_at"),
        ("crm_quotes", "updated_at"),
        ("pos_receipts", "sold_at"),
        ("loyalty_members", "changed_at"),
        ("loyalty_cards", "updated_at"),
        ("marketing_email_events", "occurred_at"),
        ("marketing_leads", "updated_at"),
        ("support_tickets", "updated_at"),
        ("billing_invoices", "updated_at"),
        ("web_events", "occurred_at"),
        ("social_mentions", "posted_at"),
        ("consent_consents", "changed_at"),
        ("consent_channel_preferences", "updated_at"),
    ],
)
def test_no_delivery_knows_the_future(duka, table, moment):
    first, last = duka.execute(f"select min({moment}), max({moment}) from {table}").fetchone()
    assert str(first) >= "2024-11-19"
    assert str(last) < "2026-11-21"


def test_some_customers_wait_for_an_answer_to_a_complaint(duka):
    """Offers to them stop: a sample without them would never show it."""
    assert count(
        duka,
        "from support_tickets "
        "where category = 'complaint' and ticket_status in ('open', 'pending')",
    )


def test_an_invoice_has_one_payer(duka):
    assert not count(
        duka, "from billing_invoices where (customer_no is null) = (account_id is null)"
    )
    assert count(duka, "from billing_invoices where account_id is not null")


def test_payments_settle_paid_invoices_to_the_cent(duka):
    assert count(duka, "from billing_invoices where invoice_status = 'paid'")
    assert not count(
        duka,
        """
        select invoices.invoice_no from billing_invoices as invoices
        left join billing_payments as payments on invoices.invoice_no = payments.invoice_no
        group by all
        having coalesce(sum(amount), 0)
            != if(any_value(invoice_status) = 'paid', any_value(total_amount), 0)
        """,
    )


def test_some_invoices_are_overdue_and_some_are_paid_late(duka):
    assert count(duka, "from billing_invoices where invoice_status = 'overdue'")
    assert count(
        duka,
        """
        from billing_payments as payments
        inner join billing_invoices as invoices on payments.invoice_no = invoices.invoice_no
        where payments.paid_on > invoices.due_on
        """,
    )


def test_visitors_look_before_they_order(duka):
    assert not count(
        duka,
        """
        from webshop_orders as orders
        anti join web_events as events
            on orders.device_id = events.device_id and events.event_type = 'purchase'
            and orders.ordered_at = events.occurred_at
        where orders.ordered_at < '2026-11-19'
        """,
    )


def test_some_devices_are_used_by_several_people(duka):
    assert count(
        duka,
        "select device_id from web_events where customer_no is not null "
        "group by all having count(distinct customer_no) > 2",
    )


def test_mail_goes_to_addresses_that_people_have(duka):
    assert not count(
        duka,
        "from marketing_email_events where email not in (select email from truth_persons)"
        " and email not in (select lower(email) from webshop_customers)",
    )


def test_consents_are_of_people_and_customers_that_exist(duka):
    assert not count(
        duka,
        """
        from consent_consents
        where (subject_type = 'customer_no'
                and subject_value not in (select customer_no from webshop_customers))
            or (subject_type = 'phone' and subject_value not like '+%')
            or (subject_type = 'email' and subject_value not like '%@%')
        """,
    )
    kinds = duka.execute("select distinct subject_type from consent_consents").fetchall()
    assert {kind for (kind,) in kinds} == {"email", "phone", "customer_no"}


def test_telephone_numbers_are_valid_in_their_country(duka):
    golden = duka.execute("select phone, country from truth_persons").fetchall()
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone, _ in golden)
    assert len({phone for phone, _ in golden}) == len(golden)
    typed = duka.execute(
        "select mobile, country from crm_contacts where length(mobile) > 10"
        " and mobile not in ('0000000000', '1234567890', '0700000000', '999999999')"
    ).fetchall()
    assert all(is_valid(mobile, country) for mobile, country in typed)


def test_landlines_are_valid_in_their_country(duka):
    typed = duka.execute(
        "select phone, country from crm_accounts where phone is not null"
        " union all select phone, country from crm_contacts where phone is not null"
    ).fetchall()
    assert all(is_valid(phone, country) for phone, country in typed)
