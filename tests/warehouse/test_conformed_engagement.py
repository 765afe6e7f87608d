"""Interactions of every channel, tickets, consents and preferences of the tiny company."""

from tests.warehouse.landed_world import LandedWorld


def test_everything_that_happened_is_one_row_in_one_shape(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select interaction_id, channel, interaction_type, subject"
        " from conformed.int_interactions__unioned order by all"
    )
    assert found == [
        ("invoices:I1", "billing", "invoice", "open"),
        ("invoices:I2", "billing", "invoice", "open"),
        ("invoices:I3", "billing", "invoice", "open"),
        ("marketing_email_events:E1", "email", "open", None),
        ("orders:pos:R1", "shop", "order", "completed"),
        ("orders:pos:R2", "shop", "order", "returned"),
        ("orders:webshop:O1", "web", "order", "delivered"),
        ("orders:webshop:O2", "web", "order", "cancelled"),
        ("payments:Y1", "billing", "payment", "transfer"),
        ("quotes:QU1", "sales", "quote", "revised"),
        ("quotes:QU2", "sales", "quote", "sent"),
        ("social_mentions:N1", "social", "post", "delivery"),
        ("social_mentions:N2", "social", "comment", None),
        ("support_calls:B1", "phone", "inbound_call", None),
        ("support_chats:H1", "chat", "chat", None),
        ("tickets:T1", "support", "ticket", "complaint"),
        ("tickets:T2", "support", "ticket", None),
        ("web_events:V1", "web", "login", None),
        ("web_events:V2", "web", "login", None),
        ("web_events:V3", "app", "login", None),
        ("web_events:V4", "web", "view", "P1"),
    ]


def test_an_interaction_carries_whatever_tells_whose_it_was(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select interaction_id, source_record_id, email, phone, device_id, order_id, ticket_id"
        " from conformed.int_interactions__unioned where interaction_id in ('invoices:I3',"
        " 'marketing_email_events:E1', 'orders:pos:R1', 'payments:Y1', 'support_calls:B1',"
        " 'support_chats:H1', 'web_events:V2') order by all"
    )
    assert found == [
        ("invoices:I3", "webshop_guest:O2", None, None, None, "webshop:O2", None),
        ("marketing_email_events:E1", None, "amina.otieno@example.co.ke", None, None, None, None),
        ("orders:pos:R1", "loyalty:M1", None, None, None, "pos:R1", None),
        ("payments:Y1", "webshop:W1", None, None, None, "webshop:O1", None),
        ("support_calls:B1", None, None, "+254712345678", None, None, None),
        ("support_chats:H1", None, None, None, "D1", None, "T1"),  # none@none.com is no address
        ("web_events:V2", "webshop:W1", None, None, "D2", None, None),
    ]


def test_what_somebody_typed_into_the_search_box_stays_in_staging(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select count(*) from conformed.int_interactions__unioned as each"
        " where cast(each as varchar) ilike '%my name%'"
    )
    assert found == [(0,)]


def test_a_ticket_without_any_requester_belongs_to_nobody(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select ticket_id, source_record_id, order_id, is_open"
        " from conformed.int_tickets__unioned order by all"
    )
    assert found == [("T1", "support:T1", "webshop:O1", True), ("T2", None, None, False)]


def test_consents_speak_of_contact_points_and_records_as_the_others_do(
    built_world: LandedWorld,
) -> None:
    found = built_world.rows(
        "select consent_id, subject_type, subject_value, channel, consent_status"
        " from conformed.int_consents__unioned order by all"
    )
    assert found == [
        ("S1", "email", "amina.otieno@example.co.ke", "email", "granted"),
        ("S2", "source_record_id", "webshop:W1", "email", "withdrawn"),
        ("S3", "phone", "+254712345678", "sms", "granted"),
        ("S4", "phone", None, "sms", "granted"),  # no country code: nobody can say whose it is
    ]


def test_a_preference_is_known_by_its_contact_points(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select preference_id, email, phone, preferred_channel"
        " from conformed.int_channel_preferences__unioned"
    )
    assert found == [("F1", "amina.otieno@example.co.ke", "+254712345678", "sms")]
