"""`c360 resolve` and `c360 evaluate`, from files to files."""

import csv
import json
import weakref
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from orchestration.cli.main import app
from orchestration.identity import resolve as verb
from orchestration.identity.clustering import Clusters, cluster_records
from orchestration.identity.resolve_spec import ResolveSpec, read_spec
from orchestration.identity.settings import engine_settings
from orchestration.identity.spec_tables import read_records
from orchestration.identity.state.frozen_model import freeze
from orchestration.identity.state.model_store import ModelInUse
from tests.identity.people import crowd

COLUMNS = ("given_name", "family_name", "email", "phone", "street", "city")
SPEC = """
task: link_and_dedupe
sources:
- {source: crm, file: crm.csv, record_id: id, roles: &roles {ROLES}}
- {source: webshop, file: webshop.csv, record_id: id, roles: *roles}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files of people, a spec, and the truth about them."""
    folder = tmp_path_factory.mktemp("people")
    rows = crowd(150)
    for source in ("crm", "webshop"):
        with (folder / f"{source}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", *COLUMNS])
            for row in rows:
                if row["source_system"] == source:
                    key = row["source_record_id"].partition(":")[2]
                    writer.writerow([key, *(row.get(name) for name in COLUMNS)])
    roles = "{" + ", ".join(f"{name}: {name}" for name in COLUMNS) + "}"
    (folder / "resolve.yml").write_text(SPEC.replace("{ROLES}", roles), encoding="utf-8")
    lines = [f"{row['source_record_id'].replace(':', ',')}" for row in rows]
    truth = "".join(f"{line},{line.partition(',')[2]}\n" for line in lines)
    (folder / "truth.csv").write_text("source,record_id,entity_id\n" + truth, encoding="utf-8")
    return folder


def c360(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_people_in_two_files_are_resolved_and_measured(folder: Path) -> None:
    out = folder / "out"
    resolved = c360("resolve", folder / "resolve.yml", "--out", out, "--json")
    assert resolved.exit_code == 0, resolved.output
    summary = json.loads(resolved.stdout)
    assert summary["records"] == 300
    clusters = pq.read_table(out / "clusters.parquet")
    assert clusters.column_names == ["source", "record_id", "cluster_id"]
    assert clusters.num_rows == 300
    edges = pq.read_table(out / "edges.parquet")
    assert edges.num_rows == summary["edges"]
    assert {"probability", "match_weight", "rules", "weight_email"} <= set(edges.column_names)
    model = json.loads((out / "model.json").read_text(encoding="utf-8"))
    assert model["model_version"] == summary["model_version"]
    measured = c360("evaluate", out / "clusters.parquet", folder / "truth.csv", "--json")
    assert measured.exit_code == 0, measured.output
    assert json.loads(measured.stdout)["pairwise"]["f1"] >= 0.97


def test_words_for_people(folder: Path) -> None:
    out = folder / "words"
    resolved = c360("resolve", folder / "resolve.yml", "--out", out)
    assert "300 records are" in resolved.stdout
    measured = c360("evaluate", out / "clusters.parquet", folder / "truth.csv")
    assert "B-cubed" in measured.stdout


def test_resolving_twice_writes_the_same_bytes(folder: Path) -> None:
    for name in ("one", "two"):
        assert c360("resolve", folder / "resolve.yml", "--out", folder / name).exit_code == 0
    for file in ("clusters.parquet", "edges.parquet", "model.json"):
        assert (folder / "one" / file).read_bytes() == (folder / "two" / file).read_bytes()


def test_a_wrong_spec_ends_with_two_and_names_file_and_key(folder: Path) -> None:
    wrong = folder / "wrong.yml"
    text = (folder / "resolve.yml").read_text(encoding="utf-8")
    wrong.write_text(text.replace("email: email", "e_mail: email"), encoding="utf-8")
    result = c360("resolve", wrong, "--out", folder / "nowhere")
    assert result.exit_code == 2
    assert "wrong.yml: sources[0].roles.e_mail" in result.stderr
    assert not (folder / "nowhere").exists()


def test_a_wrong_truth_ends_with_two(folder: Path) -> None:
    result = c360("evaluate", folder / "crm.csv", folder / "truth.csv", "--json")
    assert result.exit_code == 2
    assert "crm.csv" in json.loads(result.stdout)["error"]


@pytest.mark.parametrize("is_kept", [False, True], ids=["fitted model", "kept model"])
def test_the_engine_has_let_go_of_the_table_before_it_makes_clusters(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, is_kept: bool
) -> None:
    tables: list[weakref.ref[pa.Table]] = []
    still_there: list[bool] = []

    def read(spec: ResolveSpec) -> pa.Table:
        table = read_records(spec)
        tables.append(weakref.ref(table))
        return table

    def cluster(*arguments: Any, **named: Any) -> Clusters:
        still_there.append(tables[0]() is not None)
        return cluster_records(*arguments, **named)

    spec, settings = read_spec(folder / "resolve.yml"), engine_settings()
    model = None
    if is_kept:
        frozen = freeze(verb.resolve(spec, settings).resolution, "kept")
        assert frozen is not None
        model = ModelInUse(frozen, settings, "")
    monkeypatch.setattr(verb, "read_records", read)
    monkeypatch.setattr(verb, "cluster_records", cluster)
    assert verb.resolve(spec, settings, model=model).households.num_rows >= 0
    assert still_there == [False]
