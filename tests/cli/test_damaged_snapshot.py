"""A published snapshot that is damaged or gone: every verb says what is wrong and what to do."""

import json
import shutil

import duckdb
import pytest

CURRENT, BEFORE = "2026-11-22-000002", "2026-11-22-000001"


def not_a_database(folder):
    file = folder / "customer_360.duckdb"
    file.chmod(0o644)
    file.write_bytes(b"not a database")


def a_row_less(folder):
    """Change what only a reader of all rows meets."""
    file = folder / "customer_360.duckdb"
    file.chmod(0o644)
    with duckdb.connect(str(file)) as writer:
        writer.execute("delete from marts.customer_360 where customer_id = 'C00000'")


@pytest.fixture(params=[not_a_database, shutil.rmtree])
def damage(request, home, two_snapshots):
    request.param(home / "serving" / "versions" / CURRENT)


@pytest.mark.parametrize("verb", ["status", "snapshots"])
def test_a_verb_that_looks_goes_on_and_says_the_way_out(c360, damage, verb):
    shown = c360(verb)
    assert shown.exit_code == 0
    said = " ".join(shown.output.split())
    assert CURRENT in said
    assert "`c360 rollback` leads readers to the version before it" in said


def test_machines_are_told_as_well(c360, damage):
    told = json.loads(c360("status", "--json").output)
    assert told["snapshot"] is None
    assert CURRENT in told["snapshot_problem"]
    assert CURRENT in json.loads(c360("snapshots", "--json").output)["problem"]


@pytest.mark.parametrize("verb", [("export", "files"), ("serve",), ("targets",)])
def test_a_verb_that_needs_the_snapshot_stops_with_the_way_out(c360, damage, verb, tmp_path):
    shown = c360(*(str(tmp_path / word) if word == "files" else word for word in verb))
    assert shown.exit_code == 1
    assert "c360 rollback" in shown.output


def test_the_way_out_leads_out(c360, damage):
    assert BEFORE in c360("rollback").output
    told = json.loads(c360("status", "--json").output)
    assert (told["snapshot"]["version"], told["snapshot_problem"]) == (BEFORE, None)


def test_a_rollback_passes_over_a_damaged_version(c360, home, two_snapshots):
    not_a_database(home / "serving" / "versions" / BEFORE)
    shown = c360("rollback")
    assert shown.exit_code == 1
    assert f"snapshot {BEFORE} cannot be read" in " ".join(shown.output.split())
    assert CURRENT in c360("status").output


def test_a_check_reads_every_row(c360, home, two_snapshots):
    a_row_less(home / "serving" / "versions" / BEFORE)
    listed = json.loads(c360("snapshots", "--check", "--json").output)["snapshots"]
    assert [(each["version"], each["is_damaged"]) for each in listed] == [
        (CURRENT, False),
        (BEFORE, True),
    ]
    assert "damaged" in c360("snapshots", "--check").output
