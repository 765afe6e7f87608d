"""A model is kept in a file, decides again as it did, and is compared with another."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from orchestration.cli.main import app
from tests.identity.people import crowd

COLUMNS = ("given_name", "family_name", "birth_year", "email", "phone", "street", "city")
SPEC = """
task: link_and_dedupe
sources:
- {source: crm, file: crm.csv, record_id: id, roles: &roles {ROLES}}
- {source: webshop, file: webshop.csv, record_id: id, roles: *roles}
"""


def write_people(folder: Path, people: int, seed: int) -> Path:
    """Write two files of people and their spec."""
    folder.mkdir()
    rows = crowd(people, seed)
    for source in ("crm", "webshop"):
        lines = [
            ",".join([row["source_record_id"][-6:], *(str(row.get(name, "")) for name in COLUMNS)])
            for row in rows
            if row["source_system"] == source
        ]
        text = "\n".join([",".join(["id", *COLUMNS]), *lines]) + "\n"
        (folder / f"{source}.csv").write_text(text, encoding="utf-8")
    roles = "{" + ", ".join(f"{name}: {name}" for name in COLUMNS if name != "birth_year") + "}"
    (folder / "resolve.yml").write_text(SPEC.replace("{ROLES}", roles), encoding="utf-8")
    return folder


def c360(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of people who were resolved into `out`."""
    folder = write_people(tmp_path_factory.mktemp("reuse") / "people", 150, seed=5)
    result = c360("resolve", folder / "resolve.yml", "--out", folder / "out", "--json")
    assert result.exit_code == 0, result.output
    return folder


def test_a_kept_model_finds_the_same_people_again(fitted: Path) -> None:
    again = fitted / "again"
    model = fitted / "out" / "model.duckdb"
    result = c360("resolve", fitted / "resolve.yml", "--out", again, "--model", model, "--json")
    assert result.exit_code == 0, result.output
    first = pq.read_table(fitted / "out" / "clusters.parquet")
    assert pq.read_table(again / "clusters.parquet").equals(first)
    before, after = (
        pq.read_table(folder / "edges.parquet")["probability"].to_numpy()
        for folder in (fitted / "out", again)
    )
    assert np.allclose(before, after, atol=1e-5)
    version = json.loads((fitted / "out" / "model.json").read_text(encoding="utf-8"))
    assert json.loads(result.stdout)["model_version"] == version["model_version"]


def test_a_kept_model_finds_people_it_has_never_seen(fitted: Path, tmp_path: Path) -> None:
    other = write_people(tmp_path / "others", 80, seed=9)
    model = fitted / "out"
    result = c360(
        "resolve", other / "resolve.yml", "--out", other / "out", "--model", model, "--json"
    )
    found = json.loads(result.stdout)
    assert (found["records"], found["clusters"]) == (160, 80)


def test_two_models_are_compared_by_weights_and_links(fitted: Path, tmp_path: Path) -> None:
    other = write_people(tmp_path / "others", 120, seed=9)
    arguments = ("resolve", other / "resolve.yml", "--out", other / "out")
    result = c360(*arguments, "--compare", fitted / "out", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)["comparison"]
    assert found == json.loads((other / "out" / "comparison.json").read_text(encoding="utf-8"))
    assert found["model_version"] != found["previous_version"]
    assert found["links_kept"] <= min(found["links"], found["previous_links"])
    assert 0 <= found["share_changed"] < 0.1
    assert found["largest_weight_change"] > 0
    same = c360(*arguments, "--compare", other / "out", "--json")
    assert json.loads(same.stdout)["comparison"]["share_changed"] == 0
    words = c360(*arguments, "--compare", fitted / "out")
    assert "are links of both" in words.stdout


def test_a_model_for_other_fields_is_refused(fitted: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,card\n1,77001\n2,77002\n", encoding="utf-8")
    (tmp_path / "resolve.yml").write_text(
        "sources:\n- {source: p, file: people.csv, record_id: id, roles: {national_id: card}}\n",
        encoding="utf-8",
    )
    result = c360(
        "resolve",
        tmp_path / "resolve.yml",
        "--out",
        tmp_path / "out",
        "--model",
        fitted / "out",
        "--json",
    )
    assert result.exit_code == 2
    assert "these records have none of them" in json.loads(result.stdout)["error"]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [None, b"no database"])
def test_what_is_no_model_is_refused(fitted: Path, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "model.duckdb").write_bytes(content)
    arguments = ("resolve", fitted / "resolve.yml", "--out", tmp_path / "out")
    result = c360(*arguments, "--model", tmp_path / "model.duckdb")
    assert result.exit_code == 2
    assert "model.duckdb is" in result.stderr
