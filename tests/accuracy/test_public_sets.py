"""How right the engine is on data that no one here wrote, with floors just under what was measured.

One set of settings for all; what each figure was when its floor was set stands in decision 0005.
"""

from pathlib import Path

import pytest

from orchestration.bench.truth_set import measure_truth_set
from orchestration.identity.evaluate import Evaluation, evaluate_files
from orchestration.identity.resolve import ResolveSummary, resolve, write
from orchestration.identity.resolve_spec import read_spec
from orchestration.identity.settings import engine_settings

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FLOORS = {
    "febrl1": 0.9985,
    "febrl3": 0.9994,
    "febrl4_link": 0.9993,
    "fake_1000": 0.977,
    "pseudopeople_a": 0.9955,
}

pytestmark = pytest.mark.accuracy


def folder_of(name: str) -> Path:
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"../shared/data/{name} is not there")
    return folder


def resolved(folder: Path, out: Path) -> ResolveSummary:
    settings = engine_settings()
    return write(resolve(read_spec(folder / "resolve.yml"), settings), settings, out)


def measured(folder: Path, out: Path) -> Evaluation:
    resolved(folder, out)
    return evaluate_files(out / "clusters.parquet", folder / "truth.csv")


@pytest.mark.parametrize("name", FLOORS)
def test_pairs_are_found(name: str, tmp_path: Path) -> None:
    found = measured(folder_of(name), tmp_path)
    assert found.pairwise.f1 >= FLOORS[name], found
    assert found.pairwise.precision >= 0.99, found


def test_the_adversarial_truth_set_is_found_as_far_as_measured(tmp_path: Path) -> None:
    found, segments = measure_truth_set(folder_of("senzing_truthset"), tmp_path)
    assert found.pairwise.f1 >= 0.74, found
    assert found.pairwise.precision >= 0.85, found
    assert len({segment.value for segment in segments if segment.name == "test_group"}) == 49


def test_adventureworks_customers_are_never_merged(tmp_path: Path) -> None:
    found = resolved(folder_of("adventureworks"), tmp_path)
    assert found.records == found.clusters == 18_148
    assert found.largest_cluster == 1


@pytest.mark.parametrize("share", [2, 5, 13])
def test_no_part_of_adventureworks_is_merged_either(share: int, tmp_path: Path) -> None:
    source = folder_of("adventureworks")
    lines = (source / "aw_customers_joined.csv").read_text(encoding="utf-8").splitlines()
    part = [lines[0], *lines[1::share]]
    text = "\n".join(part) + "\n"
    (tmp_path / "aw_customers_joined.csv").write_text(text, encoding="utf-8")
    (tmp_path / "resolve.yml").write_bytes((source / "resolve.yml").read_bytes())
    found = resolved(tmp_path, tmp_path / "out")
    assert found.records == found.clusters == len(part) - 1
