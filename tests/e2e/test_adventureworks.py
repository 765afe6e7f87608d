"""AdventureWorks, a second company: onboarded by contracts, models and suites alone."""

import csv
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.gates.suites import load_suites
from orchestration.landing.contract import load_contracts
from orchestration.landing.dbt_sources import FILE_NAME, SOURCE_NAME, dbt_sources_yaml
from orchestration.settings import PROJECT_DIR
from tests.support.command_line import c360

OVERLAY = PROJECT_DIR / "tests" / "companies" / "adventureworks"
DATA = PROJECT_DIR.parent / "shared" / "data" / "adventureworks"
SALES = [str(DATA / f"AdventureWorks_Sales_{year}.csv") for year in (2017, 2018, 2019)]
CUSTOMERS, PROSPECTS = 18_148, 2_059
HALF_A_CENT = Decimal("0.005")

needs_the_files = pytest.mark.skipif(
    not DATA.is_dir(),
    reason=f"the files of AdventureWorks are not in {DATA.relative_to(DATA.parents[3])}",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state after one daily run over a copy of the overlay, as a company keeps it elsewhere."""
    folder = tmp_path_factory.mktemp("adventureworks")
    company = folder / "company"
    shutil.copytree(
        OVERLAY,
        company,
        ignore=shutil.ignore_patterns("dbt_packages", "package-lock.yml", "target"),
    )
    outcome = c360(
        folder / "home",
        "run",
        C360_COMPANY=str(company),
        C360_INBOX=str(DATA),
        C360_DBT_PACKAGE=str(PROJECT_DIR / "dbt_project"),
        C360_SETTLE_SECONDS="0",
    )
    assert outcome.code == 0, outcome.output[-4000:] + outcome.errors[-4000:]
    return folder / "home"


def published(home: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(home / "serving" / "customer_360.duckdb"), read_only=True) as snapshot:
        return snapshot.execute(query).fetchall()


def warehouse(home: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def records_in(file: str, **dialect: str) -> int:
    """Count the records of a file without DuckDB and without us."""
    with (DATA / file).open(encoding="utf-8", newline="") as stream:
        return sum(1 for _ in csv.reader(stream, **dialect))


@pytest.mark.e2e
@needs_the_files
def test_every_customer_of_the_customer_file_is_published_and_none_are_merged(home):
    assert published(
        home,
        "select count(*), count(distinct customer_id) from marts.customer_identities "
        "inner join marts.customer_360 using (customer_id) "
        "where source_system = 'store' and is_current",
    ) == [(CUSTOMERS, CUSTOMERS)]


@pytest.mark.e2e
@needs_the_files
def test_every_prospect_is_published_and_none_is_taken_for_a_customer(home):
    assert published(
        home,
        "select count(*) from marts.customer_identities "
        "inner join marts.customer_360 using (customer_id) "
        "where source_system = 'prospects' and is_current",
    ) == [(PROSPECTS,)]
    assert (
        published(
            home,
            "select customer_id from marts.customer_identities where is_current "
            "group by customer_id having count(distinct source_system) > 1",
        )
        == []
    )


@pytest.mark.e2e
@needs_the_files
def test_only_prospects_of_one_birth_date_are_one_person(home):
    """The file of prospects holds a few people twice: Seth Reed stands there as Reed Seth, too."""
    assert (
        warehouse(
            home,
            "select customer_id from identity.identity_map "
            "inner join conformed.int_person_records__normalised using (source_record_id) "
            "group by customer_id having count(distinct birth_date) > 1",
        )
        == []
    )


@pytest.mark.e2e
@needs_the_files
def test_sales_of_each_customer_agree_with_the_raw_files(home):
    raw = duckdb.execute(
        """
        select
            CustomerKey, count(distinct OrderNumber), count(*),
            sum(round(quantity * price, 2)), sum(quantity * price)
        from (
            select
                *, cast(OrderQuantity as integer) as quantity,
                cast(ProductPrice as decimal(18, 4)) as price
            from read_csv($sales, all_varchar = true) as sales
            inner join read_csv($products, all_varchar = true) as products using (ProductKey)
        )
        group by CustomerKey
        """,
        {"sales": SALES, "products": str(DATA / "AdventureWorks_Products.csv")},
    ).fetchall()
    sales = {
        key.removeprefix("store:"): (orders, revenue)
        for key, orders, revenue in published(
            home,
            "select source_record_id, order_count, revenue_usd from marts.customer_360 "
            "inner join marts.customer_identities using (customer_id) "
            "where order_count > 0 and is_current",
        )
    }
    assert sales == {key: (orders, rounded) for key, orders, _, rounded, _ in raw}
    assert all(abs(sales[key][1] - exact) <= HALF_A_CENT * lines for key, _, lines, _, exact in raw)


@pytest.mark.e2e
@needs_the_files
def test_revenue_and_margin_by_model_and_year_agree_with_the_raw_files(home):
    raw = duckdb.execute(
        """
        select
            ModelName, right(OrderDate, 4),
            sum(round(quantity * cast(ProductPrice as decimal(18, 4)), 2)),
            sum(quantity * (cast(ProductPrice as decimal(18, 4)) - cost)),
            sum(quantity), count(*)
        from (
            select
                *, cast(OrderQuantity as integer) as quantity,
                cast(ProductCost as decimal(18, 4)) as cost
            from read_csv($sales, all_varchar = true) as sales
            inner join read_csv($products, all_varchar = true) as products using (ProductKey)
        )
        group by all
        """,
        {"sales": SALES, "products": str(DATA / "AdventureWorks_Products.csv")},
    ).fetchall()
    told = {
        (model, year): (revenue, margin)
        for model, year, revenue, margin in published(
            home,
            "select category, cast(year(ordered_at) as varchar), sum(line_amount_usd), "
            "sum(margin_usd) from marts.fct_order_lines "
            "inner join marts.dim_products using (product_id) group by all",
        )
    }
    assert {key: revenue for key, (revenue, _) in told.items()} == {
        (model, year): revenue for model, year, revenue, *_ in raw
    }
    # the catalogue keeps costs in cents: half a cent a piece, and half a cent a line
    assert all(
        abs(told[model, year][1] - margin) <= HALF_A_CENT * (pieces + lines)
        for model, year, _, margin, pieces, lines in raw
    )


@pytest.mark.e2e
@needs_the_files
def test_cohorts_agree_with_the_raw_files(home):
    raw = duckdb.execute(
        """
        with months as (
            select distinct
                CustomerKey, date_trunc('month', strptime(OrderDate, '%m/%d/%Y')) as bought
            from read_csv($sales, all_varchar = true)
        ), firsts as (select CustomerKey, min(bought) as first from months group by CustomerKey)
        select cast(first as date), datediff('month', first, bought), count(*)
        from months inner join firsts using (CustomerKey) group by all order by all
        """,
        {"sales": SALES},
    ).fetchall()
    assert raw == published(
        home,
        "select first_month_date, months_since, active_customer_count from marts.rpt_cohorts "
        "order by all",
    )


@pytest.mark.e2e
@needs_the_files
def test_every_record_of_every_file_has_landed(home):
    counted = {
        "AdventureWorks_Products.csv": records_in("AdventureWorks_Products.csv") - 1,
        "AdventureWorks_Sales_2017.csv": records_in("AdventureWorks_Sales_2017.csv") - 1,
        "AdventureWorks_Sales_2018.csv": records_in("AdventureWorks_Sales_2018.csv") - 1,
        "AdventureWorks_Sales_2019.csv": records_in("AdventureWorks_Sales_2019.csv") - 1,
        "FactSurveyResponse.csv": records_in("FactSurveyResponse.csv", delimiter="|"),
        "ProductReview.csv": 4,
        "ProspectiveBuyer.csv": records_in("ProspectiveBuyer.csv", delimiter="|"),
        "aw_customers_joined.csv": records_in("aw_customers_joined.csv") - 1,
    }
    landed = warehouse(home, "select file, rows_received, rows_landed from quality.loads")
    assert {file: (received, kept) for file, received, kept in landed} == {
        file: (count, count) for file, count in counted.items()
    }


@pytest.mark.e2e
@needs_the_files
def test_every_line_of_the_sales_files_is_a_published_order_line(home):
    lines = sum(records_in(Path(file).name) - 1 for file in SALES)
    assert published(home, "select count(*) from marts.fct_order_lines") == [(lines,)]
    assert (
        published(home, "select table_name from marts.rpt_row_balance where not is_balanced") == []
    )


@pytest.mark.e2e
@needs_the_files
def test_a_review_keeps_its_line_breaks(home):
    reviews = warehouse(
        home,
        "select product_review_id, rating, contains(comments, chr(10)) "
        "from landing.store_product_reviews order by product_review_id",
    )
    assert reviews == [("1", 5, True), ("2", 4, True), ("3", 2, True), ("4", 5, True)]


@pytest.mark.e2e
@needs_the_files
def test_money_and_dates_are_read_as_they_were_meant(home):
    assert warehouse(
        home,
        "select annual_income, birth_date from landing.store_customers "
        "where customer_key = '11000'",
    )[0] == (Decimal("90000.00"), date(1966, 4, 8))


def test_the_overlay_holds_no_python():
    assert list(OVERLAY.rglob("*.py")) == []


def test_every_table_of_the_overlay_has_a_contract_a_model_and_a_suite():
    contracts = {
        (contract.source, contract.table) for contract in load_contracts(OVERLAY / "sources")
    }
    staging = OVERLAY / "dbt_project" / "models" / "staging"
    models = {
        (path.parent.name, path.stem.removeprefix(f"stg_{path.parent.name}__"))
        for path in staging.glob("*/*.sql")
    }
    suites = {suite.table for suite in load_suites([OVERLAY / "expectations"])}
    assert models == contracts
    assert suites == {f"{source}_{table}" for source, table in contracts}


def test_the_overlay_describes_its_landing_tables_as_its_contracts_do():
    written = OVERLAY / "dbt_project" / "models" / "staging" / FILE_NAME
    generated = dbt_sources_yaml(SOURCE_NAME, load_contracts(OVERLAY / "sources"))
    assert written.read_text(encoding="utf-8") == generated
