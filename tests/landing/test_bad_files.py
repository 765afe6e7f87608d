"""A file that is not what the contract says is refused, with its reason and never a value."""

import os

import pytest

from tests.landing.doorway import HEADER, Doorway, sales_contract
from tests.landing.parquet_files import SECRET, sales_parquet

GOOD_ROW = "S1,Ann,1.00,01/02/2026\n"


def test_missing_column_refuses_the_file_and_counts_its_rows(door: Doorway) -> None:
    door.deliver("a.csv", f"sale_id,buyer,sold_on\nS1,{SECRET},01/02/2026\nS2,{SECRET},\n")
    result = door.land()
    assert result.problems == (
        "shop.sales, sales/a.csv: line 1: missing column amount; the file is refused",
    )
    assert (result.rows_received, result.rows_refused, result.files_refused) == (2, 2, 1)
    assert door.landed() == []
    assert door.is_balanced()


def test_extra_column_is_not_landed_and_is_reported_by_name(door: Doorway) -> None:
    door.deliver("a.csv", f"password,sale_id,buyer,amount,sold_on\n{SECRET},{GOOD_ROW}")
    result = door.land()
    assert result.undeclared_columns == ("password",)
    assert result.problems == ()
    names = door.ask("select column_name from (describe landing.shop_sales)")
    assert ("password",) not in names
    assert door.landed("sale_id") == [("S1",)]


@pytest.mark.parametrize(
    ("delimiter", "word"), [(";", "a semicolon"), ("\t", "a tab"), ("|", "a bar")]
)
def test_wrong_delimiter_refuses_the_file(door: Doorway, delimiter: str, word: str) -> None:
    door.deliver("a.csv", (HEADER + GOOD_ROW).replace(",", delimiter))
    result = door.land()
    assert result.problems == (
        f"shop.sales, sales/a.csv: line 1: the columns are separated by {word}; "
        "the contract says a comma; the file is refused",
    )
    assert result.rows_refused == 1


def test_lost_header_is_never_quoted_in_the_message(door: Doorway) -> None:
    door.deliver("a.csv", f"S1,{SECRET},1.00,01/02/2026\n")
    result = door.land()
    assert result.problems[0].startswith("shop.sales, sales/a.csv: line 1: no column of the")
    assert SECRET not in str(result.problems)


def test_column_given_twice_refuses_the_file(door: Doorway) -> None:
    door.deliver("a.csv", "sale_id,buyer,amount,sold_on,buyer\nS1,a,1,,b\n")
    assert door.land().problems == (
        "shop.sales, sales/a.csv: line 1: the column buyer is there more than once; "
        "the file is refused",
    )


@pytest.mark.parametrize(
    ("encoding", "content", "message"),
    [
        ("utf-8", (HEADER + GOOD_ROW).encode("utf-16"), "the file looks like UTF-16"),
        ("utf-16", (HEADER + GOOD_ROW).encode("utf-8"), "the file does not look like utf-16"),
        ("latin-1", f"{HEADER}S1,Zoë,1,\n".encode(), "the file is UTF-8; the contract says"),
        ("utf-16", f"{HEADER}S1,Zoë,1,\n".encode("utf-16")[:-1], "not utf-16, as the contract"),
        ("cp1251", f"{HEADER}S1,\x98,1,\n".encode("latin-1"), "not cp1251, as the contract"),
    ],
)
def test_wrong_encoding_refuses_the_file(
    door: Doorway, encoding: str, content: bytes, message: str
) -> None:
    door.deliver("a.csv", content)
    contract = sales_contract(format={"type": "csv", "encoding": encoding})
    result = door.land(contract)
    assert message in result.problems[0]
    assert result.problems[0].startswith("shop.sales, sales/a.csv: ")
    assert result.files_refused == 1


def test_many_lines_in_another_encoding_refuse_the_file(door: Doorway) -> None:
    rows = "".join(f"S{row},{SECRET}é,1,\n" for row in range(10))
    door.deliver("a.csv", HEADER + rows, encoding="latin-1")
    result = door.land()
    assert result.problems == (
        "shop.sales, sales/a.csv: line 2 and 9 more are not UTF-8; the file is refused",
    )
    assert result.rows_refused == 10
    assert door.is_balanced()


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_empty_file_is_refused(door: Doorway, kind: str) -> None:
    door.deliver("a.txt", b"")
    result = door.land(sales_contract(format={"type": kind}))
    assert result.problems == (
        "shop.sales, sales/a.txt: the file is empty: a delivery without rows still has its "
        "header, or is not sent; the file is refused",
    )


def test_header_alone_is_a_load_of_no_rows(door: Doorway) -> None:
    door.deliver("a.csv", HEADER)
    result = door.land()
    assert (result.problems, result.files_refused) == ((), 0)
    assert [(load.status, load.rows_received) for load in result.loads] == [("landed", 0)]


def test_damaged_gzip_is_refused(door: Doorway) -> None:
    path = door.deliver("a.csv.gz", HEADER + GOOD_ROW * 1000)
    path.write_bytes(path.read_bytes()[:-20])
    assert door.land().problems == (
        "shop.sales, sales/a.csv.gz: the gzip compression is damaged or cut short; "
        "the file is refused",
    )


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:60],
        lambda content: content[: len(content) // 2] + content[-8:],
        lambda content: b"sale_id,buyer\n1,2\n",
        lambda content: b"",
    ],
)
def test_damaged_parquet_is_refused(door: Doorway, damage) -> None:
    door.deliver("a.parquet", damage(sales_parquet(1000)))
    result = door.land(sales_contract(format={"type": "parquet"}))
    assert result.problems == (
        "shop.sales, sales/a.parquet: not readable as Parquet: damaged, cut short or of "
        "another format; the file is refused",
    )


def test_parquet_without_a_declared_column_is_refused_with_its_rows(door: Doorway) -> None:
    door.deliver("a.parquet", sales_parquet(7, amount=[]))
    result = door.land(sales_contract(format={"type": "parquet"}))
    assert result.problems == (
        "shop.sales, sales/a.parquet: missing column amount; the file is refused",
    )
    assert result.rows_refused == 7


def test_parquet_column_of_another_kind_is_refused(door: Doorway) -> None:
    door.deliver("a.parquet", sales_parquet(2, amount=[True, False]))
    result = door.land(sales_contract(format={"type": "parquet"}))
    assert result.problems == (
        "shop.sales, sales/a.parquet: column amount is BOOLEAN; the contract says decimal(10,2); "
        "the file is refused",
    )


def test_file_without_a_single_json_object_is_refused(door: Doorway) -> None:
    door.deliver("a.jsonl", f"sale_id,buyer\nS1,{SECRET}\n")
    result = door.land(sales_contract(format={"type": "jsonl"}))
    assert result.problems == (
        "shop.sales, sales/a.jsonl: line 1: the line is not a JSON object; no other line can be "
        "read either; the file is refused",
    )
    assert result.rows_refused == 2


def test_headerless_file_with_another_number_of_fields_is_refused(door: Doorway) -> None:
    door.deliver("a.csv", "S1|a|1\nS2|b|2\n")
    contract = sales_contract(format={"type": "csv", "delimiter": "|", "header": False})
    result = door.land(contract)
    assert result.files_refused == 1
    assert "another number of fields" in result.problems[0]


def test_no_message_ever_holds_a_value(door: Doorway) -> None:
    bad = [
        f"{HEADER}S1,{SECRET},{SECRET},{SECRET}\n",
        f'{HEADER}S1,"{SECRET}\n{GOOD_ROW}',
        f"{SECRET},buyer,amount,sold_on\n{SECRET},,,\n",
        f"{HEADER}S1,{SECRET},1,\nS1,{SECRET},2,\nS1,{SECRET},2,\n{SECRET}",
    ]
    for number, content in enumerate(bad):
        door.deliver(f"{number}.csv", content)
    result = door.land()
    assert len(result.problems) >= len(bad)
    assert SECRET not in str(result)
    assert SECRET not in str(door.ask("select * from quality.loads"))
    assert SECRET not in str(door.quarantined("load_id, file, column_name, rule, reason"))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"\xff\xfe.csv", "sales/\\udcff\\udcfe.csv"),
        (b"a\nshop.sales: all is well.csv", "sales/a\\nshop.sales: all is well.csv"),
        (b"\x1b[31m.csv", "sales/\\x1b[31m.csv"),
        ("\u202evsc.csv".encode(), "sales/\\u202evsc.csv"),
    ],
)
def test_name_that_is_no_line_of_text_lands_and_is_shown_escaped(
    door: Doorway, name: bytes, shown: str
) -> None:
    path = door.deliver(os.fsdecode(name), HEADER + GOOD_ROW)
    assert [load.file for load in door.land().loads] == [shown]
    assert door.landed("_source_file") == [(shown,)]
    assert door.land().loads == ()
    path.write_bytes(b"")
    (problem,) = door.land().problems
    assert problem.startswith(f"shop.sales, {shown}: the file is empty")


def test_what_is_no_file_is_reported_and_does_not_stop_the_others(door: Doorway) -> None:
    door.deliver("a.csv", HEADER + GOOD_ROW)
    (door.inbox / "sales" / "b.csv").mkdir()
    (door.inbox / "sales" / "c.csv").symlink_to("nowhere")
    os.mkfifo(door.inbox / "sales" / "d.csv")
    (door.inbox / "sales" / ".hidden").mkdir()
    result = door.land()
    assert [problem.split(":")[0] for problem in result.problems] == [
        f"shop.sales, sales/{name}.csv" for name in "bcd"
    ]
    assert door.landed("sale_id") == [("S1",)]
