"""`c360 resolve` asks about pairs in a file, and `c360 estimate` reads the verdicts."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from orchestration.cli.main import app
from orchestration.identity.clustering import cluster_records
from orchestration.identity.edge_table import cluster_edges
from orchestration.identity.judgement_files import pairs_to_judge, write_pairs_to_judge
from orchestration.identity.resolved_tables import edge_tables
from orchestration.identity.settings import engine_settings
from tests.identity.people import crowd, resolved


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edges of a crowd and the pairs to judge."""
    folder = tmp_path_factory.mktemp("judging")
    found = resolved(crowd(250))
    clustering = engine_settings().clustering
    edges = cluster_edges(found.edges, found.comparer.fields)
    clusters = cluster_records(found.records.size, edges, clustering)
    pq.write_table(pa.concat_tables(edge_tables(found, "model")), folder / "edges.parquet")
    asked = pairs_to_judge(found, clusters.labels)
    write_pairs_to_judge(asked, folder / "to_judge.csv")
    return folder


def judged(folder: Path, verdicts: tuple[str, str], name: str = "judged.csv") -> Path:
    """Fill in the verdicts that the truth of the crowd gives: one word for yes, one for no."""
    with (folder / "to_judge.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        same = row["left_record_id"] == row["right_record_id"]
        row["is_one_person"] = verdicts[0] if same else verdicts[1]
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return folder / name


def c360(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_verdicts_on_a_sample_tell_how_right_all_pairs_are(folder: Path) -> None:
    file = judged(folder, ("yes", "no"))
    result = c360("estimate", folder / "edges.parquet", file, "--json")
    assert result.exit_code == 0, result.output
    at_half = [row for row in json.loads(result.stdout)["thresholds"] if row["threshold"] == 0.5][0]
    edges = pq.read_table(folder / "edges.parquet").to_pydict()
    same = [
        one == other
        for one, other in zip(edges["left_record_id"], edges["right_record_id"], strict=True)
    ]
    taken = [truth for truth, p in zip(same, edges["probability"], strict=True) if p >= 0.5]
    assert at_half["pairs"] == len(taken)
    assert at_half["precision"]["low"] <= sum(taken) / len(taken) <= at_half["precision"]["high"]
    assert at_half["recall"]["low"] <= sum(taken) / sum(same) <= at_half["recall"]["high"]
    shown = c360("estimate", folder / "edges.parquet", file)
    assert "precision" in shown.stdout


def test_pairs_nobody_judged_do_not_count(folder: Path) -> None:
    file = judged(folder, ("", ""), "empty.csv")
    result = c360("estimate", folder / "edges.parquet", file, "--json")
    assert all(row["judged"] == 0 for row in json.loads(result.stdout)["thresholds"])


def test_a_verdict_that_is_neither_yes_nor_no_is_refused(folder: Path) -> None:
    file = judged(folder, ("perhaps", "no"), "odd.csv")
    result = c360("estimate", folder / "edges.parquet", file, "--json")
    assert result.exit_code == 2
    assert "neither yes nor no" in json.loads(result.stdout)["error"]


def test_a_file_of_something_else_is_refused(folder: Path) -> None:
    result = c360("estimate", folder / "edges.parquet", folder / "edges.parquet", "--json")
    assert result.exit_code == 2


def test_verdicts_are_never_written_over(folder: Path, tmp_path: Path) -> None:
    asked = pa.table({"left_source": ["crm"], "is_one_person": [""]})
    first, second = tmp_path / "to_judge.csv", tmp_path / "to_judge.2.csv"
    for _ in range(2):
        assert write_pairs_to_judge(asked, first) == first
    file = judged(folder, ("yes", "no"))
    first.write_bytes(file.read_bytes())
    for _ in range(2):
        assert write_pairs_to_judge(asked, first) == second
    assert first.read_bytes() == file.read_bytes()
    second.write_text("somebody's own notes", encoding="utf-8")
    assert write_pairs_to_judge(asked, first) == tmp_path / "to_judge.3.csv"
