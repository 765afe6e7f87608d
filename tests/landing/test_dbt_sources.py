"""What dbt is told about the landing tables comes from the contracts, and agrees with them."""

from pathlib import Path

import pytest
import yaml

from orchestration.landing.contract import load_contracts
from orchestration.landing.dbt_sources import (
    SOURCE_NAME,
    dbt_sources_path,
    dbt_sources_yaml,
    is_current,
    write_dbt_sources,
)
from orchestration.settings import PACKAGE_DIR, PROJECT_DIR
from tests.landing.doorway import sales_contract

COMPANIES = PROJECT_DIR / "tests" / "companies"


@pytest.mark.parametrize(
    ("sources", "project"),
    [
        (PACKAGE_DIR / "sources", PROJECT_DIR / "dbt_project"),
        (COMPANIES / "adventureworks" / "sources", COMPANIES / "adventureworks" / "dbt_project"),
        (COMPANIES / "online_retail" / "sources", COMPANIES / "online_retail" / "dbt_project"),
    ],
    ids=["ours", "adventureworks", "online_retail"],
)
def test_file_in_the_repository_agrees_with_the_contracts(sources: Path, project: Path) -> None:
    assert is_current(load_contracts(sources), project / "models")


def test_table_carries_delivery_and_freshness_and_columns_their_sensitivity() -> None:
    contract = sales_contract(
        delivery="incremental",
        cursor="sold_on",
        columns={
            "sale_id": {"type": "text", "required": True, "sensitivity": "pseudonymous"},
            "buyer": {"type": "text", "sensitivity": "contact"},
            "sold_on": {"type": "date", "required": True},
        },
    )
    (source,) = yaml.safe_load(dbt_sources_yaml(SOURCE_NAME, (contract,)))["sources"]
    assert (source["name"], source["schema"]) == ("landing", "landing")
    (table,) = source["tables"]
    assert table["name"] == "shop_sales"
    assert table["config"] == {
        "meta": {
            "delivery": "incremental",
            "key": ["sale_id"],
            "cursor": "sold_on",
            "owner": "team:customer-data",
            "retention_days": 365,
        },
        "loaded_at_field": "_loaded_at",
        "freshness": {"warn_after": {"count": 24, "period": "hour"}},
    }
    assert [column["config"]["meta"].get("pii") for column in table["columns"]] == [
        None,
        "contact",
        None,
    ]


def test_order_of_the_contracts_means_nothing() -> None:
    contracts = load_contracts(PACKAGE_DIR / "sources")
    assert dbt_sources_yaml("x", contracts) == dbt_sources_yaml("x", contracts[::-1])


def test_changed_contract_is_noticed(tmp_path: Path) -> None:
    contracts = (sales_contract(),)
    assert not is_current(contracts, tmp_path)
    assert write_dbt_sources(contracts, tmp_path) == dbt_sources_path(tmp_path)
    assert is_current(contracts, tmp_path)
    assert not is_current((sales_contract(description="Other sales"),), tmp_path)
