"""What the door does with good files: once each, append-only, in every form a contract can name."""

import os
import threading
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.landing.errors import ContractError
from orchestration.landing.runs import begin_run
from tests.landing.doorway import AS_OF, HEADER, Doorway, sales_contract

ROWS = "S1,Ann,1.00,01/02/2026\nS2,Bob,,\n"
FEED = sales_contract(
    delivery="cdc",
    cursor="changed_at",
    change_type={"column": "change", "deletes": ["delete"]},
    columns={
        "change": {"type": "text", "required": True},
        "changed_at": {"type": "timestamp", "required": True},
        "sale_id": {"type": "text", "required": True},
        "buyer": {"type": "text"},
    },
)


def test_rows_land_typed_with_load_time_file_and_position(door: Doorway) -> None:
    door.deliver("a.csv", HEADER + ROWS)
    result = door.land()
    load_id = result.loads[0].load_id
    assert door.landed("*") == [
        ("S1", "Ann", Decimal("1.00"), date(2026, 2, 1), load_id, AS_OF, "sales/a.csv", 1),
        ("S2", "Bob", None, None, load_id, AS_OF, "sales/a.csv", 2),
    ]
    assert door.ask("select layer, table_name, rows_in, rows_out from quality.row_accounting") == [
        ("landing", "shop_sales", 2, 2)
    ]


def test_same_file_twice_lands_once(door: Doorway) -> None:
    door.deliver("a.csv", HEADER + ROWS)
    door.land()
    again = door.land()
    assert (again.loads, again.problems, again.rows_received) == ((), (), 0)
    assert len(door.landed()) == 2
    assert door.ask("select run_id, rows_in from quality.row_accounting order by all") == [
        ("run-1", 2),
        ("run-2", 0),
    ]


def test_same_content_under_another_name_lands_once_and_is_recorded(door: Doorway) -> None:
    door.deliver("a.csv", HEADER + ROWS)
    door.land()
    door.deliver("b.csv", HEADER + ROWS)
    result = door.land()
    assert result.problems == ("shop.sales, sales/b.csv: repeated file; the file is refused",)
    assert [(load.status, load.rows_refused) for load in result.loads] == [("refused", 2)]
    assert len(door.landed()) == 2
    assert door.land().loads == ()


def test_changed_file_lands_as_a_new_load(door: Doorway) -> None:
    door.deliver("a.csv", HEADER + ROWS)
    first = door.land()
    door.deliver("a.csv", HEADER + ROWS + "S3,Cid,3,\n")
    second = door.land()
    assert first.loads[0].load_id != second.loads[0].load_id
    assert door.landed("sale_id") == [("S1",), ("S1",), ("S2",), ("S2",), ("S3",)]
    orders = door.ask("select load_order, load_id from quality.loads order by load_order")
    assert orders == [(1, first.loads[0].load_id), (2, second.loads[0].load_id)]


def test_load_id_is_the_same_in_every_warehouse(tmp_path: Path) -> None:
    ids = set()
    for name in ("one", "two"):
        door = Doorway(tmp_path / name)
        door.deliver("a.csv", HEADER + ROWS)
        ids.add(door.land().loads[0].load_id)
    assert len(ids) == 1


def test_full_delivery_that_goes_back_to_an_earlier_state_is_news(door: Doorway) -> None:
    contract = sales_contract(delivery="full")
    for name, content in (("1.csv", ROWS), ("2.csv", "S3,Cid,3,\n"), ("3.csv", ROWS)):
        door.deliver(name, HEADER + content)
        assert door.land(contract).rows_landed > 0
    door.deliver("4.csv", HEADER + ROWS)
    assert door.land(contract).rows_refused == 2  # nothing has changed since 3.csv
    assert door.land(contract).loads == ()


def test_full_delivery_that_overwrites_its_file_lands_each_state(door: Doorway) -> None:
    contract = sales_contract(delivery="full")
    ids = []
    for content in (ROWS, "S3,Cid,3,\n", ROWS):
        door.deliver("current.csv", HEADER + content)
        ids += [load.load_id for load in door.land(contract).loads]
    assert len(set(ids)) == 3


def test_several_files_land_in_the_order_of_their_names(door: Doorway) -> None:
    for name in ("c.csv", "a.csv", "b.csv"):
        door.deliver(name, f"{HEADER}{name},x,1,\n")
    assert [load.file for load in door.land().loads] == [
        "sales/a.csv",
        "sales/b.csv",
        "sales/c.csv",
    ]


def test_hidden_and_unfinished_files_are_left_alone(door: Doorway) -> None:
    for name in (".a.csv", "~a.csv", "a.csv.part", "a.csv.tmp", "A.CSV.PARTIAL"):
        door.deliver(name, HEADER + ROWS)
    assert door.land().loads == ()


def test_file_that_is_still_written_waits_for_the_next_run(door: Doorway) -> None:
    path = door.deliver("a.csv", HEADER + ROWS)
    door.deliver("b.csv", HEADER + "S9,Zed,1,\n")
    old = time.time() - 60
    os.utime(door.inbox / "sales" / "b.csv", (old, old))

    def write_on() -> None:
        for number in range(20):
            time.sleep(0.05)
            with path.open("a", encoding="utf-8") as stream:
                stream.write(f"T{number},x,1,\n")

    writer = threading.Thread(target=write_on)
    writer.start()
    result = door.land(settle_seconds=0.5)
    writer.join()
    assert result.postponed == ("sales/a.csv",)
    assert result.problems == (
        "shop.sales, sales/a.csv: still being written; it waits for the next run",
    )
    assert door.landed("sale_id") == [("S9",)]
    assert door.land(settle_seconds=0.1).rows_landed == 22


def test_settled_file_is_not_waited_for(door: Doorway) -> None:
    path = door.deliver("a.csv", HEADER + ROWS)
    old = time.time() - 3600
    os.utime(path, (old, old))
    begun = time.perf_counter()
    assert door.land(settle_seconds=30).rows_landed == 2
    assert time.perf_counter() - begun < 20


def test_deletes_of_a_change_feed_are_kept_as_rows(door: Doorway) -> None:
    door.deliver(
        "a.csv",
        "change,changed_at,sale_id,buyer\n"
        "insert,2026-01-01 10:00:00,S1,Ann\n"
        "update,2026-01-01 11:00:00,S1,Anna\n"
        "delete,2026-01-02 00:00:00,S1,\n",
    )
    assert door.land(FEED).rows_landed == 3
    assert door.landed("change, changed_at::varchar") == [
        ("delete", "2026-01-02 00:00:00"),
        ("insert", "2026-01-01 10:00:00"),
        ("update", "2026-01-01 11:00:00"),
    ]


def test_two_changes_at_the_same_moment_keep_the_greater(door: Doorway) -> None:
    rows = [
        "insert,2026-01-01,S1,Ann\n",
        "update,2026-01-01,S1,Anna\n",
        "insert,2026-01-01,S1,Ann\n",
    ]
    kept = set()
    for turn in range(3):
        turned = Doorway(door.home / str(turn))
        lines = "".join(rows[turn:] + rows[:turn])
        turned.deliver("a.csv", f"change,changed_at,sale_id,buyer\n{lines}")
        result = turned.land(FEED)
        counts = (result.rows_landed, result.rows_quarantined, result.rows_refused)
        kept.add((counts, tuple(turned.landed("change, buyer"))))
    assert kept == {((1, 1, 1), (("update", "Anna"),))}


def test_table_without_a_key_keeps_equal_rows(door: Doorway) -> None:
    door.deliver("a.csv", HEADER + "S1,Ann,1,\n" * 3)
    contract = sales_contract(delivery="full", key=[])
    assert door.land(contract).rows_landed == 3


def test_refused_file_is_tried_again_when_the_contract_has_changed(door: Doorway) -> None:
    door.deliver("a.csv", (HEADER + ROWS).replace(",", ";"))
    assert door.land().files_refused == 1
    assert door.land().loads == ()
    mended = sales_contract(format={"type": "csv", "delimiter": ";"})
    assert door.land(mended).rows_landed == 2
    assert door.land(mended).loads == ()


def test_new_column_of_a_contract_is_added_and_a_dropped_one_stays(door: Doorway) -> None:
    door.deliver("a.csv", HEADER + ROWS)
    door.land()
    columns = {"sale_id": {"type": "text", "required": True}, "shop": {"type": "text"}}
    door.deliver("b.csv", "sale_id,shop\nS3,Nairobi\n")
    door.land(sales_contract(columns=columns))
    assert door.landed("sale_id, buyer, shop") == [
        ("S1", "Ann", None),
        ("S2", "Bob", None),
        ("S3", None, "Nairobi"),
    ]


def test_type_that_no_longer_fits_the_landed_rows_is_an_error(door: Doorway) -> None:
    door.deliver("a.csv", HEADER + ROWS)
    door.land()
    columns = {"sale_id": {"type": "text", "required": True}, "buyer": {"type": "integer"}}
    with pytest.raises(ContractError, match="column buyer can't become BIGINT"):
        door.land(sales_contract(columns=columns))


def test_landing_table_is_there_before_the_first_file(door: Doorway) -> None:
    assert door.land().loads == ()
    assert door.landed() == []


def test_entering_a_run_again_changes_nothing(door: Doorway) -> None:
    with door.warehouse.connect() as connection:
        for run_id in ("a", "b", "a"):
            begin_run(connection, run_id, AS_OF)
    assert door.ask("select run_id, started_order from quality.runs order by all") == [
        ("a", 1),
        ("b", 2),
    ]


def test_working_copies_do_not_stay_behind(door: Doorway) -> None:
    door.deliver("a.csv.gz", HEADER + ROWS)
    door.land()
    assert [path for path in door.landing_dir.rglob("*") if path.is_file()] == []
