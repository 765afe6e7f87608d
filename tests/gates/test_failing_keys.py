import pytest

from orchestration.gates.failing_keys import failing_keys, index_columns
from tests.gates.conftest import expect


@pytest.fixture
def suite(suite_of):
    return suite_of(
        "landing.crm_people",
        expect("expect_column_values_to_be_in_set", column="vendor", value_set=["Silk Insights"]),
        expect("expect_column_values_to_match_regex", column="card", regex=r"^26\d{11}$"),
        key=("vendor", "card"),
    )


@pytest.mark.parametrize(
    "key", ["CT00000001", "webshop:W1", "2026-11-21|CMP0001", "pos:R1:2", "11000"]
)
def test_a_made_up_key_is_quoted(key, suite):
    assert failing_keys([{"id": key}], suite) == (key,)


@pytest.mark.parametrize(
    "value",
    [
        "ann@example.com",
        "+254712000001",
        "0712000001",
        "Ann",
        "Ann Lee",
        "محمد",
        "social:x/ann_1",
        "",
    ],
)
def test_what_may_be_personal_is_not_quoted(value, suite):
    (shown,) = failing_keys([{"id": value}], suite)
    assert shown.startswith("hash ")
    assert len(shown) == len("hash ") + 12


def test_a_key_of_the_form_that_the_suite_asks_for_is_quoted(suite):
    rows = [{"vendor": "Silk Insights", "card": "2600000000001"}]
    assert failing_keys(rows, suite) == ("Silk Insights|2600000000001",)


def test_a_key_of_another_form_than_the_suite_asks_for_is_not(suite):
    rows = [{"vendor": "Silk Insights", "card": "C1", "_load_id": "L1", "_row": 7}]
    assert failing_keys(rows, suite) == ("load L1 row 7",)


def test_the_key_names_a_row_and_else_the_ids_and_things_of_a_query(suite):
    assert index_columns(suite, ["card", "email", "vendor", "_row"]) == ["vendor", "card", "_row"]
    assert index_columns(suite, ["email", "source_system", "customer_id"]) == [
        "source_system",
        "customer_id",
    ]
