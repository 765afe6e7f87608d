"""Corner cases of deliveries, landed side by side in a world of their own and staged once."""

import random
from collections.abc import Iterator
from datetime import date, datetime

import pytest

from tests.warehouse.landed_world import LandedWorld

MONDAY, TUESDAY = datetime(2026, 1, 5), datetime(2026, 1, 6)  # noqa: DTZ001
STAGED = (
    "stg_loyalty__cards",
    "stg_loyalty__members",
    "stg_billing__credit_limits",
    "stg_marketing__ad_spend",
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LandedWorld]:
    """A world with every corner case landed and staged."""
    world = LandedWorld(tmp_path_factory.mktemp("deliveries"))
    land_cards_with_equal_cursors(world)
    land_changes_at_one_instant(world)
    land_an_empty_full_delivery(world)
    land_spend_that_repeats(world)
    built = world.dbt("run", "--select", *STAGED)
    assert built.returncode == 0, built.stdout[-3000:]
    yield world


def land_cards_with_equal_cursors(world: LandedWorld) -> None:
    versions = [card(f"M{number}") for number in range(9)]
    random.Random(3).shuffle(versions)
    world.land("loyalty_cards", [card("M9")])
    world.land("loyalty_cards", versions)


def card(member: str) -> dict[str, object]:
    return {
        "card_no": "K1", "member_id": member, "card_status": "active", "issued_at": MONDAY,
        "updated_at": MONDAY,
    }  # fmt: skip


def land_changes_at_one_instant(world: LandedWorld) -> None:
    world.land(
        "loyalty_members",
        [
            {"change_type": "update", "changed_at": TUESDAY, "member_id": "M1", "full_name": "A"},
            {"change_type": "delete", "changed_at": TUESDAY, "member_id": "M1"},
            {"change_type": "delete", "changed_at": MONDAY, "member_id": "M2"},
            {
                "change_type": "insert",
                "changed_at": TUESDAY,
                "member_id": "M2",
                "full_name": "Back",
            },
        ],
    )


def land_an_empty_full_delivery(world: LandedWorld) -> None:
    limit = {
        "limit_id": "1",
        "credit_limit": "5.00",
        "currency": "USD",
        "valid_from": date(2026, 1, 1),
    }
    world.land("billing_credit_limits", [limit])
    world.land("billing_credit_limits", [])


def land_spend_that_repeats(world: LandedWorld) -> None:
    spend = {
        "campaign_id": "G1", "platform": "search", "impressions": 1, "clicks": 1, "cost": "1.00",
        "currency": "USD", "spend_date": date(2026, 1, 1),
    }  # fmt: skip
    world.land("marketing_ad_spend", [spend, spend | {"platform": "social"}])
    world.land(
        "marketing_ad_spend", [spend | {"clicks": 7}, spend | {"spend_date": date(2026, 1, 2)}]
    )


def test_ties_of_the_cursor_go_to_the_later_load_and_then_to_the_content(
    world: LandedWorld,
) -> None:
    assert world.rows("select source_record_id from staging.stg_loyalty__cards") == [
        ("loyalty:M0",)
    ]


def test_of_a_change_and_a_delete_at_one_instant_the_delete_holds(world: LandedWorld) -> None:
    assert world.rows("select source_record_id from staging.stg_loyalty__members") == [
        ("loyalty:M2",)
    ]


def test_an_empty_full_delivery_does_not_wipe_the_table_out(world: LandedWorld) -> None:
    assert world.rows("select credit_limit_id from staging.stg_billing__credit_limits") == [("1",)]


def test_a_key_of_several_columns_is_one_key(world: LandedWorld) -> None:
    found = world.rows(
        "select cost_date, platform, clicks from staging.stg_marketing__ad_spend order by all"
    )
    assert found == [
        (date(2026, 1, 1), "search", 1),
        (date(2026, 1, 1), "social", 1),
        (date(2026, 1, 2), "search", 1),
    ]
