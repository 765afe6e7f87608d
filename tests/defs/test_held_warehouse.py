"""The file of the warehouse between gates: open for the next gate, free for everybody else."""

import subprocess
import sys

from orchestration.defs.resources import HeldWarehouse
from orchestration.warehouse import Warehouse

OPENS = "import sys, duckdb; duckdb.connect(sys.argv[1]).execute('select 1')"


def opens_in_another_process(warehouse: Warehouse) -> bool:
    command = [sys.executable, "-c", OPENS, str(warehouse.path)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_held_file_is_for_the_gates_of_this_process_until_somebody_else_asks(tmp_path):
    held = HeldWarehouse(Warehouse(tmp_path / "warehouse.duckdb", tmp_path / "tmp", "1GB"))
    for _ in range(2):
        with held.hold().connect() as connection:
            connection.execute("create or replace table quality.gates as select 1 as n")
    assert not opens_in_another_process(held.warehouse)

    with held.release().connect() as connection:
        assert connection.execute("select n from quality.gates").fetchall() == [(1,)]
    assert opens_in_another_process(held.warehouse)
    assert held.release() is held.warehouse
