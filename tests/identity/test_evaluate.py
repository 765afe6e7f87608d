"""Clusters are measured against truth by pairs and by records."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.identity.errors import EvaluationError
from orchestration.identity.evaluate import Blunder, Quality, evaluate, evaluate_files, read_truth


def clusters(**labels: str) -> pd.DataFrame:
    return pd.DataFrame({"key": list(labels), "cluster_id": list(labels.values())}, dtype=object)


def truth(**labels: str) -> pd.DataFrame:
    return pd.DataFrame({"key": list(labels), "entity_id": list(labels.values())}, dtype=object)


def test_right_clusters_are_perfect() -> None:
    found = evaluate(clusters(a="1", b="1", c="2"), truth(a="x", b="x", c="y"))
    assert found.pairwise == found.b_cubed == Quality(1, 1, 1)
    assert (found.wrong_clusters, found.largest_wrong_cluster, found.torn_entities) == (0, 0, 0)
    assert found.worst_merges == found.worst_misses == ()


def test_errors_are_counted_and_named() -> None:
    found = evaluate(
        clusters(a="1", b="1", c="1", d="2", e="3"), truth(a="x", b="x", c="y", d="y", e="z")
    )
    assert found.pairwise == Quality(round(1 / 3, 6), 0.5, 0.4)
    assert found.b_cubed.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5, abs=1e-6)
    assert found.b_cubed.recall == pytest.approx((1 + 1 + 0.5 + 0.5 + 1) / 5, abs=1e-6)
    assert found.worst_merges == (Blunder(2, 3, ("a", "b", "c")),)
    assert found.worst_misses == (Blunder(1, 2, ("c", "d")),)
    assert found.largest_wrong_cluster == 3


def test_records_without_a_cluster_stand_alone_and_strangers_do_not_count() -> None:
    found = evaluate(clusters(a="1", z="1"), truth(a="x", b="x"))
    assert (found.not_clustered, found.without_truth) == (1, 1)
    assert found.pairwise.recall == 0


def test_files_without_a_common_record_cannot_be_compared() -> None:
    with pytest.raises(EvaluationError, match="no record in common"):
        evaluate(clusters(a="1"), truth(b="x"))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12))
def test_counts_agree_with_counting_pairs_one_by_one(labels: list[tuple[int, int]]) -> None:
    keys = [f"r{i}" for i in range(len(labels))]
    found = evaluate(
        clusters(**{k: str(c) for k, (c, _) in zip(keys, labels, strict=True)}),
        truth(**{k: str(e) for k, (_, e) in zip(keys, labels, strict=True)}),
    )
    pairs = [(i, j) for i in range(len(labels)) for j in range(i)]
    made = {(i, j) for i, j in pairs if labels[i][0] == labels[j][0]}
    wanted = {(i, j) for i, j in pairs if labels[i][1] == labels[j][1]}
    precision = len(made & wanted) / len(made) if made else 1
    recall = len(made & wanted) / len(wanted) if wanted else 1
    assert found.pairwise.precision == pytest.approx(precision, abs=1e-6)
    assert found.pairwise.recall == pytest.approx(recall, abs=1e-6)


def test_files_are_read_by_their_kind(tmp_path: Path) -> None:
    made, wanted = tmp_path / "clusters.parquet", tmp_path / "truth.csv"
    pd.DataFrame({"source": ["a"], "record_id": ["1"], "cluster_id": [7]}).to_parquet(made)
    wanted.write_text("source,record_id,entity_id\na,1,x\n", encoding="utf-8")
    assert evaluate_files(made, wanted).records == 1


@pytest.mark.parametrize("content", ["source,record_id\na,1\n", "a,1\n", ""])
def test_a_file_without_the_columns_is_refused(tmp_path: Path, content: str) -> None:
    wrong = tmp_path / "truth.csv"
    wrong.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"truth\.csv"):
        evaluate_files(wrong, wrong)


SIGNED = [f"{'#' if number % 10 == 0 else ''}{number},crm,{number}" for number in range(1, 51)]


def test_no_record_is_taken_for_a_comment(tmp_path: Path) -> None:
    for name in ("cluster_id", "entity_id"):
        lines = [f"record_id,source,{name}", *SIGNED]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    assert evaluate_files(tmp_path / "cluster_id.csv", tmp_path / "entity_id.csv").records == 50


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("a,1,x\na,2,y\na,1,z\n", "truth.csv: 1 records occur more than once: a:1"),
        ("a,1,x\na,2,\n,3,z\n", "2 rows lack source, record_id or entity_id: row 2, 3"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path: Path, rows: str, problem: str) -> None:
    (tmp_path / "truth.csv").write_text(f"source,record_id,entity_id\n{rows}", encoding="utf-8")
    with pytest.raises(EvaluationError, match=problem):
        read_truth(tmp_path / "truth.csv")
