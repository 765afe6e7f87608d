"""What a manager sees in the dashboard, in a real browser: every page, the search, a phone."""

import json
import shutil
import subprocess
import sys
from contextlib import contextmanager

import duckdb
import pytest
from playwright.sync_api import expect

from tests.support.command_line import environment_of
from tests.support.servers import free_port, served

pytestmark = pytest.mark.browser
SECONDS = 1000
PAGES = {
    "": "Overview",
    "changes": "What changed",
    "customer": "One customer",
    "growth": "Growth",
    "segments": "Segments",
    "campaigns": "Campaigns",
    "pipeline": "Pipeline",
    "service": "Service",
    "data_health": "Data health",
    "use_cases": "Use cases",
}


@contextmanager
def dashboard_of(home):
    port = free_port()
    command = [sys.executable, "-m", "orchestration.cli.main", "dashboard", "--json"]
    with served(
        [*command, "--port", str(port)],
        environment=environment_of(home),
        url=f"http://127.0.0.1:{port}",
        status=403,  # nobody gets in without the token
        output=subprocess.PIPE,
    ) as process:
        printed = "".join(process.stdout.readline() for _ in range(3))
        yield json.loads(printed)["url"]


@pytest.fixture(scope="module")
def dashboard(home):
    with dashboard_of(home) as url:
        yield url


@pytest.fixture
def entered(dashboard, page):
    page.goto(dashboard)
    expect(page.get_by_role("heading", name="Overview")).to_be_visible(timeout=30 * SECONDS)
    return page


def base(dashboard):
    return dashboard.split("/?")[0]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_drawn_whole(dashboard, entered, path):
    entered.goto(f"{base(dashboard)}/{path}")
    expect(entered.get_by_role("heading", name=PAGES[path], exact=True)).to_be_visible(
        timeout=30 * SECONDS
    )
    expect(entered.locator(".stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=30 * SECONDS
    )
    assert entered.get_by_test_id("stException").count() == 0
    assert entered.get_by_text("was published before this was part").count() == 0


def test_the_token_does_not_stay_in_the_address(entered):
    assert "token" not in entered.url


def test_without_the_token_there_is_nothing_to_see(dashboard, page):
    page.goto(f"{base(dashboard)}/growth")
    expect(page.get_by_text("This page needs its key")).to_be_visible()
    assert page.locator(".stApp").count() == 0


def test_a_customer_is_found_by_name_and_shown_with_provenance(dashboard, entered, home):
    with duckdb.connect(str(home / "serving" / "customer_360.duckdb"), read_only=True) as snapshot:
        name, customer_id, email = snapshot.execute(
            "select full_name, customer_id, email from marts.customer_360 where email is not null "
            "and full_name is not null order by record_count desc, customer_id limit 1"
        ).fetchone()
    for typed in (email, customer_id, f"{name.split()[-1]} {name.split()[0]}".upper()):
        entered.goto(f"{base(dashboard)}/customer")
        box = entered.get_by_label("Name, e-mail, phone or id")
        box.fill(typed)
        box.press("Enter")
        found = entered.get_by_text("Golden record").or_(entered.get_by_text("Choose one"))
        expect(found.first).to_be_visible(timeout=30 * SECONDS)
    entered.goto(f"{base(dashboard)}/customer?id={customer_id}")
    expect(entered.get_by_text("What happened")).to_be_visible(timeout=30 * SECONDS)


def test_nobody_found_says_what_to_try(dashboard, entered):
    entered.goto(f"{base(dashboard)}/customer")
    box = entered.get_by_label("Name, e-mail, phone or id")
    box.fill("nobody@nowhere.example")
    box.press("Enter")
    expect(entered.get_by_text("Nobody is known by that")).to_be_visible(timeout=30 * SECONDS)


def tab_to(page, wanted):
    """Press the tabulator until the wanted element has the focus, as a person without a mouse."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("the keyboard does not lead there")


def test_pages_are_reached_and_a_customer_is_found_by_keyboard_alone(dashboard, entered, home):
    tab_to(entered, entered.get_by_role("link", name="Growth"))
    entered.keyboard.press("Enter")
    expect(entered.get_by_role("heading", name="Growth")).to_be_visible(timeout=30 * SECONDS)

    with duckdb.connect(str(home / "serving" / "customer_360.duckdb"), read_only=True) as snapshot:
        (customer_id,) = snapshot.execute(
            "select min(customer_id) from marts.customer_360"
        ).fetchone()
    entered.goto(f"{base(dashboard)}/customer")
    box = entered.get_by_label("Name, e-mail, phone or id")
    expect(box).to_be_visible(timeout=30 * SECONDS)
    tab_to(entered, box)
    entered.keyboard.type(customer_id)
    entered.keyboard.press("Enter")
    expect(entered.get_by_text("What happened")).to_be_visible(timeout=30 * SECONDS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_every_page_without_scrolling_sideways(dashboard, browser, scheme):
    phone = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    phone.goto(dashboard)
    expect(phone.get_by_text("Customers", exact=True).first).to_be_visible(timeout=30 * SECONDS)
    ground = phone.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    brightness = sum(int(part) for part in ground.strip("rgb()").split(",")[:3])
    assert (brightness < 200) == (scheme == "dark")
    for path, title in PAGES.items():
        phone.goto(f"{base(dashboard)}/{path}")
        heading = phone.get_by_role("heading", name=title, exact=True)
        expect(heading).to_be_visible(timeout=30 * SECONDS)
        expect(phone.locator(".stApp")).to_have_attribute(
            "data-test-script-state", "notRunning", timeout=30 * SECONDS
        )
        wide = phone.evaluate("document.querySelector('.stMain').scrollWidth")
        assert wide <= 390, title
    phone.close()


def test_without_a_snapshot_the_page_says_what_to_do_and_looks_again(home, tmp_path, page):
    with dashboard_of(tmp_path) as url:
        page.goto(url)
        expect(page.get_by_text("Nothing is published yet.")).to_be_visible(timeout=30 * SECONDS)
        shutil.copytree(home / "serving", tmp_path / "serving", symlinks=True)
        page.get_by_role("button", name="Look again").click()
        expect(page.get_by_role("heading", name="Overview")).to_be_visible(timeout=30 * SECONDS)


def test_the_lineage_page_draws_the_way_of_a_figure(home, page):
    asked = [sys.executable, "-m", "orchestration.cli.main", "lineage", "customer_360.email"]
    subprocess.run(asked, env=environment_of(home), check=True, capture_output=True)
    page.goto((home / "docs" / "lineage.html").as_uri() + "#up:marts.customer_360.email")
    expect(page.get_by_text("made of 7 source columns")).to_be_visible()
    page.get_by_role("button", name="source.crm.contacts.email").click()
    page.get_by_role("button", name="what is made of it").click()
    expect(page.get_by_role("button", name="marts.customer_360.email", exact=True)).to_be_visible()
