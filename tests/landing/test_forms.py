"""Every form a contract can name is read: encodings, line ends, headerless files, nesting."""

from datetime import date
from decimal import Decimal

import pytest

from tests.landing.doorway import HEADER, Doorway, sales_contract

ROWS = "S1,Ann,1.00,01/02/2026\nS2,Bob,,\n"


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
