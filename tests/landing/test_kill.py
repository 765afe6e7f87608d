"""A run that is killed leaves whole files or nothing, and the next one finishes the work."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from tests.landing.doorway import HEADER, Doorway, sales_contract

FILES, ROWS = 8, 20_000
KILLS = 8
LAND = """
import sys
from pathlib import Path
from orchestration.landing.contract import Contract
from tests.landing.doorway import Doorway

home, runs, contract = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
print("begun", flush=True)
Doorway(home, Contract.model_validate_json(contract), runs=runs).land()
"""


def land_and_kill(door: Doorway, run: int, after: float | None) -> int:
    """Land in a process of its own, which is killed some time after it began to land."""
    command = [sys.executable, "-c", LAND, str(door.home), str(run)]
    command.append(door.contract.model_dump_json(by_alias=True))
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        if after is not None:
            time.sleep(after)
            process.send_signal(signal.SIGKILL)
        return process.wait(timeout=120)


def assert_whole(door: Doorway) -> int:
    """Check what the killed run left and return the number of its loads."""
    tables = door.ask("select table_name from information_schema.tables")
    if ("loads",) not in tables or ("shop_sales",) not in tables:
        return 0
    assert door.is_balanced()
    orphans = (
        "select count(*) from landing.shop_sales anti join quality.loads on _load_id = load_id"
    )
    assert door.ask(orphans) == [(0,)]
    return int(door.ask("select count(*) from quality.loads")[0][0])


def test_killed_run_leaves_whole_files_and_the_next_finishes(tmp_path: Path) -> None:
    door = Doorway(tmp_path)
    for number in range(FILES):
        rows = "".join(f"F{number}-{row},b,{row}.00,\n" for row in range(ROWS))
        door.deliver(f"{number}.csv", f"{HEADER}{rows}F{number}-0,other,1,\n")
    chance = random.Random(7)
    landed = 0
    for run in range(KILLS):
        land_and_kill(door, run, after=chance.uniform(0.05, 1.5))
        loads = assert_whole(door)
        assert loads >= landed
        landed = loads
    assert land_and_kill(door, KILLS, after=None) == 0
    assert assert_whole(door) == FILES
    assert door.ask("select count(*), count(distinct sale_id) from landing.shop_sales") == [
        (FILES * ROWS, FILES * ROWS)
    ]
    assert door.ask("select sum(rows_out) from quality.row_accounting") == [(FILES * ROWS,)]


def test_killed_extract_of_a_database_is_landed_by_the_next_run(tmp_path: Path) -> None:
    contract = sales_contract(
        location={"database": "sqlite:///{inbox}/shop.sqlite", "table": "sales"},
        format=None,
        delivery="incremental",
        cursor="sold_at",
        columns={
            "sale_id": {"type": "text", "required": True},
            "sold_at": {"type": "timestamp", "required": True},
        },
    )
    door = Doorway(tmp_path, contract)
    door.inbox.mkdir()
    total = 0
    for run in range(4):
        with sqlite3.connect(door.inbox / "shop.sqlite") as database:
            database.execute("create table if not exists sales (sale_id text, sold_at text)")
            rows = [(f"S{total + n}", f"2026-01-0{run + 1} 10:00:00") for n in range(5000)]
            database.executemany("insert into sales values (?, ?)", rows)
        total += 5000
        land_and_kill(door, run, after=0.8 + run * 0.7)
        assert_whole(door)
    assert land_and_kill(door, 9, after=None) == 0
    assert_whole(door)
    assert door.ask("select count(*), count(distinct sale_id) from landing.shop_sales") == [
        (total, total)
    ]
