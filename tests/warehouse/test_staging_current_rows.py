"""Which landed rows hold today, by the delivery that the contract of their table declares."""

from tests.warehouse.landed_world import LandedWorld


def test_of_an_incremental_table_the_latest_change_of_a_key_holds(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select order_id, order_status from staging.stg_webshop__orders order by all"
    )
    assert found == [("webshop:O1", "delivered"), ("webshop:O2", "cancelled")]


def test_a_change_that_arrives_late_does_not_undo_a_newer_one(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select family_name_raw from staging.stg_crm__contacts where source_record_id = 'crm:C1'"
    )
    assert found == [("Otieno",)]


def test_a_contact_marked_as_deleted_is_gone_from_staging(built_world: LandedWorld) -> None:
    found = built_world.rows("select source_record_id from staging.stg_crm__contacts order by all")
    assert found == [("crm:C1",), ("crm:C3",), ("crm:C4",)]


def test_of_a_change_feed_the_last_change_holds_and_a_delete_ends_the_key(
    built_world: LandedWorld,
) -> None:
    found = built_world.rows(
        "select source_record_id, tier, points from staging.stg_loyalty__members "
        "where source_record_id not like 'loyalty:SHOP%' order by all"
    )
    assert found == [("loyalty:M1", "gold", 90)]


def test_of_full_deliveries_only_the_last_one_holds(built_world: LandedWorld) -> None:
    found = built_world.rows("select product_id, product_name from staging.stg_webshop__products")
    assert found == [("P1", "Kettle 2")]
    vendor = built_world.rows(
        "select source_record_id from staging.stg_thirdparty__demographics order by all"
    )
    assert vendor == [("thirdparty:north/7",), ("thirdparty:north/8",)]


def test_of_appended_rows_the_first_of_a_key_holds(built_world: LandedWorld) -> None:
    found = built_world.rows(
        "select order_line_id, unit_price from staging.stg_webshop__order_lines order by all"
    )
    assert [(key, str(price)) for key, price in found] == [
        ("webshop:O1:1", "1300.00"),
        ("webshop:O2:1", "36.73"),
        ("webshop:O9:1", "5.00"),
    ]


def test_every_landed_row_is_in_staging_or_counted_as_set_aside(built_world: LandedWorld) -> None:
    unbalanced = built_world.rows("select * from conformed.row_balance where not is_balanced")
    assert unbalanced == []
    counted = built_world.rows(
        "select table_name, rows_in, rows_out, rows_set_aside from conformed.row_balance "
        "where table_name in ('stg_crm__contacts', 'stg_loyalty__members', 'stg_web__events',"
        " 'stg_webshop__products') order by all"
    )
    assert counted == [
        ("stg_crm__contacts", 7, 3, 4),
        ("stg_loyalty__members", 55, 52, 3),
        ("stg_web__events", 5, 4, 1),
        ("stg_webshop__products", 2, 1, 1),
    ]
