"""How right the engine is on data with truth that nobody here wrote: one setting for all sets.

The floors stand just under what was measured, so that a change that costs accuracy is seen.
"""

from pathlib import Path

import pytest

from orchestration.identity import resolve as identity
from orchestration.identity.evaluate import evaluate_files
from orchestration.identity.resolve_spec import read_spec
from orchestration.identity.settings import engine_settings
from tests.support.services import need

pytestmark = pytest.mark.accuracy

DATA = Path(__file__).parents[3] / "shared" / "data"
FLOORS = {
    "febrl1": 0.998,
    "febrl3": 0.998,
    "febrl4_link": 0.999,
    "fake_1000": 0.97,
    "pseudopeople_a": 0.99,
}


def resolved(name: str, folder: Path) -> tuple[Path, object]:
    spec = DATA / name / "resolve.yml"
    need(spec.exists(), f"../shared/data/{name} is not beside the project")
    settings = engine_settings()
    summary = identity.write(identity.resolve(read_spec(spec), settings), settings, folder)
    return folder / "clusters.parquet", summary


@pytest.mark.parametrize("name", FLOORS)
def test_pairs_are_found_on_data_with_truth(name, tmp_path):
    clusters, _ = resolved(name, tmp_path)
    found = evaluate_files(clusters, DATA / name / "truth.csv")
    assert found.pairwise.f1 >= FLOORS[name]


def test_no_two_customers_of_adventureworks_are_merged(tmp_path):
    _, summary = resolved("adventureworks", tmp_path)
    assert summary.records == 18_148
    assert summary.clusters == summary.records
