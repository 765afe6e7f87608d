"""How well names of other scripts find their Latin writing, on pairs nothing was learned from."""

from pathlib import Path
from typing import Any

import pytest

from orchestration.bench.names import bench_names

pytestmark = pytest.mark.accuracy

PAIRS = Path(__file__).resolve().parents[3] / "shared" / "data" / "cross_script_names"


@pytest.fixture(scope="module")
def figures() -> dict[str, dict[str, Any]]:
    """The figures of each script."""
    if not PAIRS.is_dir():
        pytest.skip("../shared/data/cross_script_names is not there")
    return bench_names(PAIRS)


@pytest.mark.parametrize(
    ("script", "recall", "blocking_recall"),
    [("arabic", 0.975, 0.91), ("hebrew", 0.975, 0.88), ("russian", 0.97, 0.81)],
)
def test_names_are_found_at_one_false_positive_in_a_hundred(
    figures: dict[str, dict[str, Any]], script: str, recall: float, blocking_recall: float
) -> None:
    found = figures[script]
    assert found["recall_learned"] >= recall
    assert found["recall_learned"] > found["recall_spelled"] > 0.7
    assert found["blocking_recall"] >= blocking_recall
    assert found["blocking_chance"] <= 0.011
    assert found["false_positives_at_alike"] <= 0.004
