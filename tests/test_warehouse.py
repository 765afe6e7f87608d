"""A warehouse that can't be opened is named, with the way out, and left as it is."""

import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.warehouse import Warehouse, WarehouseDamagedError, WarehouseLockedError

LOOK = """
import sys, time, duckdb
with duckdb.connect(sys.argv[1], read_only=True):
    print("looking", flush=True)
    time.sleep(0.5)
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A warehouse with a table in it."""
    made = Warehouse(tmp_path / "warehouse.duckdb", tmp_path / "tmp")
    with made.connect() as connection:
        connection.execute("create table marts.numbers as select range as number from range(9000)")
    return made


@pytest.mark.parametrize("read_only", [True, False])
def test_warehouse_that_is_cut_short_or_overwritten_is_damaged(
    warehouse: Warehouse, read_only: bool
) -> None:
    whole = warehouse.path.read_bytes()
    for broken in (whole[:8192], whole[:100], b"Wanjiru" * 9000, whole[:4096] + b"\1" * 9000):
        warehouse.path.write_bytes(broken)
        with (
            pytest.raises(WarehouseDamagedError, match=r"move it away and start `c360 run`"),
            warehouse.connect(read_only=read_only),
        ):
            pass
        assert warehouse.path.read_bytes() == broken


def test_file_is_waited_for_while_somebody_only_looks(warehouse: Warehouse) -> None:
    command = [sys.executable, "-c", LOOK, str(warehouse.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "looking\n"
        with pytest.raises(WarehouseLockedError), warehouse.connect(patience_seconds=0):
            pass
        with warehouse.connect() as connection:
            assert connection.execute("select count(*) from marts.numbers").fetchall() == [(9000,)]


def test_folder_in_the_place_of_the_warehouse_is_told(tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").mkdir()
    with (
        pytest.raises(WarehouseDamagedError),
        Warehouse(tmp_path / "warehouse.duckdb", tmp_path / "tmp").connect(),
    ):
        pass
