"""Data Docs of any size, to see whether people can still open them.

The suites are made up; their results have the shape that gates write, some of them failing.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from orchestration.gates.data_docs import build_data_docs
from orchestration.gates.results import result_path
from orchestration.gates.suites import Suite

PER_SUITE = 12  # as our own suites have
FAILING_OF = 25
AS_OF = datetime(2026, 6, 30)  # noqa: DTZ001 - naive UTC, as the warehouse keeps it


def make_large_docs(folder: Path, expectations: int) -> dict[str, Any]:
    """Build Data Docs of so many expectations; return the index, its size and the time it took."""
    suites = tuple(_suites(folder, expectations))
    results = folder / "results"
    for suite in suites:
        path = result_path(results, suite)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_result(suite)), encoding="utf-8")
    started = perf_counter()
    index = build_data_docs(results, folder / "docs", suites)
    return {
        "index": str(index),
        "expectations": sum(len(suite.expectations) for suite in suites),
        "index_kilobytes": index.stat().st_size // 1024,
        "seconds_to_build": round(perf_counter() - started, 1),
    }


def _suites(folder: Path, expectations: int) -> Iterator[Suite]:
    for number in range(-(-expectations // PER_SUITE)):
        left = min(PER_SUITE, expectations - number * PER_SUITE)
        asked = tuple(
            {
                "type": "expect_column_values_to_not_be_null",
                "kwargs": {"column": f"column_{place}"},
                "severity": "critical" if place % 3 else "warning",
                "meta": {"why": "Whoever reads the next layer takes it for granted."},
            }
            for place in range(left)
        )
        table = f"table_{number}"
        text = f"A made-up table, number {number}."
        path = folder / f"{table}.json"
        name = f"marts.{table}"
        yield Suite("marts", table, path, name, "team:x", text, "Look.", ("id",), asked)


def _result(suite: Suite) -> dict[str, Any]:
    results = [
        {
            "success": position % FAILING_OF != len(suite.table) % FAILING_OF,
            "expectation_config": {**expectation, "id": None},
            "result": {"element_count": 1000, "unexpected_count": 3, "unexpected_percent": 0.3},
            "meta": {"failing_keys": ["K1", "K2"], "reason": ""},
            "exception_info": {
                "raised_exception": False,
                "exception_message": None,
                "exception_traceback": None,
            },
        }
        for position, expectation in enumerate(suite.expectations)
    ]
    successful = sum(bool(each["success"]) for each in results)
    moment = AS_OF.isoformat() + "+00:00"
    return {
        "success": successful == len(results),
        "suite_name": suite.name,
        "results": results,
        "statistics": {
            "evaluated_expectations": len(results),
            "successful_expectations": successful,
            "unsuccessful_expectations": len(results) - successful,
            "success_percent": 100 * successful / len(results),
        },
        "meta": {
            "run_id": {"run_name": "run-1", "run_time": moment},
            "validation_time": moment,
            "suite_version": suite.version,
        },
    }
