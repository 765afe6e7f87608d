"""Write dbt's description of the landing tables from the contracts (decision D2)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import Column
from orchestration.landing.folding import SIGNAL_COLUMNS

SOURCE_NAME = "landing"
FILE_NAME = "_landing__sources.yml"
HEADER = """\
# Generated from the contracts in orchestration/sources by `c360 contracts --write-dbt-sources`:
# change the contract, not this file.
"""
FOLDED = {
    "signal_date": "Day it happened, UTC",
    "event_count": "How often it happened on the day",
    "first_at": "First time on the day, UTC",
    "last_at": "Last time on the day, UTC",
    "_folded_by": "Run that counted it; rows that come late are counted by a later one",
}
DBT_TYPES = {"text": "varchar", "integer": "bigint"}


def dbt_sources_yaml(source: str, contracts: tuple[Contract, ...]) -> str:
    """Return the YAML that describes landing tables to dbt as one source."""
    described = {
        "name": source,
        "description": "Rows as the source systems delivered them, typed at the door; append-only.",
        "schema": "landing",
        "tables": [
            table
            for contract in sorted(contracts, key=lambda each: each.landing_name)
            for table in _tables(contract)
        ],
    }
    content = {"version": 2, "sources": [described]}
    return HEADER + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)


def dbt_sources_path(models_dir: Path) -> Path:
    """Return the file that describes the landing tables below the models of a dbt project.

    It is one file, because dbt wants all tables of a source in one place.
    """
    return models_dir / "staging" / FILE_NAME


def write_dbt_sources(contracts: tuple[Contract, ...], models_dir: Path) -> Path:
    """Write the file and return its path."""
    path = dbt_sources_path(models_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dbt_sources_yaml(SOURCE_NAME, contracts), encoding="utf-8")
    return path


def is_current(contracts: tuple[Contract, ...], models_dir: Path) -> bool:
    """Say whether the file is there and says what the contracts say."""
    path = dbt_sources_path(models_dir)
    wanted = dbt_sources_yaml(SOURCE_NAME, contracts)
    return path.is_file() and path.read_text(encoding="utf-8") == wanted


def _tables(contract: Contract) -> Iterator[dict[str, Any]]:
    yield _table(contract)
    if contract.fold is None:
        return
    by = [_column(name, contract.columns[name]) for name in contract.fold.by]
    signals = [
        {"name": name, "data_type": kind.lower(), "description": FOLDED[name]}
        for name, kind in SIGNAL_COLUMNS.items()
        if name in FOLDED
    ]
    yield {
        "name": contract.folded_name,
        "description": f"Daily signals of {contract.label} past its retention: counted, not kept.",
        "config": {"meta": {"delivery": "append", "key": [], "owner": contract.owner}},
        "columns": [*by, *signals],
    }


def _table(contract: Contract) -> dict[str, Any]:
    hours = max(1, round(contract.freshness_hours))
    meta: dict[str, Any] = {
        "delivery": contract.delivery,
        "key": list(contract.key),
        "cursor": contract.cursor,
        "deleted_when": contract.deleted_when,
        "change_type": contract.change_type.model_dump(mode="json")
        if contract.change_type
        else None,
        "owner": contract.owner,
        "retention_days": contract.retention_days,
    }
    return {
        "name": contract.landing_name,
        "description": contract.description,
        "config": {
            "meta": {key: value for key, value in meta.items() if value is not None},
            "loaded_at_field": "_loaded_at",
            "freshness": {"warn_after": {"count": hours, "period": "hour"}},
        },
        "columns": [_column(name, column) for name, column in contract.columns.items()],
    }


def _column(name: str, column: Column) -> dict[str, Any]:
    meta: dict[str, str] = {"purpose": column.purpose}
    if column.is_personal:
        meta["pii"] = column.sensitivity
    return {
        "name": name,
        "description": column.meaning,
        "data_type": DBT_TYPES.get(column.type, column.type),
        "config": {"meta": meta},
    }
