"""Our own suites on a clean day, and on the same day broken in ways that happen."""

from shutil import copyfile

import pytest

from orchestration.gates.runner import run_gate
from orchestration.gates.suites import load_suites
from orchestration.landing.runs import begin_run
from orchestration.settings import PROJECT_DIR
from orchestration.warehouse import Warehouse
from tests.gates.conftest import AS_OF, RUN

SUITES = {suite.label: suite for suite in load_suites([PROJECT_DIR / "expectations"])}

LANDED = "'L1' as _load_id, timestamp '2026-11-21' as _loaded_at, 'f' as _source_file, n as _row"
CLEAN_DAY = {
    "landing.webshop_orders": f"""
        select
            'DK' || lpad(n::varchar, 9, '0') as order_no,
            'W' || lpad((n % 80)::varchar, 8, '0') as customer_no,
            null::varchar as guest_name, null::varchar as guest_email,
            null::varchar as guest_phone, timestamp '2026-11-20 10:00:00' as ordered_at,
            'delivered' as order_status, 'KES' as currency, 100.00::decimal(18, 2) as total_amount,
            'card' as payment_method, '1 Moi Avenue' as shipping_street,
            'Nairobi' as shipping_city, 'KE' as shipping_country, null::varchar as device_id,
            timestamp '2026-11-20 11:00:00' as updated_at, {LANDED}
        from range(1, 201) as numbers (n)
    """,
    "landing.pos_receipt_lines": f"""
        select
            'R' || lpad(n::varchar, 10, '0') as receipt_no, 1::bigint as line_no,
            'P00001' as product_id, 2::bigint as quantity, 5.00::decimal(18, 2) as unit_price,
            {LANDED}
        from range(1, 201) as numbers (n)
    """,
    "landing.consent_consents": f"""
        select
            'CN' || lpad(n::varchar, 13, '0') as consent_id, 'email' as subject_type,
            'a' || n || '@example.com' as subject_value, 'email' as channel,
            'marketing' as consent_purpose,
            case when n % 5 = 0 then 'withdrawn' else 'granted' end as consent_status,
            timestamp '2026-11-20 10:00:00' as changed_at, 'till' as collected_by, {LANDED}
        from range(1, 401) as numbers (n)
    """,
    "conformed.int_order_lines__unioned": """
        select
            'webshop:DK' || n || ':1' as order_line_id, 'webshop:DK' || n as order_id,
            'P1' as product_id, 1::bigint as quantity, 10.00::decimal(18, 4) as unit_price,
            0.00::decimal(18, 2) as discount_amount, 10.00::decimal(18, 2) as line_amount,
            10.00::decimal(18, 2) as line_amount_usd
        from range(1, 201) as numbers (n)
    """,
    "identity.identity_map": """
        select
            'crm:CT' || n as source_record_id,
            case n % 3 when 0 then 'crm' when 1 then 'webshop' else 'loyalty' end as source_system,
            'C' || translate(left(md5((n // 2)::varchar), 16), '0189', 'wxyz') as customer_id
        from range(1, 2001) as numbers (n)
    """,
}
BESIDE = {
    "conformed.int_orders__unioned": """
        select 'webshop:DK' || n as order_id, 10.00::decimal(18, 2) as order_amount
        from range(1, 201) as numbers (n)
    """,
    "conformed.int_person_records__normalised": """
        select
            'crm:CT' || n as source_record_id, null::varchar as national_id,
            null::varchar as full_name_raw, 'Amina' as given_name_raw,
            date '1980-01-01' + (n // 2)::integer as birth_date
        from range(1, 2001) as numbers (n)
    """,
    "identity.clusters": """
        select 'crm:CT' || n as source_record_id, n // 2 as cluster_id
        from range(1, 2001) as numbers (n)
    """,
}

FAULTS = {
    "a shifted column": (
        "landing.webshop_orders",
        "update landing.webshop_orders set customer_no = currency, currency = order_status",
        {"expect_column_values_to_match_regex", "expect_column_values_to_be_in_set"},
    ),
    "a doubled file": (
        "landing.webshop_orders",
        "insert into landing.webshop_orders from landing.webshop_orders",
        {"expect_compound_columns_to_be_unique"},
    ),
    "a new word in an enumeration": (
        "landing.webshop_orders",
        "update landing.webshop_orders set order_status = 'on hold' where _row < 50",
        {"expect_column_values_to_be_in_set"},
    ),
    "a lost customer number": (
        "landing.webshop_orders",
        "update landing.webshop_orders set customer_no = null where _row > 20",
        {"unexpected_rows_expectation"},
    ),
    "a key of another type": (
        "landing.webshop_orders",
        "update landing.webshop_orders set order_no = _row::varchar",
        {"expect_column_values_to_match_regex"},
    ),
    "negative quantities": (
        "landing.pos_receipt_lines",
        "update landing.pos_receipt_lines set quantity = -quantity",
        {"unexpected_rows_expectation"},
    ),
    "all consents flipped": (
        "landing.consent_consents",
        "update landing.consent_consents set consent_status = 'granted'",
        {"unexpected_rows_expectation"},
    ),
    "orphaned order lines": (
        "conformed.int_order_lines__unioned",
        "delete from conformed.int_orders__unioned where order_id like '%DK1%'",
        {"unexpected_rows_expectation"},
    ),
    "prices in another unit": (
        "conformed.int_order_lines__unioned",
        "update conformed.int_order_lines__unioned set line_amount = line_amount * 100",
        {"unexpected_rows_expectation"},
    ),
    "an amount that was not converted": (
        "conformed.int_order_lines__unioned",
        "update conformed.int_order_lines__unioned set line_amount_usd = null"
        " where product_id = 'P1'",
        {"expect_column_values_to_not_be_null"},
    ),
    "strangers linked by a default": (
        "identity.identity_map",
        "update identity.identity_map set customer_id = 'Caaaaaaaaaaaaaaaa'"
        " where source_system = 'crm'",
        {"unexpected_rows_expectation"},
    ),
    "two people who exchange a record": (
        "identity.identity_map",
        "update identity.identity_map set customer_id = case source_record_id"
        " when 'crm:CT7' then (from identity.identity_map select customer_id"
        " where source_record_id = 'crm:CT9') else customer_id end",
        {"unexpected_rows_expectation"},
    ),
    "a record that nobody was found for": (
        "identity.identity_map",
        "delete from identity.identity_map where source_record_id = 'crm:CT7'",
        {"unexpected_rows_expectation"},
    ),
    "a record of two customers": (
        "identity.identity_map",
        "insert into identity.identity_map values ('crm:CT7', 'crm', 'Caaaaaaaaaaaaaaaa')",
        {"expect_column_values_to_be_unique", "unexpected_rows_expectation"},
    ),
}


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    warehouse = Warehouse(folder / "warehouse.duckdb", folder / "tmp", memory_limit="1GB")
    with warehouse.connect() as connection:
        begin_run(connection, RUN, AS_OF)
        for label, query in {**CLEAN_DAY, **BESIDE}.items():
            connection.execute(f"create table {label} as {query}")
        connection.execute(
            "insert into quality.loads by name select 'L1' as load_id, 1 as load_order,"
            " unnest(['webshop', 'pos', 'consent']) as source,"
            " unnest(['orders', 'receipt_lines', 'consents']) as table_name, ? as run_id,"
            " 1 as rows_received, 1 as rows_landed",
            [RUN],
        )
    return warehouse.path


@pytest.fixture
def clean_day(made_once, warehouse):
    copyfile(made_once, warehouse.path)
    return warehouse


def closing(warehouse, label, folder):
    result = run_gate(
        SUITES[label], warehouse=warehouse, run_id=RUN, as_of=AS_OF, results_dir=folder
    )
    return {
        outcome.type
        for outcome in result.outcomes
        if outcome.severity == "critical" and not outcome.success
    }


@pytest.mark.parametrize("label", CLEAN_DAY)
def test_a_clean_day_passes(label, clean_day, tmp_path):
    assert closing(clean_day, label, tmp_path) == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_day_closes_the_gate(fault, clean_day, tmp_path):
    label, broken, expected = FAULTS[fault]
    with clean_day.connect() as connection:
        connection.execute(broken)
    assert closing(clean_day, label, tmp_path) == expected
