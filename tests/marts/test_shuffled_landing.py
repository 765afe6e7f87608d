"""The warehouse without the identity engine, twice: as landed, and with landed rows shuffled."""

from datetime import datetime
from pathlib import Path

import pytest

from orchestration.bench.identity_errors import figures
from orchestration.bench.marts import land_everything
from orchestration.bench.marts_truth import METRICS, compare_with_truth, link_perfectly
from orchestration.settings import Settings
from orchestration.warehouse import Warehouse
from tests.marts.building import build_marts, dbt, rows
from tests.support.command_line import c360

pytestmark = pytest.mark.e2e

SAMPLE = ("sample", "--customers", "400", "--days", "2", "--seed", "11", "--end-date", "2026-06-30")
AS_OF = datetime(2026, 7, 1)  # noqa: DTZ001  UTC without a zone, as the warehouse keeps it


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the sample company has landed."""
    home = tmp_path_factory.mktemp("shuffled") / "home"
    made = c360(home, *SAMPLE)
    assert made.code == 0, made.errors
    land_everything(Settings(home=home), as_of=AS_OF)
    return home


def warehouse_of(home: Path) -> Warehouse:
    return Warehouse(home / "warehouse.duckdb", home / "tmp")


def build_all(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Build every layer, with the links of the truth, and return the published marts."""
    dbt(home, "build", "--exclude", "config.schema:marts", "--exclude-resource-type", "unit_test")
    with warehouse_of(home).connect() as connection:
        link_perfectly(connection, home / "truth")
    build_marts(home)
    tables = rows(
        home,
        "select table_name from duckdb_tables() where schema_name = 'marts' "
        "and table_name not like 'int_%' order by table_name",
    )
    return {str(table): rows(home, f"select * from marts.{table}") for (table,) in tables}


def shuffle_landing(home: Path) -> None:
    """Put the rows of every landed table into another order."""
    with warehouse_of(home).connect() as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'landing'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(
                f"create or replace table landing.{table} as "
                f"select * from landing.{table} as landed order by hash(landed)"
            )


def test_metrics_are_the_truths_and_shuffled_landing_gives_the_same_marts(
    home,
):
    first = build_all(home)
    assert len(first["customer_360"]) > 100
    with warehouse_of(home).connect(read_only=True) as connection:
        agreement = compare_with_truth(connection, home / "truth")
        told = figures(connection, home / "truth")
    assert agreement.metrics_checked > 300 * len(METRICS)
    assert agreement.metrics_wrong == 0
    assert set(told["wrong_share"].values()) == {0}
    assert told["totals"]["buyers"] > 100
    shuffle_landing(home)
    assert build_all(home) == first
