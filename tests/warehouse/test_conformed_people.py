"""Person records, contact points, addresses and devices of the tiny company."""

from datetime import date, datetime

import pytest

from tests.warehouse.landed_world import LandedWorld

PEOPLE = (
    "conformed.int_person_records__normalised"
    " where source_record_id not like 'loyalty:SHOP%' and source_record_id not like 'webshop:LONG%'"
)


def test_every_source_gives_its_person_records(built_world: LandedWorld) -> None:
    found = built_world.rows(
        f"select source_record_id, full_name, country_code from {PEOPLE} order by all"
    )
    assert found == [
        ("crm:C1", "amina otieno", "KE"),
        ("crm:C3", "test test", "KE"),
        ("crm:C4", "future date", "KE"),
        ("leads:L1", "amina otieno", "KE"),
        ("loyalty:M1", "an van nguyen", "VN"),
        ("social:chirp/amina_o", "amina o", "KE"),
        ("support:T1", "amina o", "KE"),
        ("thirdparty:north/7", "amina otieno", "KE"),
        ("thirdparty:north/8", "year wrong", "KE"),
        ("webshop:W1", "amina otieno", "KE"),
        ("webshop:W2", "an nguyen", "VN"),
        ("webshop_guest:O2", "omar khalid", "AE"),
    ]


def test_raw_values_stand_beside_normalised_ones(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select email_raw, email, phone_raw, phone, secondary_phone, street_raw, street, unit,"
        f" region, postcode, sex, account_id from {PEOPLE} and source_record_id = 'crm:C1'"
    )
    assert found == [
        (
            "Amina.Otieno@Example.co.ke",
            "amina.otieno@example.co.ke",
            "0712 345 678",
            "+254712345678",
            "+254202345678",
            "12 Moi Avenue, Apt 4",
            "12 moi ave",
            "4",
            "nairobi county",
            "00100",
            "f",
            "A1",
        )
    ]


@pytest.mark.parametrize(
    ("record", "birth_date", "birth_year"),
    [
        ("crm:C1", date(1990, 5, 17), 1990),
        ("webshop:W2", None, None),  # 1970-01-01 is a default
        ("crm:C4", None, None),  # born after the run
        ("thirdparty:north/7", None, 1990),  # only the year was sold
        ("thirdparty:north/8", None, None),  # nobody is that old
    ],
)
def test_only_birth_dates_that_can_be_are_kept(
    built_world: LandedWorld, record: str, birth_date: date | None, birth_year: int | None
) -> None:
    found = built_world.rows(
        f"select birth_date, birth_year from {PEOPLE} and source_record_id = '{record}'"
    )
    assert found == [(birth_date, birth_year)]


def test_records_made_to_try_a_system_out_are_flagged(built_world: LandedWorld) -> None:
    found = built_world.rows(f"select source_record_id from {PEOPLE} and is_test_record")
    assert found == [("crm:C3",)]


def test_a_profile_keeps_the_last_name_and_the_last_address_it_showed(
    built_world: LandedWorld,
) -> None:
    found = built_world.rows(
        f"select full_name_raw, email, source_created_at, source_updated_at from {PEOPLE}"
        " and source_system = 'social'"
    )
    assert found == [
        (
            "Amina O",
            "amina.otieno@example.co.ke",
            datetime(2026, 1, 1, 6),  # noqa: DTZ001
            datetime(2026, 1, 2, 6),  # noqa: DTZ001
        )
    ]


def test_a_number_on_more_records_than_fifty_is_a_placeholder(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select kind, value, is_placeholder, count(*) from conformed.int_contact_points__normalised"
        " where is_placeholder or value like '%2547%' group by all order by all"
    )
    assert found == [
        ("phone", "+254712345678", False, 3),
        ("phone", "+254733999999", True, 51),
    ]


def test_a_record_gives_each_of_its_contact_points_once(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select kind, value from conformed.int_contact_points__normalised"
        " where source_record_id = 'crm:C1' order by all"
    )
    assert found == [
        ("email", "amina.otieno@example.co.ke"),
        ("phone", "+254202345678"),
        ("phone", "+254712345678"),
    ]


def test_records_without_any_place_have_no_address(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select source_record_id, street, city from conformed.int_addresses__normalised"
        " where source_record_id not like 'webshop:LONG%' order by all"
    )
    assert found == [("crm:C1", "12 moi ave", "nairobi"), ("webshop_guest:O2", None, "dubai")]


def test_a_device_is_shared_by_logins_and_not_by_guest_checkouts(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select device_id, source_record_id, people_count, is_shared"
        " from conformed.int_devices__linked order by all"
    )
    assert found == [
        ("D1", "webshop:W1", 1, False),
        ("D1", "webshop_guest:O2", 1, False),
        ("D2", "webshop:W1", 2, True),
        ("D2", "webshop:W2", 2, True),
    ]


def test_an_account_is_known_by_domain_and_number(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select account_id, website_domain, tax_number, phone from conformed.int_accounts__unioned"
    )
    assert found == [("A1", "duka.co.ke", "P051234", "+254722000111")]
