import re
import time

import pytest

from orchestration.gates.data_docs import build_data_docs
from tests.gates.conftest import expect

NOT_NULL = expect("expect_column_values_to_not_be_null", column="id")
UNIQUE = expect("expect_column_values_to_be_unique", "warning", column="id")


@pytest.fixture
def orders(warehouse):
    with warehouse.connect() as connection:
        connection.execute(
            "create table marts.orders as select * from (values ('O1'), ('O1'), (null)) as t (id)"
        )
    return warehouse


@pytest.fixture
def folders(tmp_path):
    return tmp_path / "results", tmp_path / "docs"


@pytest.mark.usefixtures("orders")
def test_the_index_lists_every_suite_and_first_what_failed(suite_of, gate, folders):
    suites = [
        suite_of("marts.orders", UNIQUE, NOT_NULL, key=("id",)),
        suite_of("landing.crm_people", NOT_NULL),
    ]
    gate(suites[0])
    index = build_data_docs(*folders, suites)
    text = index.read_text(encoding="utf-8")
    assert index == folders[1] / "index.html"
    critical, warning = text.index("critical"), text.index("warning")
    assert critical < warning < text.index("<h2>landing</h2>") < text.index("<h2>marts</h2>")
    assert '<a href="marts/orders.html">' in text
    assert "not run yet" in text


@pytest.mark.usefixtures("orders")
def test_a_page_says_what_failed_where_why_and_what_to_do(suite_of, gate, folders):
    suite = suite_of("marts.orders", UNIQUE, NOT_NULL, key=("id",))
    gate(suite)
    build_data_docs(*folders, [suite])
    page = (folders[1] / "marts" / "orders.html").read_text(encoding="utf-8")
    for told in ("closed", "2 of 3", "O1", "the test says so", "read the test", "team:data-boss"):
        assert told in page


def test_a_suite_that_has_not_run_is_shown_with_its_expectations(suite_of, folders):
    build_data_docs(*folders, [suite_of("marts.orders", NOT_NULL)])
    page = (folders[1] / "marts" / "orders.html").read_text(encoding="utf-8")
    assert "values must never be null" in page


@pytest.mark.usefixtures("orders")
def test_an_expectation_that_could_not_be_computed_is_shown_with_its_reason(
    suite_of, gate, folders
):
    suite = suite_of("marts.orders", expect("expect_column_values_to_not_be_null", column="x"))
    gate(suite)
    build_data_docs(*folders, [suite])
    page = (folders[1] / "marts" / "orders.html").read_text(encoding="utf-8")
    assert "no column x in marts.orders" in page


@pytest.mark.usefixtures("orders")
def test_the_site_needs_nothing_from_the_net(suite_of, gate, folders):
    suite = suite_of("marts.orders", UNIQUE, NOT_NULL)
    gate(suite)
    build_data_docs(*folders, [suite])
    pages = [path.read_text(encoding="utf-8") for path in folders[1].rglob("*.html")]
    assert not [address for page in pages for address in re.findall(r"https?://\S+", page)]
    assert not [page for page in pages if "<script" in page]


def test_pages_of_suites_that_are_gone_are_dropped(suite_of, folders):
    gone, kept = suite_of("marts.gone", NOT_NULL), suite_of("marts.kept", NOT_NULL)
    build_data_docs(*folders, [gone, kept])
    build_data_docs(*folders, [kept])
    assert sorted(path.name for path in (folders[1] / "marts").iterdir()) == ["kept.html"]


@pytest.mark.usefixtures("orders")
def test_the_same_results_make_the_same_pages(suite_of, gate, folders):
    suite = suite_of("marts.orders", UNIQUE, NOT_NULL, key=("id",))
    gate(suite)
    first = build_data_docs(*folders, [suite]).read_bytes()
    page = (folders[1] / "marts" / "orders.html").read_bytes()
    time.sleep(0.01)
    assert build_data_docs(*folders, [suite]).read_bytes() == first
    assert (folders[1] / "marts" / "orders.html").read_bytes() == page
