"""UCI Online Retail: half a million real lines are staged as they came."""

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.gates.suites import load_suites
from orchestration.landing.contract import load_contracts
from orchestration.landing.dbt_sources import FILE_NAME, SOURCE_NAME, dbt_sources_yaml
from orchestration.landing.door import LandingResult, land
from orchestration.settings import PROJECT_DIR
from orchestration.warehouse import Warehouse

OVERLAY = PROJECT_DIR / "tests" / "companies" / "online_retail"
DATA = PROJECT_DIR.parent / "shared" / "data"
AS_OF = datetime(2026, 6, 30, 6, 0)  # noqa: DTZ001  UTC without a zone, as the warehouse keeps it

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
    return land(
        contract,
        warehouse=Warehouse(home / "warehouse.duckdb", home / "tmp"),
        inbox_dir=DATA,
        landing_dir=home / "landing",
        run_id="today",
        as_of=AS_OF,
    )


@pytest.fixture(scope="module")
def staged(home: Path, landed: LandingResult) -> Path:
    """The home after dbt has made the staging view in a copy of the overlay."""
    assert landed.rows_landed
    project = home / "dbt_project"
    shutil.copytree(OVERLAY / "dbt_project", project, ignore=shutil.ignore_patterns("dbt_packages"))
    own = {
        "C360_HOME": str(home),
        "C360_DBT_PACKAGE": str(PROJECT_DIR / "dbt_project"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    for arguments in (("deps",), ("run", "--select", "stg_retail__invoice_lines")):
        done = subprocess.run(
            [sys.executable, "-m", "dbt.cli.main", *arguments],
            env={**os.environ, **own},
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:]
    return home


def rows(home: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def of_the_file(query: str) -> list[tuple]:
    return duckdb.execute(query, [str(DATA / "online_retail" / "online_retail.parquet")]).fetchall()


@pytest.mark.e2e
def test_staging_keeps_every_line_also_those_without_a_customer_and_cancellations(staged):
    assert rows(
        staged,
        "select count(*), count(*) filter (where source_record_id is null), "
        "count(*) filter (where is_cancellation), count(distinct source_record_id) "
        "from staging.stg_retail__invoice_lines",
    ) == [(541_909, 135_080, 9_288, 4_372)]


@pytest.mark.e2e
def test_staged_money_and_pieces_agree_with_the_raw_file(staged):
    assert rows(
        staged,
        "select sum(quantity), sum(quantity * unit_price), min(ordered_at), max(ordered_at) "
        "from staging.stg_retail__invoice_lines",
    ) == of_the_file(
        "select sum(cast(Quantity as bigint)), "
        "sum(cast(Quantity as bigint) * cast(UnitPrice as decimal(18, 4))), "
        "min(cast(InvoiceDate as timestamp)), max(cast(InvoiceDate as timestamp)) "
        "from read_parquet(?)"
    )


def test_the_overlay_is_whole_and_holds_no_python():
    contracts = load_contracts(OVERLAY / "sources")
    written = OVERLAY / "dbt_project" / "models" / "staging" / FILE_NAME
    assert written.read_text(encoding="utf-8") == dbt_sources_yaml(SOURCE_NAME, contracts)
    assert [suite.table for suite in load_suites([OVERLAY / "expectations"])] == [
        contract.landing_name for contract in contracts
    ]
    assert list(OVERLAY.rglob("*.py")) == []
