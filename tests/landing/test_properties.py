"""What holds for any file, however dirty: rows are accounted for, and order means nothing."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.landing.doorway import HEADER, Doorway, sales_contract

FEW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
KEYS = st.sampled_from(["S1", "S2", "S3", "", "  "])
BUYERS = st.sampled_from(["Ann", "", "Zoë", 'a "quoted" name', "a, b", "line\nbreak", "'"])
AMOUNTS = st.sampled_from(["1.00", "2.5", "", "lots", "1e400", "-3", "1.005"])
DAYS = st.sampled_from(["01/02/2026", "", "31/31/2026", "2026-02-01"])
ROWS = st.lists(st.tuples(KEYS, BUYERS, AMOUNTS, DAYS), max_size=12)
PIECES = st.sampled_from(
    [
        b"S1,Ann,1,\n",
        b"S2",
        b",",
        b'"',
        b"\n",
        b"\r\n",
        b"\r",
        b"\xe9",
        b"\x00",
        b"x,y",
        b"\xef\xbb",
    ]
)
BYTES = st.lists(PIECES, max_size=25).map(b"".join)
JSON_PIECES = st.sampled_from(
    [
        b'{"sale_id": "S1"}\n',
        b'{"sale_id": 2, "amount": "x"}\n',
        b"[]\n",
        b"{",
        b"}",
        b"\n",
        b"\xe9",
    ]
)
COUNTS = "sum(rows_received), sum(rows_landed), sum(rows_quarantined), sum(rows_refused)"


def as_csv(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return HEADER + text.getvalue()


@given(rows=ROWS)
@FEW
def test_every_row_of_a_well_formed_file_is_accounted_for(rows: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        door = Doorway(Path(home))
        door.deliver("a.csv", as_csv(rows))
        result = door.land()
        assert result.rows_received == len(rows)
        assert door.is_balanced()
        keys = [key for (key,) in door.landed("sale_id")]
        assert len(keys) == len(set(keys))


@given(content=BYTES, has_header=st.booleans())
@FEW
def test_any_bytes_are_accounted_for(content: bytes, has_header: bool) -> None:
    with tempfile.TemporaryDirectory() as home:
        door = Doorway(Path(home))
        door.deliver("a.csv", (HEADER.encode() if has_header else b"") + content)
        result = door.land()
        parts = result.rows_landed + result.rows_quarantined + result.rows_refused
        assert result.rows_received == parts
        assert door.is_balanced()
        assert door.land().loads == ()


@given(content=st.lists(JSON_PIECES, max_size=20).map(b"".join))
@FEW
def test_any_lines_of_json_are_accounted_for(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as home:
        door = Doorway(Path(home), sales_contract(format={"type": "jsonl"}))
        door.deliver("a.jsonl", content)
        result = door.land()
        parts = result.rows_landed + result.rows_quarantined + result.rows_refused
        assert result.rows_received == parts
        assert door.is_balanced()


@given(rows=ROWS, data=st.data())
@FEW
def test_shuffled_rows_land_the_same_set(rows: list[tuple[str, ...]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    seen = []
    for order in (rows, shuffled):
        with tempfile.TemporaryDirectory() as home:
            door = Doorway(Path(home))
            door.deliver("a.csv", as_csv(order))
            result = door.land()
            counts = (result.rows_quarantined, result.rows_refused)
            aside = door.quarantined("column_name, rule, reason, content")
            seen.append((door.landed(), counts, sorted(map(str, aside))))
    assert seen[0] == seen[1]


@given(rows=ROWS)
@FEW
def test_quick_and_careful_reading_land_the_same(rows: list[tuple[str, ...]]) -> None:
    seen = []
    for tail in ("", "broken\n"):  # a line with too few fields sends the file the careful way
        with tempfile.TemporaryDirectory() as home:
            door = Doorway(Path(home))
            door.deliver("a.csv", as_csv([*rows, ("last", "", "", "")]) + tail)
            result = door.land()
            broken = "rule <> 'wrong number of fields'"
            aside = door.ask(
                "select line, column_name, rule, reason, content from quality.quarantine "
                f"where {broken} order by all"
            )
            landed = door.landed("sale_id, buyer, amount, sold_on, _row")
            seen.append((landed, aside, result.rows_refused))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_positions_follow_the_file_however_many_threads_read_it(
    tmp_path: Path, threads: int
) -> None:
    door = Doorway(tmp_path, threads=threads)
    lines = "".join(f"S{number:06},{'x' * 40},{number}.00,\n" for number in range(200_000))
    door.deliver("a.csv", HEADER + lines)
    assert door.land().rows_landed == 200_000
    wrong = "select count(*) from landing.shop_sales where amount <> _row - 1"
    assert door.ask(wrong) == [(0,)]
