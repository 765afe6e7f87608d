"""Verdicts on a sample correct probabilities, as far as they say something."""

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from orchestration.bench.truth_figures import calibration_error
from orchestration.identity.recalibration import Correction, correction_from
from orchestration.identity.scoring import probability
from tests.identity.test_model_reuse import c360, write_people

RANDOM = np.random.default_rng(3)


@pytest.mark.parametrize(("shift", "stretch"), [(1.5, 1.0), (-1.5, 1.0), (0.0, 1.6), (1.0, 0.6)])
def test_probabilities_that_are_off_are_put_right(shift: float, stretch: float) -> None:
    said = RANDOM.normal(0, 3, 20_000)
    truth = RANDOM.random(len(said)) < probability(shift + stretch * said)
    judged = RANDOM.choice(len(said), 400, replace=False)
    corrected = correction_from(said, judged, truth[judged]).of(said)
    before, after = (calibration_error(probability(odds), truth) for odds in (said, corrected))
    assert after < 0.5 * before


def test_without_verdicts_nothing_is_corrected() -> None:
    none = np.empty(0, dtype=np.int64)
    assert correction_from(np.zeros(5), none, none.astype(bool)) == Correction()


def test_a_few_verdicts_move_little() -> None:
    found = correction_from(np.full(1_000, 2.0), np.arange(3), np.array([False, True, True]))
    assert abs(found.shift) < 1.5
    assert abs(found.stretch - 1) < 0.3


def test_verdicts_in_a_file_change_what_is_found(tmp_path: Path) -> None:
    folder = write_people(tmp_path / "people", 150, seed=5)
    arguments = ("resolve", folder / "resolve.yml", "--json", "--out")
    before = json.loads(c360(*arguments, folder / "out").stdout)
    asked = folder / "out" / "to_judge.csv"
    with asked.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["is_one_person"] = "no"
    judged = folder / "judged.csv"
    with judged.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    result = c360(*arguments, folder / "again", "--judged", judged)
    assert result.exit_code == 0, result.output
    after = json.loads(result.stdout)
    assert after["clusters"] >= before["clusters"]
    was, now = (
        pq.read_table(folder / name / "edges.parquet")["probability"].to_numpy()
        for name in ("out", "again")
    )
    assert (now < was).mean() > 0.9
    assert after["model_version"] != before["model_version"]
    model = json.loads((folder / "again" / "model.json").read_text(encoding="utf-8"))
    assert model["correction"]["shift"] < 0 or model["correction"]["stretch"] < 1


def test_verdicts_on_pairs_that_are_not_there_are_refused(tmp_path: Path) -> None:
    folder = write_people(tmp_path / "people", 60, seed=5)
    arguments = ("resolve", folder / "resolve.yml", "--json", "--out")
    c360(*arguments, folder / "out")
    with (folder / "out" / "to_judge.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    strangers = {name: "nobody" for name in first if name.endswith("record_id")}
    with (folder / "judged.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerow(first | strangers | {"is_one_person": "no"})
    refused = c360(*arguments, folder / "again", "--judged", folder / "judged.csv")
    assert refused.exit_code == 2
    assert "no verdict in it" in refused.output
