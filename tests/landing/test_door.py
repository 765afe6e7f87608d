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


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "cp1251", "utf-32"]
)
def test_text_of_any_encoding_arrives_whole(door: Doorway, encoding: str) -> None:
    door.deliver("a.csv", f"{HEADER}S1,Иван Ли,1,\n", encoding=encoding)
    contract = sales_contract(format={"type": "csv", "encoding": encoding})
    assert door.land(contract).problems == ()
    assert door.landed("buyer") == [("Иван Ли",)]


def test_big_endian_utf_16_with_its_mark_is_read(door: Doorway) -> None:
    content = b"\xfe\xff" + f"{HEADER}S1,Zoë,1,\n".encode("utf-16-be")
    door.deliver("a.csv", content)
    door.land(sales_contract(format={"type": "csv", "encoding": "utf-16"}))
    assert door.landed("buyer") == [("Zoë",)]


def test_byte_order_mark_is_no_part_of_the_first_name(door: Doorway) -> None:
    door.deliver("a.csv", b"\xef\xbb\xbf" + (HEADER + ROWS).encode())
    assert door.land().problems == ()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_each_line_end_is_understood(door: Doorway, line_end: str) -> None:
    door.deliver("a.csv", (HEADER + ROWS).replace("\n", line_end).encode())
    assert door.land().rows_landed == 2
    assert door.landed("buyer") == [("Ann",), ("Bob",)]


def test_mixed_line_ends_are_understood(door: Doorway) -> None:
    door.deliver("a.csv", b"sale_id,buyer,amount,sold_on\r\nS1,a,1,\nS2,b,2,\r\n")
    assert door.land().problems == ()
    assert door.landed("sale_id, buyer") == [("S1", "a"), ("S2", "b")]


def test_line_numbers_are_true_after_empty_lines_and_line_breaks_in_fields(door: Doorway) -> None:
    door.deliver("a.csv", f'{HEADER}\nS1,"An\nn",1,\n\n\nS2,Bob,lots,\n')
    door.land()
    assert door.quarantined("line") == [(7,)]
    assert door.landed("buyer, _row") == [("An\nn", 1)]


def test_gzip_is_read(door: Doorway) -> None:
    door.deliver("a.csv.gz", HEADER + ROWS)
    assert door.land().rows_landed == 2


@pytest.mark.parametrize("name", ["a[1].csv", "what?.csv", "sun*day.csv", "o'hara {2}.csv"])
def test_file_names_are_names_and_not_patterns(door: Doorway, name: str) -> None:
    door.deliver(name, HEADER + ROWS)
    door.deliver("a1.csv", HEADER + "S7,x,1,\n")
    result = door.land()
    assert {load.file for load in result.loads} == {f"sales/{name}", "sales/a1.csv"}
    assert result.rows_landed == 3


def test_headerless_file_takes_the_order_of_the_contract(door: Doorway) -> None:
    door.deliver("a.txt", "S1|Ann|1.00|01/02/2026\n")
    form = {"type": "csv", "delimiter": "|", "header": False}
    door.land(sales_contract(format=form))
    assert door.landed() == [("S1", "Ann", Decimal("1.00"), date(2026, 2, 1))]


def test_headerless_file_names_its_undeclared_columns_in_the_contract(door: Doorway) -> None:
    door.deliver("a.txt", "S1|secret|Ann|1.00|01/02/2026\n")
    names = ["sale_id", "password", "buyer", "amount", "sold_on"]
    form = {"type": "csv", "delimiter": "|", "header": False, "physical_columns": names}
    result = door.land(sales_contract(format=form))
    assert result.undeclared_columns == ("password",)
    assert door.landed("buyer") == [("Ann",)]


def test_tab_separated_review_keeps_line_breaks_inside_its_field(door: Doorway) -> None:
    form = {"type": "csv", "delimiter": "\t", "header": False}
    door.deliver("a.csv", 'S1\t"good\nvery\tgood"\t1\t\nS2\tbad\t2\t\n')
    assert door.land(sales_contract(format=form)).problems == ()
    assert door.landed("buyer") == [("bad",), ("good\nvery\tgood",)]


def test_record_without_quotes_goes_on_until_it_has_its_fields(door: Doorway) -> None:
    form = {"type": "csv", "delimiter": "\t", "quote": "", "header": False, "line_breaks": True}
    door.deliver("a.csv", 'S1\ta "good\n\none\t1\t\nS2\tb\t2\t01/02/2026\nS3\tc\td\te\tf\n')
    result = door.land(sales_contract(format=form))
    assert door.landed("sale_id, buyer") == [("S1", 'a "good\n\none'), ("S2", "b")]
    assert door.quarantined() == [(5, None, "wrong number of fields")]
    assert result.rows_received == 3


def test_column_may_have_another_name_in_the_file(door: Doorway) -> None:
    columns = {
        "sale_id": {"type": "text", "required": True, "path": "Sale No."},
        "income": {"type": "integer", "path": "AnnualIncome", "format": "$#,##0"},
    }
    door.deliver("a.csv", 'AnnualIncome,Sale No.\n"$90,000 ",S1\n')
    assert door.land(sales_contract(columns=columns)).problems == ()
    assert door.landed("sale_id, income") == [("S1", 90_000)]


def test_decimal_comma_is_read_and_a_point_is_none(door: Doorway) -> None:
    door.deliver("a.csv", HEADER.replace(",", ";") + "S1;a;1,50;\nS2;b;1.50;\n")
    form = {"type": "csv", "delimiter": ";", "decimal": ","}
    door.land(sales_contract(format=form))
    assert door.landed("sale_id, amount") == [("S1", Decimal("1.50"))]
    assert door.quarantined() == [(3, "amount", "unreadable value")]


def test_nested_json_is_reached_by_path_and_the_rest_reported(door: Doorway) -> None:
    columns = {
        "sale_id": {"type": "text", "required": True},
        "city": {"type": "text", "path": "buyer.address.city"},
        "points": {"type": "integer", "path": "buyer.points"},
    }
    door.deliver(
        "a.jsonl",
        '{"sale_id": 7, "buyer": {"name": "x", "points": 3, "address": {"city": "Huế"}}}\n'
        '{"sale_id": "8", "buyer": null, "card": "1"}\n',
    )
    result = door.land(sales_contract(columns=columns, format={"type": "jsonl"}))
    assert result.undeclared_columns == ("buyer.name", "card")
    assert door.landed("sale_id, city, points") == [("7", "Huế", 3), ("8", None, None)]


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
