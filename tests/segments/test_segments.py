"""Segments as data: what may be written, and what is said of the rest."""

from pathlib import Path

import duckdb
import pytest

from orchestration.segments.condition import membership_query
from orchestration.segments.errors import SegmentError
from orchestration.segments.evaluation import (
    member_counts,
    members_table,
    read_segments,
    segments_table,
)

COLUMNS = {
    "customer_360": ["customer_id", "revenue_usd", "country_code", "last_order_at"],
    "customer_sales": ["customer_id", "revenue_usd", "top_category"],
}
WHOLE = {
    "segment": "spenders",
    "description": "Those who spent.",
    "owner": "team:marketing",
    "purpose": "marketing",
    "condition": "revenue_usd > 5",
}


def write(folder: Path, name: str, **changes: str | None) -> None:
    """Write a segment file; a change to None leaves the key out."""
    entries = {**WHOLE, "segment": name, **changes}
    lines = [f"{key}: {value}" for key, value in entries.items() if value is not None]
    (folder / f"{name}.yml").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def company(tmp_path: Path) -> Path:
    (tmp_path / "segments").mkdir()
    return tmp_path


@pytest.fixture
def marts() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema marts")
    connection.execute(
        "create table marts.customer_360 as select * from (values "
        "('C1', 9, 'KE', timestamp '2026-01-01'), ('C2', 1, 'VN', null)) "
        "as t (customer_id, revenue_usd, country_code, last_order_at)"
    )
    connection.execute(
        "create table marts.customer_sales as select 'C2' as customer_id, 'tea' as top_category"
    )
    return connection


def test_a_bare_column_is_looked_for_where_it_comes_first():
    query = membership_query("s", "revenue_usd > 5 and top_category = 'tea'", COLUMNS)
    assert "customer_360.revenue_usd > 5" in query
    assert "customer_sales.top_category = 'tea'" in query
    assert query.count("left join") == 1


def test_a_missing_column_is_refused_with_the_nearest_names():
    with pytest.raises(SegmentError, match="no column revenue; the nearest are .*revenue_usd"):
        membership_query("s", "revenue > 5", COLUMNS)
    with pytest.raises(SegmentError, match=r"customer_sales\.top_category"):
        membership_query("s", "customer_sales.category = 'tea'", COLUMNS)


@pytest.mark.parametrize(
    "condition",
    [
        "customer_id in (select customer_id from quality.runs)",
        "exists (select 1)",
        "true; drop table marts.customer_360",
        "true union select customer_id from marts.customer_sales",
        "true order by 1",
        "revenue_usd >",
        "",
    ],
)
def test_a_condition_is_one_expression_and_reaches_no_other_table(condition):
    with pytest.raises(SegmentError):
        membership_query("s", condition, COLUMNS)


def test_members_are_those_who_meet_the_condition(company, marts):
    write(company / "segments", "spenders")
    write(company / "segments", "tea", condition="top_category = 'tea'")
    write(company / "segments", "nobody", condition="revenue_usd > 100")
    read = read_segments(marts, company)
    assert sorted(members_table(marts, read).fetchall()) == [("spenders", "C1"), ("tea", "C2")]
    assert member_counts(marts, read) == {"nobody": 0, "spenders": 1, "tea": 1}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"purpose": None}, "bad.yml: purpose: Field required"),
        ({"purpose": "fun"}, "bad.yml: purpose: Input should be"),
        ({"owner": None}, "bad.yml: owner: Field required"),
        ({"segment": "other"}, "bad.yml: it calls itself other"),
        ({"condition": "last_order_at = 'yesterday'"}, "bad: the condition cannot be evaluated"),
        ({"condition": "spent > 5"}, "bad: there is no column spent"),
    ],
)
def test_a_bad_segment_is_refused_and_the_others_go_on(company, marts, changes, reason):
    write(company / "segments", "bad", **changes)
    write(company / "segments", "spenders")
    read = read_segments(marts, company)
    table = segments_table(read).set_index("segment_name")
    assert table.loc["bad", "status"] == "refused"
    assert table.loc["bad", "reason"].startswith(reason)
    assert members_table(marts, read).fetchall() == [("spenders", "C1")]


def test_without_any_segment_there_are_no_members(company, marts):
    read = read_segments(marts, company)
    assert len(segments_table(read)) == 0
    assert members_table(marts, read).fetchall() == []
