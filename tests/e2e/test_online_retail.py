"""UCI Online Retail: half a million real lines, from the file to returns, cohorts and baskets."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.bench.company_layers import CompanyLayers, land_no_decisions
from orchestration.gates.suites import load_suites
from orchestration.identity.accounts.account_tables import ACCOUNTS
from orchestration.identity.identity_tables import IDENTITY_MAP, append_rows
from orchestration.landing.contract import load_contracts
from orchestration.landing.dbt_sources import FILE_NAME, SOURCE_NAME, dbt_sources_yaml
from orchestration.landing.door import LandingResult, land
from orchestration.landing.runs import begin_run
from orchestration.settings import PROJECT_DIR
from orchestration.warehouse import Warehouse
from tests.marts.past_days import build_again

OVERLAY = PROJECT_DIR / "tests" / "companies" / "online_retail"
DATA = PROJECT_DIR.parent / "shared" / "data"
RUN = "today"
AS_OF = datetime(2026, 6, 30, 6, 0)  # noqa: DTZ001  UTC without a zone, as the warehouse keeps it

WANTED = ("customer_sales", "rpt_cohorts")
# What the wanted marts and the identity engine read.
READ = (
    "accounts__unioned",
    "order_lines__unioned",
    "person_records__normalised",
    "products__unioned",
)
UNIT_TESTS = "resource_type:unit_test"
SELECTED = [*(f"+int_{name}" for name in READ), *(f"+{name}" for name in WANTED)]
# What the raw file says of each invoice, in dollars of the rate that the project comes with.
INVOICES = """
    with raw_lines as (
        select
            InvoiceNo as invoice, CustomerID as customer, cast(InvoiceDate as timestamp) as moment,
            StockCode as product, cast(Quantity as bigint) as pieces,
            round(cast(Quantity as bigint) * cast(UnitPrice as decimal(18, 4)), 2) as pounds
        from read_parquet(?)
    ), invoices as (
        select
            invoice, any_value(customer) as customer, min(moment) as moment,
            invoice like 'C%' as is_cancellation, sum(pieces) as pieces, count(*) as line_count,
            cast(round(sum(pounds) / 0.79, 2) as decimal(18, 2)) as dollars
        from raw_lines
        group by invoice
    )
"""

pytestmark = pytest.mark.skipif(
    not (DATA / "online_retail").is_dir(),
    reason="the lines of Online Retail are not in ../shared/data/online_retail",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("online_retail")


@pytest.fixture(scope="module")
def landed(home: Path) -> LandingResult:
    (contract,) = load_contracts(OVERLAY / "sources")
    warehouse = warehouse_of(home)
    with warehouse.connect() as connection:
        begin_run(connection, RUN, AS_OF)
    land_no_decisions(warehouse, home, run_id=RUN, as_of=AS_OF)
    return land(
        contract,
        warehouse=warehouse,
        inbox_dir=DATA,
        landing_dir=home / "landing",
        run_id=RUN,
        as_of=AS_OF,
    )


@pytest.fixture(scope="module")
def built(home: Path, landed: LandingResult) -> Path:
    """The home after the marts were built in a copy of the overlay, with our identity engine."""
    assert landed.rows_landed
    project = home / "dbt_project"
    shutil.copytree(OVERLAY / "dbt_project", project, ignore=shutil.ignore_patterns("dbt_packages"))
    (project / "dbt_packages").mkdir()  # as `dbt deps` does it, without its seconds
    (project / "dbt_packages" / "customer_360").symlink_to(PROJECT_DIR / "dbt_project")
    warehouse = warehouse_of(home)
    with warehouse.connect() as connection:
        append_rows(connection, "identity_map", IDENTITY_MAP.empty_table())
        append_rows(connection, "accounts", ACCOUNTS.empty_table())
    # Once over nobody, for the SQL of the marts: it is then run over those whom the engine found.
    dbt(home, "build", "--select", *SELECTED, "--exclude", "resource_type:test", UNIT_TESTS)
    CompanyLayers({}).build("identity", home, warehouse, run_id=RUN, as_of=AS_OF)
    with warehouse.connect() as connection:
        build_again(connection, home, {}, WANTED, write=lambda *_: None)
    return home


def warehouse_of(home: Path) -> Warehouse:
    return Warehouse(home / "warehouse.duckdb", home / "tmp")


def dbt(home: Path, *arguments: str) -> None:
    own = {
        "C360_HOME": str(home),
        "C360_DBT_PACKAGE": str(PROJECT_DIR / "dbt_project"),
        "DBT_TARGET_PATH": str(home / "dbt"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", *arguments],
        env={**os.environ, **own},
        cwd=home / "dbt_project",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def rows(home: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def of_the_file(query: str) -> list[tuple]:
    return duckdb.execute(query, [str(DATA / "online_retail" / "online_retail.parquet")]).fetchall()


@pytest.mark.e2e
def test_staging_keeps_every_line_also_those_without_a_customer_and_cancellations(built):
    assert rows(
        built,
        "select count(*), count(*) filter (where source_record_id is null), "
        "count(*) filter (where is_cancellation), count(distinct source_record_id) "
        "from staging.stg_retail__invoice_lines",
    ) == [(541_909, 135_080, 9_288, 4_372)]


@pytest.mark.e2e
def test_staged_money_and_pieces_agree_with_the_raw_file(built):
    assert rows(
        built,
        "select sum(quantity), sum(quantity * unit_price), min(ordered_at), max(ordered_at) "
        "from staging.stg_retail__invoice_lines",
    ) == of_the_file(
        "select sum(cast(Quantity as bigint)), "
        "sum(cast(Quantity as bigint) * cast(UnitPrice as decimal(18, 4))), "
        "min(cast(InvoiceDate as timestamp)), max(cast(InvoiceDate as timestamp)) "
        "from read_parquet(?)"
    )


@pytest.mark.e2e
def test_everybody_with_a_number_is_a_customer_and_guests_are_nobodys(built):
    """Without a name or an address nobody is linked, and a guest is not taken for a customer."""
    assert rows(
        built,
        "select count(*), count(distinct customer_id) from identity.identity_map",
    ) == [(4_372, 4_372)]
    guests = "select count(*), sum(order_amount_usd), sum(revenue_usd) from marts.fct_orders"
    assert rows(built, f"{guests} where customer_id is null") == of_the_file(
        f"{INVOICES} select count(*), sum(dollars), sum(dollars) from invoices "
        "where customer is null"
    )


@pytest.mark.e2e
def test_returns_of_each_customer_agree_with_the_raw_file(built):
    told = rows(
        built,
        "select order_id, is_return_only, returned_item_count, returned_amount_usd "
        "from marts.fct_orders where customer_id is not null and is_returned order by all",
    )
    raw = of_the_file(
        f"{INVOICES} select 'retail:' || invoice, true, sum(-raw_lines.pieces), "
        "sum(cast(round(-pounds / 0.79, 2) as decimal(18, 2))) "
        "from raw_lines where customer is not null and invoice like 'C%' "
        "group by invoice order by all"
    )
    assert len(raw) == 3_654
    assert told == raw


@pytest.mark.e2e
def test_purchases_revenue_and_baskets_of_each_customer_agree_with_the_raw_file(built):
    told = rows(
        built,
        "select source_record_id, purchase_count, revenue_usd, average_basket_items, product_count "
        "from marts.customer_sales inner join identity.identity_map using (customer_id) "
        "order by all",
    )
    raw = of_the_file(
        f"""
        {INVOICES}, variety as (
            select customer, count(distinct product) as products
            from raw_lines where pieces > 0 group by customer
        )
        select
            'retail:' || cast(cast(customer as double) as bigint),
            count(*) filter (not is_cancellation), sum(dollars),
            cast(round(
                sum(pieces) filter (not is_cancellation) / count(*) filter (not is_cancellation), 2
            ) as decimal(18, 2)),
            any_value(products)
        from invoices inner join variety using (customer)
        group by customer order by all
        """
    )
    assert len(raw) == 4_339
    assert told == raw


@pytest.mark.e2e
def test_cohorts_agree_with_the_raw_file(built):
    assert rows(
        built,
        "select first_month_date, months_since, active_customer_count, revenue_usd "
        "from marts.rpt_cohorts order by all",
    ) == of_the_file(
        f"""
        {INVOICES}, months as (
            select customer, date_trunc('month', moment) as bought, sum(dollars) as dollars
            from invoices where customer is not null and not is_cancellation group by all
        ), firsts as (select customer, min(bought) as first from months group by customer)
        select cast(first as date), datediff('month', first, bought), count(*), sum(dollars)
        from months inner join firsts using (customer) group by all order by all
        """
    )


def test_the_overlay_is_whole_and_holds_no_python():
    contracts = load_contracts(OVERLAY / "sources")
    written = OVERLAY / "dbt_project" / "models" / "staging" / FILE_NAME
    assert written.read_text(encoding="utf-8") == dbt_sources_yaml(SOURCE_NAME, contracts)
    assert [suite.table for suite in load_suites([OVERLAY / "expectations"])] == [
        contract.landing_name for contract in contracts
    ]
    assert list(OVERLAY.rglob("*.py")) == []
