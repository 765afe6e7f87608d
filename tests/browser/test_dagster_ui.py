"""What an analyst sees in Dagster's UI after a run started from the command line."""

import time

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SECONDS = 1000


def test_the_lineage_shows_how_the_customer_360_came_to_be(ui, page):
    page.goto(f"{ui}/assets/marts/customer_360?view=lineage&lineageScope=neighbors")
    expect(page.get_by_text("customer_360").first).to_be_visible(timeout=60 * SECONDS)
    expect(page.get_by_text("snapshot").first).to_be_visible(timeout=60 * SECONDS)


def test_a_run_from_the_command_line_is_seen(ui, page):
    page.goto(f"{ui}/runs")
    expect(page.get_by_text("daily").first).to_be_visible(timeout=60 * SECONDS)
    expect(page.get_by_text("Success").first).to_be_visible(timeout=60 * SECONDS)


def test_gates_are_seen_as_checks_of_their_table(ui, page):
    page.goto(f"{ui}/assets/landing/crm_contacts?view=checks")
    expect(page.get_by_text("gate").first).to_be_visible(timeout=60 * SECONDS)


def test_the_nightly_schedule_is_on(ui, page):
    page.goto(f"{ui}/automation")
    expect(page.get_by_text("every_night").first).to_be_visible(timeout=60 * SECONDS)


def test_the_data_docs_open_and_hold_the_suites(home, page):
    index = home / "docs" / "index.html"
    page.goto(index.as_uri())
    page.get_by_role("link", name="crm_contacts", exact=True).first.click()
    expect(page.get_by_text("contact_id").first).to_be_visible(timeout=60 * SECONDS)


def test_data_docs_of_three_thousand_expectations_open_in_two_seconds(tmp_path, page):
    from orchestration.gates.data_docs import build_data_docs
    from orchestration.gates.suites import load_suites
    from tests.gates.conftest import expect, suite_content, written

    many = [expect("expect_column_to_exist", column=f"c{number}") for number in range(50)]
    for number in range(60):
        label = f"marts.table_{number:02d}"
        written(tmp_path / "suites", label, suite_content(label, *many))
    suites = load_suites([tmp_path / "suites"])
    index = build_data_docs(tmp_path / "results", tmp_path / "docs", suites)
    started = time.monotonic()
    page.goto(index.as_uri())
    assert page.get_by_text("table_59").first.is_visible()
    assert time.monotonic() - started < 2
