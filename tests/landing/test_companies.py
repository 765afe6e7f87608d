"""Real data of other companies lands through contracts alone, with balanced accounts."""

import pytest

from orchestration.landing.contract import load_contracts
from orchestration.settings import PROJECT_DIR
from tests.landing.doorway import Doorway

COMPANIES = PROJECT_DIR / "tests" / "companies"
DATA = PROJECT_DIR.parent / "shared" / "data"


def inbox_of(door: Doorway, folder: str) -> None:
    """Let the inbox show one folder of the shared data."""
    if not (DATA / folder).is_dir():
        pytest.skip(f"no ../shared/data/{folder} beside the project")
    door.inbox.mkdir()
    (door.inbox / folder).symlink_to(DATA / folder)


def test_online_retail_lands_every_one_of_its_lines(door: Doorway) -> None:
    inbox_of(door, "online_retail")
    (contract,) = load_contracts(COMPANIES / "online_retail" / "sources")
    result = door.land(contract)
    assert result.problems == ()
    assert (result.rows_received, result.rows_landed) == (541_909, 541_909)
    account = "select rows_in, rows_out, rows_set_aside, is_balanced from quality.row_accounting"
    assert door.ask(account) == [(541_909, 541_909, 0, True)]
    raw = f"read_parquet('{DATA / 'online_retail' / 'online_retail.parquet'}')"
    figures = door.ask(
        "select count(distinct invoice_no), count(distinct customer_no), "
        "count(*) filter (where customer_no is null), "
        "count(*) filter (where invoice_no like 'C%'), sum(quantity * unit_price) "
        "from landing.retail_invoice_lines"
    )
    directly = door.ask(
        'select count(distinct "InvoiceNo"), count(distinct "CustomerID"), '
        'count(*) filter (where "CustomerID" is null), '
        "count(*) filter (where \"InvoiceNo\" like 'C%'), "
        'sum("Quantity"::bigint * "UnitPrice"::decimal(18, 3)) '
        f"from {raw}"
    )
    assert figures == directly
    assert door.land(contract).loads == ()


def test_adventureworks_lands_without_a_loss(door: Doorway) -> None:
    folder = COMPANIES / "adventureworks" / "sources"
    if not (DATA / "adventureworks").is_dir():
        pytest.skip("no ../shared/data/adventureworks beside the project")
    door.inbox.symlink_to(DATA / "adventureworks")
    received: dict[str, int] = {}
    for contract in load_contracts(folder):
        result = door.land(contract)
        received[contract.table] = result.rows_received
        assert result.files_refused == 0
        assert (result.rows_quarantined, result.rows_refused) == (0, 0), result.problems
    assert received["customers"] == 18_148
    assert received["prospects"] == 2_059
    assert received["sales"] == 56_046
