"""Kill the daily run at many moments: readers lose nothing, and the next run makes up for it.

KILL_MOMENTS in the environment sets how many moments are tried (1 unless told), besides those of
the other tests.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from orchestration.publishing.contents import table_contents
from tests.support.command_line import c360, environment_of
from tests.support.marts import mart_checksums

pytestmark = pytest.mark.e2e

TODAY = "2026-07-02"  # the day after the one that `published_home` has published
MOMENTS = int(os.environ.get("KILL_MOMENTS", "1"))

# Without the steward's decisions: what the killed run found is written there too, as it should be.
LANDED = """
    select
        source || '_' || table_name as landing_table,
        count(*) filter (status = 'landed') as loads,
        coalesce(sum(rows_received), 0) as rows_received,
        coalesce(sum(rows_landed), 0) as rows_landed,
        coalesce(sum(rows_quarantined), 0) as rows_quarantined
    from quality.loads
    where source <> 'steward'
    group by all
    order by all
"""


@dataclass(frozen=True)
class World:
    """A home with yesterday published and today waiting in the inbox, and what today comes to."""

    home: Path
    yesterday: dict
    today: dict
    landed: list
    landing: dict
    seconds: float


@pytest.fixture(scope="module")
def world(published_home, tmp_path_factory) -> World:
    home = copy_of(published_home, tmp_path_factory.mktemp("world"))
    done = c360(home, "sample", "--add-day")
    assert done.code == 0, done.output + done.errors
    yesterday = mart_checksums(home)
    undisturbed = copy_of(home, tmp_path_factory.mktemp("undisturbed"))
    begun = time.perf_counter()
    done = c360(undisturbed, "run", "--as-of", TODAY)
    seconds = time.perf_counter() - begun
    assert done.code == 0, done.output + done.errors
    today = mart_checksums(undisturbed)
    assert today != yesterday
    return World(
        home, yesterday, today, landed(undisturbed), landing_contents(undisturbed), seconds
    )


@pytest.fixture
def home(world, tmp_path) -> Path:
    return copy_of(world.home, tmp_path)


def copy_of(home: Path, folder: Path) -> Path:
    copy = folder / "home"
    shutil.copytree(home, copy, symlinks=True)
    return copy


def landed(home: Path) -> list[tuple]:
    with duckdb.connect(str(home / "warehouse.duckdb")) as warehouse:
        return warehouse.execute(LANDED).fetchall()


def landing_contents(home: Path) -> dict[str, int]:
    """Sum up the rows of every landing table, without what tells one load from another."""
    with duckdb.connect(str(home / "warehouse.duckdb")) as warehouse:
        tables = warehouse.execute(
            "select table_name from duckdb_tables() where schema_name = 'landing' "
            "and table_name <> 'steward_decisions' order by all"
        ).fetchall()
        query = """
            select sum(hash(landed))
            from (select columns(name -> name not in ('_load_id', '_folded_by')) from landing."{}")
                as landed
        """
        return {table: warehouse.execute(query.format(table)).fetchone()[0] for (table,) in tables}


def kill_a_run(home: Path, seconds: float) -> None:
    """Start today's run in a process group of its own, and kill the whole group."""
    run = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli.main", "run", "--as-of", TODAY],
        env=environment_of(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(seconds)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def assert_snapshot_is_whole(home: Path) -> None:
    with duckdb.connect(str(home / "serving" / "customer_360.duckdb"), read_only=True) as snapshot:
        said = snapshot.execute("select * from about.tables order by table_name").fetchall()
        for table, rows, checksum in said:
            found = table_contents(snapshot, "customer_360", "marts", table)
            assert (found.rows, found.checksum) == (rows, checksum)


def moments() -> list[float]:
    """Spread the moments over the run, and shift each a little, always the same way."""
    shift = random.Random(MOMENTS)
    return [(number + shift.random()) / MOMENTS for number in range(MOMENTS)]


@pytest.mark.parametrize("moment", moments())
def test_run_killed_at_any_moment_is_made_good_by_the_next(world, home, moment):
    kill_a_run(home, world.seconds * moment)

    assert_snapshot_is_whole(home)
    assert mart_checksums(home) in (world.yesterday, world.today)

    again = c360(home, "run", "--as-of", TODAY)
    assert again.code == 0, again.output + again.errors
    assert_snapshot_is_whole(home)
    assert mart_checksums(home) == world.today
    assert landed(home) == world.landed
    assert landing_contents(home) == world.landing


def test_killed_run_can_be_resumed(world, home):
    kill_a_run(home, world.seconds * 0.4)  # still at work, also on a machine that is freer by now

    resumed = c360(home, "run", "--resume", "--json")
    assert resumed.code == 0, resumed.output + resumed.errors
    assert resumed.json()["as_of"].startswith(TODAY)
    assert mart_checksums(home) == world.today
    assert landing_contents(home) == world.landing


def test_run_killed_twice_is_made_good_by_the_third(world, home):
    kill_a_run(home, world.seconds * 0.3)
    kill_a_run(home, world.seconds * 0.7)

    assert c360(home, "run", "--as-of", TODAY).code == 0
    assert mart_checksums(home) == world.today
    assert landing_contents(home) == world.landing
