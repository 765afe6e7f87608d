"""Clusters are measured by segment: both records of a pair lie in it."""

import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from typer.testing import CliRunner

from orchestration.cli.main import app
from orchestration.identity.errors import EvaluationError
from orchestration.identity.evaluate import Quality
from orchestration.identity.evaluate_segments import evaluate_segments, read_segments

CLUSTERS = pd.DataFrame(
    {"key": ["a:1", "a:2", "b:1", "b:2", "b:3"], "cluster_id": ["1", "1", "1", "2", "3"]}
)
TRUTH = pd.DataFrame(
    {"key": ["a:1", "a:2", "b:1", "b:2", "b:3"], "entity_id": ["x", "x", "y", "y", "z"]}
)


def measured(segments: pd.DataFrame, *by: str) -> dict[str, Quality]:
    found = evaluate_segments(CLUSTERS, TRUTH, segments, by)
    return {segment.value: segment.quality for segment in found}


def test_a_pair_counts_where_both_records_lie_in_the_segment() -> None:
    scripts = pd.DataFrame({"entity_id": ["x", "y", "z"], "script": ["latin", "arabic", "latin"]})
    found = measured(scripts, "script")
    assert found["latin"] == Quality(1, 1, 1)
    assert found["arabic"] == Quality(1, 0, 0)


def test_pairs_between_two_sources_are_told_from_those_inside_one() -> None:
    found = measured(pd.DataFrame({"entity_id": ["x"]}))
    assert found["a + a"] == Quality(1, 1, 1)
    assert found["a + b"] == Quality(0, 1, 0)
    assert found["b + b"] == Quality(1, 0, 0)


def test_several_words_are_several_segments_and_none_is_no_segment() -> None:
    tags = pd.DataFrame({"key": ["a:1", "a:2", "b:1"], "tags": ["twin shared", "twin", None]})
    found = evaluate_segments(CLUSTERS, TRUTH, tags, ["tags"])
    assert {segment.value: segment.records for segment in found if segment.name == "tags"} == {
        "shared": 1,
        "twin": 2,
    }


def test_a_column_of_many_values_is_no_segment(tmp_path: Path) -> None:
    many = pd.DataFrame({"key": ["a:1"], "name": [" ".join(map(str, range(99)))]})
    with pytest.raises(EvaluationError, match="too many"):
        evaluate_segments(CLUSTERS, TRUTH, many, ["name"])
    file = tmp_path / "segments.csv"
    file.write_text("entity_id,script\nx,latin\nx,arabic\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match="one row for each"):
        read_segments(file, ["script"])
    with pytest.raises(EvaluationError, match="no column country"):
        read_segments(file, ["country"])


def test_the_identity_map_of_a_warehouse_is_measured_by_segment(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema identity")
        connection.execute(
            "create table identity.identity_map as select * from (values ('a:1', 'C1'),"
            " ('a:2', 'C1')) as map(source_record_id, customer_id)"
        )
    truth, segments = tmp_path / "truth.csv", tmp_path / "segments.csv"
    truth.write_text("source,record_id,entity_id\na,1,x\na,2,x\n", encoding="utf-8")
    segments.write_text("entity_id,script\nx,latin\n", encoding="utf-8")
    arguments = ["evaluate", str(warehouse), str(truth), "--segments", str(segments)]
    result = CliRunner().invoke(app, [*arguments, "--by", "script", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["pairwise"]["f1"] == 1
    assert [segment["value"] for segment in found["segments"]] == ["latin", "a + a"]
    assert "true pairs" in CliRunner().invoke(app, [*arguments, "--by", "script"]).stdout


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_keys_of_digits_are_text_in_every_file(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"people.{suffix}"
    rows = "(values (1, 'latin'), (2, 'arabic')) as people(entity_id, script)"
    duckdb.sql(f"copy (select * from {rows}) to '{file}'")
    described = read_segments(file, ["script"])
    truth = TRUTH.assign(entity_id=["1", "1", "2", "2", "3"])
    found = evaluate_segments(CLUSTERS, truth, described, ["script"])
    assert {segment.value for segment in found} >= {"latin", "arabic"}
    records = tmp_path / "records.csv"
    records.write_text("source,record_id,script\na,007,latin\n", encoding="utf-8")
    assert read_segments(records, ["script"])["key"].tolist() == ["a:007"]


@pytest.mark.parametrize("column", ["source", "entity_id", "cluster_id"])
def test_a_key_is_no_segment(tmp_path: Path, column: str) -> None:
    file = tmp_path / "segments.csv"
    file.write_text("source,record_id,entity_id,cluster_id\na,1,x,1\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=f"{column} says who"):
        read_segments(file, [column])


def test_no_record_is_taken_for_a_comment(tmp_path: Path) -> None:
    rows = [f"{'#' if number % 10 == 0 else ''}{number},latin" for number in range(1, 51)]
    file = tmp_path / "segments.csv"
    file.write_text("\n".join(["entity_id,script", *rows]), encoding="utf-8")
    assert len(read_segments(file, ["script"])) == 50
