"""A bad row goes to quarantine alone, with line, column and rule; no message holds a value."""

from tests.landing.doorway import HEADER, Doorway, sales_contract
from tests.landing.parquet_files import SECRET, sales_parquet

GOOD_ROW = "S1,Ann,1.00,01/02/2026\n"


def test_one_line_in_another_encoding_goes_to_quarantine(door: Doorway) -> None:
    door.deliver("a.csv", f"{HEADER}{GOOD_ROW}".encode() + f"S2,{SECRET}é,1,\n".encode("latin-1"))
    result = door.land()
    assert result.problems == (
        "shop.sales, sales/a.csv, line 3: the line is not UTF-8; quarantined",
    )
    assert door.quarantined() == [(3, None, "not utf-8")]
    assert door.landed("sale_id") == [("S1",)]


def test_cut_last_line_goes_to_quarantine_as_truncated(door: Doorway) -> None:
    door.deliver("a.csv", f"{HEADER}{GOOD_ROW}S2,{SECRET}")
    result = door.land()
    assert result.problems == (
        "shop.sales, sales/a.csv, line 3: the last line is cut short; quarantined",
    )
    assert door.quarantined("line, rule, content") == [
        (3, "truncated", f'{{"line":"S2,{SECRET}"}}')
    ]
    assert door.landed("sale_id") == [("S1",)]


def test_last_line_without_a_line_end_is_a_line(door: Doorway) -> None:
    door.deliver("a.csv", HEADER + GOOD_ROW.strip())
    assert door.land().rows_landed == 1


def test_unreadable_value_names_line_and_column_and_keeps_the_row(door: Doorway) -> None:
    door.deliver("a.csv", f"{HEADER}{GOOD_ROW}S2,{SECRET},lots,31/31/2026\n")
    result = door.land()
    assert result.problems == (
        "shop.sales, sales/a.csv, line 3, column amount: amount is not a decimal(10,2); "
        "sold_on is not a date in the form %d/%m/%Y; quarantined",
    )
    assert door.quarantined("line, column_name, rule, content") == [
        (
            3,
            "amount",
            "unreadable value",
            f'{{"sale_id":"S2","buyer":"{SECRET}","amount":"lots","sold_on":"31/31/2026"}}',
        )
    ]


def test_missing_required_value_goes_to_quarantine(door: Doorway) -> None:
    door.deliver("a.csv", f"{HEADER}  ,{SECRET},1,\n,{SECRET},2,\n{GOOD_ROW}")
    result = door.land()
    assert result.problems == (
        "shop.sales, sales/a.csv, line 2, column sale_id: sale_id is missing (and 1 more); "
        "quarantined",
    )
    assert result.rows_quarantined == 2


def test_line_with_another_number_of_fields_goes_to_quarantine(door: Doorway) -> None:
    door.deliver("a.csv", f"{HEADER}S1,{SECRET}\nS2,a,1,,more\n{GOOD_ROW}")
    result = door.land()
    assert result.problems == (
        "shop.sales, sales/a.csv, line 2: the line has another number of fields than the "
        "contract or the header (and 1 more); quarantined",
    )
    assert result.rows_received == 3
    assert door.is_balanced()


def test_stray_quote_costs_its_line_and_not_the_rest_of_the_file(door: Doorway) -> None:
    rows = "".join(f"S{row},b,1,\n" for row in range(5000))
    door.deliver("a.csv", HEADER + rows.replace("S2500,b", f'S2500,"{SECRET}'))
    result = door.land()
    assert result.problems == (
        "shop.sales, sales/a.csv, line 2502: a quote is open or misplaced; quarantined",
    )
    assert (result.rows_received, result.rows_landed) == (5000, 4999)


def test_same_key_with_another_content_keeps_one_and_quarantines_the_other(door: Doorway) -> None:
    door.deliver("a.csv", f"{HEADER}S1,{SECRET},1,\nS1,{SECRET},2,\nS2,b,1,\n")
    result = door.land()
    assert result.problems == (
        "shop.sales, sales/a.csv, line 2, column sale_id: another row has the same sale_id; "
        "quarantined",
    )
    assert door.landed("sale_id, amount::varchar") == [("S1", "2.00"), ("S2", "1.00")]


def test_repeated_row_is_refused_and_counted(door: Doorway) -> None:
    door.deliver("a.csv", HEADER + GOOD_ROW * 3)
    result = door.land()
    assert result.problems == (
        "shop.sales, sales/a.csv, line 3: the row is there already (and 1 more); refused",
    )
    assert (result.rows_landed, result.rows_refused, result.rows_quarantined) == (1, 2, 0)
    assert result.loads[0].reason == "2 repeated rows"


def test_parquet_value_that_does_not_fit_goes_to_quarantine_by_row(door: Doorway) -> None:
    door.deliver("a.parquet", sales_parquet(3, amount=[1.5, float("nan"), 1e300]))
    result = door.land(sales_contract(format={"type": "parquet"}))
    assert result.problems == (
        "shop.sales, sales/a.parquet, row 2, column amount: amount is not a decimal(10,2) "
        "(and 1 more); quarantined",
    )
    assert door.is_balanced()


def test_line_that_is_no_json_object_goes_to_quarantine(door: Doorway) -> None:
    good = '{"sale_id": "S1", "amount": 1.5}\n'
    door.deliver("a.jsonl", f'{good}[1, "{SECRET}"]\n{{"sale_id": "{SECRET}"\n{good[:-5]}')
    result = door.land(sales_contract(format={"type": "jsonl"}))
    assert result.problems == (
        "shop.sales, sales/a.jsonl, line 2: the line is not a JSON object (and 1 more); "
        "quarantined",
        "shop.sales, sales/a.jsonl, line 4: the last line is cut short; quarantined",
    )
    assert door.quarantined() == [
        (2, None, "not a JSON object"),
        (3, None, "not a JSON object"),
        (4, None, "truncated"),
    ]


def test_line_with_a_value_in_place_of_a_nested_object_goes_to_quarantine(door: Doorway) -> None:
    columns = {
        "sale_id": {"type": "text", "required": True},
        "city": {"type": "text", "path": "buyer.address.city"},
    }
    door.deliver(
        "a.jsonl",
        '{"sale_id": "S1", "buyer": {"address": null}}\n{"sale_id": "S2"}\n'
        f'{{"sale_id": "S3", "buyer": "{SECRET}"}}\n'
        f'{{"sale_id": "S4", "buyer": {{"address": ["{SECRET}"]}}}}\n',
    )
    result = door.land(sales_contract(columns=columns, format={"type": "jsonl"}))
    assert result.problems == (
        "shop.sales, sales/a.jsonl, line 3: something else stands where the contract expects a "
        "nested object (and 1 more); quarantined",
    )
    assert door.landed("sale_id, city") == [("S1", None), ("S2", None)]
    assert door.is_balanced()
