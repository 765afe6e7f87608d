"""Bad input ends with a clear error or a stated fallback; nothing is lost and nothing hangs."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from orchestration.cli.identity_input import FAILED, OUT_OF_MEMORY, exit_on_wrong_input
from orchestration.cli.main import app
from orchestration.identity.compared_pairs import ComparedPairs
from orchestration.identity.comparison import pack
from orchestration.identity.engine import Resolution, resolve_records
from orchestration.identity.errors import ModelError
from orchestration.identity.patterns import count_patterns, strata
from orchestration.identity.records import PERSON_RECORDS, person_records
from orchestration.identity.settings import engine_settings
from orchestration.identity.structure import StructureChooser
from tests.identity.people import as_table, crowd

COLUMNS = ("id", "name", "mail")
SPEC = """
task: dedupe
sources:
- {source: people, file: people.csv, record_id: id, roles: {full_name: name, email: mail}}
"""
Row = tuple[object, str, str]


def outcome(folder: Path, rows: list[Row], spec: str = SPEC) -> tuple[int, dict[str, Any], str]:
    """Resolve a file of rows; return the exit code, the figures, and what was complained about."""
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return outcome_of_spec(folder, spec)


def outcome_of_spec(folder: Path, spec: str) -> tuple[int, dict[str, Any], str]:
    (folder / "resolve.yml").write_text(spec, encoding="utf-8")
    arguments = ["resolve", str(folder / "resolve.yml"), "--out", str(folder / "out"), "--json"]
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, json.loads(result.stdout), result.stderr


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [(1, "Ana Lopez", "ana@mail.org")],
        [(number, "", "") for number in range(40)],
        [(number, "Ana Lopez", "ana@mail.org") for number in range(500)],
        [(number, "ab cd " * 1_700 + str(number), f"m{number}@b.org") for number in range(60)],
    ],
    ids=["empty", "one record", "all missing", "one value everywhere", "10,000 letters"],
)
def test_records_that_cannot_be_told_apart_or_compared_each_stay_alone(
    tmp_path: Path, rows: list[Row]
) -> None:
    code, figures, _ = outcome(tmp_path, rows)
    assert code == 0
    assert figures["records"] == figures["clusters"] == len(rows)
    assert pq.read_table(tmp_path / "out" / "clusters.parquet").num_rows == len(rows)
    assert "</html>" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("rows", "spec", "problem"),
    [
        ([(1, "Ana", "a@b.org"), (1, "Bo", "b@b.org")], SPEC, "people:1"),
        ([("", "Ana", "a@b.org")], SPEC, "have no 'id'"),
        ([], SPEC.replace("email:", "mood:"), "roles.mood"),
        ([], SPEC.replace("full_name: name", "full_name: nick"), "'nick' is not in people.csv"),
        ([], SPEC.replace("people.csv", "nobody.csv"), "nobody.csv is not there"),
        ([], SPEC + SPEC.splitlines()[-1] + "\n", "'people' is used twice"),
        ([], "sources: [", "cannot be read as YAML"),
        ([], SPEC.replace("dedupe", "guess"), "is 'guess'"),
    ],
    ids=[
        "duplicate ids",
        "missing id",
        "unknown role",
        "unknown column",
        "no file",
        "two sources of one name",
        "no YAML",
        "unknown task",
    ],
)
def test_what_cannot_be_used_ends_with_two_and_one_sentence(
    tmp_path: Path, rows: list[Row], spec: str, problem: str
) -> None:
    code, figures, complaint = outcome(tmp_path, rows, spec)
    assert code == 2
    assert problem in figures["error"]
    assert problem in complaint
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("place", ["people.csv", "people.csv/found"])
def test_results_have_no_place_in_a_file(tmp_path: Path, place: str) -> None:
    spec = write_people(tmp_path, 3)
    result = CliRunner().invoke(app, ["resolve", str(spec), "--out", str(tmp_path / place)])
    assert result.exit_code == 2
    assert "people.csv is a file, not a folder" in result.stderr


def test_a_file_in_another_encoding_is_refused_until_the_spec_names_it(tmp_path: Path) -> None:
    rows = [f"{number},José Peña,j{number}@b.org" for number in range(30)]
    text = "\n".join([",".join(COLUMNS), *rows])
    (tmp_path / "people.csv").write_text(text, encoding="latin-1")
    code, figures, _ = outcome_of_spec(tmp_path, SPEC)
    assert code == 2
    assert "check its encoding" in figures["error"]
    named = SPEC.replace("record_id: id", "record_id: id, encoding: latin-1")
    assert outcome_of_spec(tmp_path, named)[0] == 0


def test_a_block_of_half_a_million_brings_no_pairs_and_loses_no_record() -> None:
    """All of them have one name and one city: no rule may bring them together."""
    size = 500_000
    same = {"given_name": "amina", "family_name": "ali", "city": "nairobi", "source_system": "crm"}
    block = {
        name: pa.array([value]).take(pa.array(np.zeros(size, int))) for name, value in same.items()
    }
    block["source_record_id"] = pa.array([f"crm:B{number}" for number in range(size)])
    columns = [block.get(field.name, pa.nulls(size, field.type)) for field in PERSON_RECORDS]
    people = as_table(crowd(200))
    whole = person_records(pa.concat_tables([people, pa.table(columns, schema=PERSON_RECORDS)]))
    found = resolve_records(whole, engine_settings())
    assert found.records.size == size + people.num_rows
    assert found.candidate_pairs < 10 * found.records.size
    ends = found.records.ids.take(pa.array(found.edges.left)).to_pylist()
    assert not [end for end in ends if end.startswith("crm:B")]


def test_a_model_that_has_no_fit_is_an_error_and_not_nan() -> None:
    settings = engine_settings()
    found = resolve_records(as_table(crowd(60)), settings)
    assert found.scorer is not None
    broken = replace(found.scorer.chance, overall=np.full_like(found.scorer.chance.overall, np.nan))
    chooser = StructureChooser(
        found.comparer, _compared(found), lambda chance, mixture: found.scorer, settings
    )
    with pytest.raises(ModelError, match="has no fit"):
        chooser.choose(broken, ("MC", "MCS"))


def _compared(found: Resolution) -> ComparedPairs:
    edges = found.edges
    packed = pack(edges.levels, found.comparer.sizes)
    stratum = strata(found.records.sources, edges.left, edges.right)
    table, codes = count_patterns(packed, edges.rules, stratum, found.comparer.sizes)
    return ComparedPairs(edges.left, edges.right, codes, table)


def more_than_numpy_can_have() -> None:
    np.empty(2**50)


def more_than_duckdb_may_have() -> None:
    with duckdb.connect(config={"memory_limit": "10MB", "max_temp_directory_size": "0MB"}) as small:
        small.sql("select list(range) from range(10_000_000)").fetchall()


@pytest.mark.parametrize("too_much", [more_than_numpy_can_have, more_than_duckdb_may_have])
def test_too_little_memory_ends_with_one_sentence(
    too_much: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended, exit_on_wrong_input(as_json=True):
        too_much()
    assert ended.value.exit_code == FAILED
    shown = capsys.readouterr()
    assert json.loads(shown.out)["error"] == OUT_OF_MEMORY
    assert OUT_OF_MEMORY[:30] in shown.err


def write_people(folder: Path, number: int) -> Path:
    """Write so many people and a spec for them; return the spec."""
    folder.mkdir(exist_ok=True)
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        rows = ((person, f"Ana {person}", f"m{person}@b.org") for person in range(number))
        csv.writer(file).writerows([COLUMNS, *rows])
    (folder / "resolve.yml").write_text(SPEC, encoding="utf-8")
    return folder / "resolve.yml"


def test_a_process_that_may_not_have_the_memory_it_needs_ends_and_writes_nothing(
    tmp_path: Path,
) -> None:
    few, many = write_people(tmp_path / "few", 300), write_people(tmp_path, 150_000)
    program = (  # what threads and libraries need is there before: the C library aborts without
        "import resource, sys; from orchestration.cli.main import app;"
        "app(['resolve', sys.argv[1], '--out', sys.argv[2]], standalone_mode=False);"
        "used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize();"
        "resource.setrlimit(resource.RLIMIT_AS, (used + 120_000_000,) * 2);"
        "app(['resolve', sys.argv[3], '--out', sys.argv[4], '--json'])"
    )
    arguments = [str(few), str(tmp_path / "before"), str(many), str(tmp_path / "out")]
    ended = subprocess.run(  # noqa: S603  our own verb
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert ended.returncode == FAILED, ended.stderr
    assert json.loads(ended.stdout[ended.stdout.index("{") :])["error"] == OUT_OF_MEMORY
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "out").exists()
