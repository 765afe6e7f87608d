"""`c360 resolve --dry-run` and `--record`, over a warehouse as a run leaves it."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from orchestration.cli.main import app
from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.record_clusters import build_clusters
from orchestration.settings import Settings
from orchestration.warehouse import Warehouse
from tests.identity.people import crowd
from tests.identity.warehouses import fill_conformed

DAY = datetime.fromisoformat("2026-07-01")
PEOPLE = crowd(60, seed=12)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    with Warehouse.of(Settings(home=home)).connect() as connection:
        fill_conformed(connection, PEOPLE)
        score_pairs(connection, as_of=DAY)
        build_clusters(connection, as_of=DAY)
        assign_customer_ids(connection, run_id="run", as_of=DAY)
    return home


def resolve(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["resolve", *arguments], env={"C360_HOME": str(home)})


def test_a_person_is_found_by_what_somebody_types(home: Path) -> None:
    email = PEOPLE[0]["email"]
    name = f"{PEOPLE[0]['given_name']} {PEOPLE[0]['family_name']}".upper()
    record = json.dumps({"full_name": name, "email": email.upper(), "phone": PEOPLE[0]["phone"]})
    found = resolve(home, "--record", record, "--json")
    assert found.exit_code == 0, found.output
    answer = json.loads(found.stdout)
    assert answer["candidates"][0]["source_record_id"].endswith(":P00000")
    assert answer["customer_id"] == answer["candidates"][0]["customer_id"]
    shown = resolve(home, "--record", record)
    assert answer["customer_id"] in shown.stdout
    assert email not in shown.stdout.lower()


def test_a_dry_run_tells_what_other_settings_change(home: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yml"
    own.write_text("clustering: {threshold: 0.9999999}", encoding="utf-8")
    found = resolve(home, "--dry-run", "--settings", str(own), "--json")
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["summary"]["changes"]["split"] > 0
    nothing = resolve(home, "--dry-run")
    assert "Nobody would merge" in nothing.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--record", "{not json"],
        ["--record", "[]"],
        ["--record", "nowhere.json"],
        ["--record", '{"shoe_size": 44}'],
        ["--record", "{}", "--dry-run"],
        ["--record", "{}", "--model", "model.duckdb"],
        ["--record", "{}", "--settings", "own.yml"],
        ["--dry-run", "--judged", "to_judge.csv"],
        ["--dry-run", "spec.yml"],
        ["--settings", "own.yml"],
        ["--dry-run", "--settings", "nowhere.yml"],
        ["--new-model"],
        [],
    ],
)
def test_wrong_usage_ends_with_two(home: Path, arguments: list[str]) -> None:
    assert resolve(home, *arguments).exit_code == 2


@pytest.mark.parametrize("typed", ["Amina Juma", '[{"given_name": "Amina Juma"}]', "Amina" * 99])
def test_what_was_typed_of_a_person_is_in_no_message(home: Path, typed: str) -> None:
    found = resolve(home, "--record", typed, "--json")
    assert found.exit_code == 2
    assert "Amina" not in found.output


def test_a_model_of_another_engine_answers_nothing(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "home"
    copy.mkdir()
    shutil.copy(home / "warehouse.duckdb", copy)
    with duckdb.connect(str(copy / "warehouse.duckdb")) as connection:
        connection.execute(
            "update identity.model_in_use set document ="
            ' json_merge_patch(document, \'{"engine": "of last year"}\')'
        )
    found = resolve(copy, "--record", '{"given_name": "amina", "family_name": "juma"}')
    assert found.exit_code == 2
    assert "another engine fitted the kept model" in found.output
