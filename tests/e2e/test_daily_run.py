"""The daily run on a small sample company, through the command line, as a user meets it."""

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.support.command_line import c360
from tests.support.marts import mart_checksums

pytestmark = pytest.mark.e2e

SAMPLE = ("sample", "--customers", "600", "--days", "2", "--seed", "11", "--end-date", "2026-06-30")
AS_OF = "2026-07-01"


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    home = tmp_path_factory.mktemp("first") / "home"
    made = c360(home, *SAMPLE)
    assert made.code == 0, made.errors
    ran = c360(home, "run", "--as-of", AS_OF, "--json")
    assert ran.code == 0, ran.output + ran.errors
    return home, ran.json()


@pytest.fixture(scope="module")
def second_day(first_run, tmp_path_factory):
    home = copied(first_run[0], tmp_path_factory.mktemp("second"))
    for arguments in (("sample", "--add-day"), ("run", "--as-of", "2026-07-02")):
        done = c360(home, *arguments)
        assert done.code == 0, done.output + done.errors
    return home


def served(home: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(home / "serving" / "customer_360.duckdb"), read_only=True) as snapshot:
        return snapshot.execute(query).fetchall()


def warehouse(home: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def copied(home: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "home"
    shutil.copytree(home, copy, symlinks=True)
    return copy


def test_the_snapshot_holds_one_row_per_customer(first_run):
    home, summary = first_run
    ((rows, customers),) = served(
        home, "select count(*), count(distinct customer_id) from marts.customer_360"
    )
    assert rows == customers == summary["customers"] > 500


def test_every_person_record_belongs_to_exactly_one_customer(first_run):
    home, _ = first_run
    records = warehouse(
        home,
        """
        select count(*), count(distinct records.source_record_id), count(map.customer_id)
        from conformed.int_person_records__normalised as records
        left join identity.identity_map as map using (source_record_id)
        """,
    )
    assert len(set(records[0])) == 1


def test_every_row_received_is_landed_quarantined_or_refused(first_run):
    home, _ = first_run
    ((loads, unbalanced),) = warehouse(
        home,
        """
        select count(*), count(*) filter (
            rows_received <> rows_landed + rows_quarantined + rows_refused
        )
        from quality.loads
        """,
    )
    assert loads > 25
    assert unbalanced == 0


def test_golden_values_name_their_source_record(first_run):
    home, _ = first_run
    ((without_provenance,),) = served(
        home,
        "select count(*) from marts.customer_360 "
        "where email is not null and email_source_record_id is null",
    )
    assert without_provenance == 0


def test_the_run_is_seen_in_the_instance_that_the_ui_opens(first_run):
    home, summary = first_run
    status = c360(home, "status", "--json").json()
    assert summary["run_id"] in {run["run_id"] for run in status["runs"]}


def test_a_second_run_with_nothing_new_publishes_nothing_new(first_run, tmp_path):
    home = copied(first_run[0], tmp_path)
    before = mart_checksums(home)
    again = c360(home, "run", "--as-of", AS_OF, "--json")
    assert again.code == 0, again.output + again.errors
    assert mart_checksums(home) == before
    versions = c360(home, "snapshots", "--json").json()
    assert len(versions["snapshots"]) == 1


def test_the_same_input_gives_the_same_marts_in_another_home(first_run, tmp_path):
    home = tmp_path / "elsewhere"
    assert c360(home, *SAMPLE).code == 0
    ran = c360(home, "run", "--as-of", AS_OF, "--json")
    assert ran.code == 0, ran.output + ran.errors
    assert mart_checksums(home) == mart_checksums(first_run[0])


def test_a_failing_gate_publishes_nothing_and_says_which(first_run, tmp_path):
    home = copied(first_run[0], tmp_path)
    before = mart_checksums(home)
    broken = next((home / "inbox" / "webshop" / "orders").glob("*.csv"))
    rows = broken.read_text(encoding="utf-8").splitlines()
    damaged = [rows[0].replace("order_no", "order_number"), *rows[1:]]
    broken.with_name("orders_2026-07-01.csv").write_text("\n".join(damaged) + "\n", "utf-8")
    stopped = c360(home, "run", "--as-of", "2026-07-02")
    assert stopped.code == 3
    assert "order_no" in stopped.output + stopped.errors
    assert mart_checksums(home) == before


def test_rollback_brings_the_previous_snapshot_back(first_run, second_day, tmp_path):
    home = copied(second_day, tmp_path)
    before = mart_checksums(first_run[0])
    assert mart_checksums(home) != before
    assert c360(home, "rollback").code == 0
    assert mart_checksums(home) == before


def test_customer_ids_of_untouched_records_survive_a_day(first_run, second_day):
    ids = "select source_record_id, customer_id from marts.customer_identities where is_current"
    known, today = dict(served(first_run[0], ids)), dict(served(second_day, ids))
    changed = [record for record in known if record in today and today[record] != known[record]]
    events = warehouse(
        second_day, "select count(*) from identity.id_history where event <> 'created'"
    )
    assert len(changed) <= 0.02 * len(known)
    assert not changed or events[0][0] > 0


def test_no_personal_value_reaches_the_run_log(first_run):
    home, _ = first_run
    emails = {
        value
        for (value,) in served(
            home, "select email from marts.customer_360 where email is not null limit 200"
        )
    }
    stored = b"".join(path.read_bytes() for path in (home / "dagster").rglob("*") if path.is_file())
    assert emails
    assert not [email for email in emails if email.encode() in stored]
