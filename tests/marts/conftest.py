import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.identity.accounts.account_tables import build_accounts
from orchestration.identity.households import build_households
from tests.marts.building import build_marts
from tests.marts.conformed_world import AS_OF, write_world
from tests.marts.crowded_world import crowded_world

# Members that segments have which nobody is in: of the first try of the run, before its file was
# corrected, and of a run while the clock had run ahead.
BEGUN_IN_VAIN = {"corrected": AS_OF, "ahead": AS_OF + timedelta(days=1)}


def build_crowded_world(home: Path, shuffle_seed: int | None) -> None:
    home.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        write_world(connection, crowded_world(), shuffle_seed=shuffle_seed)
        build_households(connection)
        build_accounts(connection)
    build_marts(home)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose marts were built from the crowded world."""
    home = tmp_path_factory.mktemp("marts")
    build_crowded_world(home, shuffle_seed=None)
    return home


@pytest.fixture(scope="session")
def built_again_shuffled(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same marts, built over the first ones from shuffled rows by one more run."""
    home = tmp_path_factory.mktemp("marts_shuffled")
    shutil.copytree(built, home, dirs_exist_ok=True)
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        # homes that were made earlier lack the column
        connection.execute("alter table marts.int_segment_stays__recorded drop recorded_order")
        for name, entered_at in BEGUN_IN_VAIN.items():
            connection.execute(
                "insert into marts.int_segment_stays__recorded values (?, 'C1', ?, null)",
                [name, entered_at],
            )
    build_crowded_world(home, shuffle_seed=7)
    return home
