"""What the tiny company sold, billed, may sell and has offered, in one currency."""

from tests.warehouse.landed_world import LandedWorld


def text_rows(world: LandedWorld, query: str) -> list[tuple[str | None, ...]]:
    """Return rows with amounts as text, so that their scale is compared too."""
    return [
        tuple(None if value is None else str(value) for value in row) for row in world.rows(query)
    ]


def test_orders_of_every_channel_have_one_shape(built_world: LandedWorld) -> None:
    found = text_rows(
        built_world,
        "select order_id, order_channel, source_record_id, order_amount, order_amount_usd"
        " from conformed.int_orders__unioned order by all",
    )
    assert found == [
        ("pos:R1", "shop", "loyalty:M1", "254000.00", "10.00"),
        ("pos:R2", "shop", None, "-50800.00", "-2.00"),
        ("webshop:O1", "web", "webshop:W1", "2580.00", "20.00"),
        ("webshop:O2", "web", "webshop_guest:O2", "36.73", "10.00"),
    ]


def test_what_became_of_an_order_is_told_in_one_vocabulary(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select order_id, order_status, is_cancelled, is_returned, is_guest"
        " from conformed.int_orders__unioned order by all"
    )
    assert found == [
        ("pos:R1", "completed", False, False, False),
        ("pos:R2", "returned", False, True, False),
        ("webshop:O1", "delivered", False, False, False),
        ("webshop:O2", "cancelled", True, False, True),
    ]


def test_a_receipt_belongs_to_the_member_of_any_of_the_cards(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select source_record_id from conformed.int_orders__unioned where order_id = 'pos:R1'"
    )
    assert found == [("loyalty:M1",)]  # K2 is lost, and still the member's


def test_lines_have_their_worth_in_the_currency_of_their_order(built_world: LandedWorld) -> None:
    found = text_rows(
        built_world,
        "select order_line_id, quantity, line_amount, line_amount_usd"
        " from conformed.int_order_lines__unioned order by all",
    )
    assert found == [
        ("pos:R1:1", "1", "254000.00", "10.00"),
        ("pos:R2:1", "-1", "-50800.00", "-2.00"),
        ("webshop:O1:1", "2", "2580.00", "20.00"),
        ("webshop:O2:1", "1", "36.73", "10.00"),
        ("webshop:O9:1", "1", "5.00", None),  # its order has not arrived yet: kept, without worth
    ]


def test_an_invoice_that_names_nobody_goes_to_the_buyer(built_world: LandedWorld) -> None:
    found = text_rows(
        built_world,
        "select invoice_id, source_record_id, account_id, invoice_amount_usd"
        " from conformed.int_invoices__unioned order by all",
    )
    assert found == [
        ("I1", "webshop:W1", None, "20.00"),
        ("I2", None, "A1", "20.00"),
        ("I3", "webshop_guest:O2", None, "20.00"),
    ]


def test_payments_limits_budgets_and_costs_are_in_dollars(built_world: LandedWorld) -> None:
    found = text_rows(
        built_world,
        "select payment_id, payment_amount_usd from conformed.int_payments__unioned union all "
        "select credit_limit_id, credit_limit_usd from conformed.int_credit_limits__unioned "
        "union all "
        "select campaign_id, budget_amount_usd from conformed.int_campaigns__unioned union all "
        "select platform, cost_usd from conformed.int_campaign_costs__unioned order by all",
    )
    assert found == [("CL1", "100.00"), ("G1", "10.00"), ("Y1", "20.00"), ("search", "1.00")]


def test_opportunities_and_quotes_are_in_dollars_and_one_vocabulary(
    built_world: LandedWorld,
) -> None:
    found = text_rows(
        built_world,
        "select opportunity_id, source_record_id, stage, is_open, is_won, expected_amount_usd"
        " from conformed.int_opportunities__unioned order by all",
    )
    assert found == [
        ("OP1", "crm:C1", "negotiation", "True", "False", "20.00"),
        ("OP2", None, "won", "False", "True", None),
    ]
    found = text_rows(
        built_world,
        "select quote_id, source_record_id, revision_number, quote_status, quoted_amount_usd"
        " from conformed.int_quotes__unioned order by all",
    )
    assert found == [
        ("QU1", "crm:C1", "1", "revised", "21.00"),
        ("QU2", "crm:C1", "2", "sent", "20.00"),
        ("QU3", None, "1", "draft", "10.00"),
    ]
