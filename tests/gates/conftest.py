"""A warehouse of its own for every test of the gates, and suites written on the spot."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from orchestration.gates.runner import GateResult, run_gate
from orchestration.gates.suites import Suite, read_suite
from orchestration.warehouse import Warehouse

AS_OF = datetime(2026, 11, 21, 3, 0, 0)  # noqa: DTZ001
RUN = "run-1"

RunGate = Callable[..., GateResult]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse.duckdb", tmp_path / "tmp", memory_limit="1GB")


def expect(type_: str, severity: str = "critical", **kwargs: Any) -> dict[str, Any]:
    return {
        "type": type_,
        "kwargs": kwargs,
        "severity": severity,
        "meta": {"why": "the test says so"},
    }


def suite_content(label: str, *expectations: dict[str, Any], key: tuple[str, ...] = ()) -> Any:
    return {
        "name": label,
        "meta": {
            "owner": "team:data-boss",
            "description": "a suite of a test",
            "what_to_do": "read the test",
            "key": list(key),
        },
        "expectations": list(expectations),
    }


def written(folder: Path, label: str, content: Any) -> Path:
    layer, table = label.split(".")
    path = folder / layer / f"{table}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def suite_of(tmp_path: Path) -> Callable[..., Suite]:
    def make(label: str, *expectations: dict[str, Any], key: tuple[str, ...] = ()) -> Suite:
        content = suite_content(label, *expectations, key=key)
        return read_suite(written(tmp_path / "expectations", label, content))

    return make


@pytest.fixture
def gate(warehouse: Warehouse, tmp_path: Path) -> RunGate:
    def run(suite: Suite, run_id: str = RUN) -> GateResult:
        return run_gate(
            suite,
            warehouse=warehouse,
            run_id=run_id,
            as_of=AS_OF,
            results_dir=tmp_path / "results",
        )

    return run
