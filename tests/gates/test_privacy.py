"""Nothing that a gate leaves behind holds a value of a row."""

import logging
from pathlib import Path

import pytest

from orchestration.gates.data_docs import build_data_docs
from tests.gates.conftest import expect

PEOPLE = [
    ("C1", "ann.mwangi@example.com", "+254712000001", "Ann Mwangi", "1987-03-09", "L1", 1),
    ("C2", "nguyen.mai@example.com", "+84903000002", "Nguyễn Thị Mai", "1990-12-01", "L1", 2),
    ("C2", "ali.karimov@example.com", "+998901000003", "Алишер Каримов", "1900-01-01", "L1", 3),
    ("omar@example.com", None, "0790000004", "عمر حسن", None, "L1", 4),
]
PERSONAL = {value for row in PEOPLE for value in row[1:5] if value} | {"omar@example.com"}
EVERY_KIND_OF_QUESTION = [
    expect("expect_column_values_to_not_be_null", column="email"),
    expect("expect_column_values_to_be_unique", column="id"),
    expect("expect_column_values_to_match_regex", column="id", regex=r"^C\d+$"),
    expect("expect_column_values_to_match_regex", column="email", regex="^z"),
    expect("expect_column_values_to_be_in_set", column="name", value_set=["nobody"]),
    expect("expect_column_values_to_be_between", column="born", min_value="2000-01-01"),
    expect("expect_compound_columns_to_be_unique", column_list=["id", "_load_id"]),
    expect("expect_column_value_lengths_to_be_between", column="name", max_value=2),
    expect("expect_column_pair_values_to_be_equal", column_A="email", column_B="name"),
    expect("expect_column_min_to_be_between", column="born", min_value="2000-01-01"),
    expect("expect_column_max_to_be_between", column="born", max_value="1950-01-01"),
    expect("expect_column_distinct_values_to_be_in_set", column="phone", value_set=["1"]),
    expect("expect_column_distinct_values_to_contain_set", column="phone", value_set=["1"]),
    expect("expect_column_most_common_value_to_be_in_set", column="email", value_set=["1"]),
    expect("unexpected_rows_expectation", unexpected_rows_query="select * from {batch}"),
    expect(
        "unexpected_rows_expectation",
        unexpected_rows_query="select * from {batch} where cast(email as integer) > 0",
    ),
    expect(
        "unexpected_rows_expectation",
        unexpected_rows_query="select email as shown_id from {batch} group by email",
    ),
    expect("expect_column_values_to_be_between", column="email", min_value=3),
]


@pytest.fixture
def people(warehouse):
    with warehouse.connect() as connection:
        connection.execute(
            "create table landing.crm_people (id varchar, email varchar, phone varchar,"
            " name varchar, born date, _load_id varchar, _row bigint)"
        )
        connection.executemany(
            "insert into landing.crm_people values (?, ?, ?, ?, ?, ?, ?)", PEOPLE
        )
    return warehouse


def traces(folder: Path) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.suffix in (".json", ".html")
    )


def test_no_personal_value_leaves_a_gate(people, suite_of, gate, tmp_path, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    suite = suite_of("landing.crm_people", *EVERY_KIND_OF_QUESTION, key=("id",))
    result = gate(suite)
    build_data_docs(tmp_path / "results", tmp_path / "docs", [suite])
    with people.connect() as connection:
        kept = connection.execute("select * from quality.gate_results").fetchall()
        keys = connection.execute("select * from quality.failing_keys").fetchall()
    written = capsys.readouterr()
    seen = {
        "outcomes": str(result),
        "gate_results": str(kept),
        "failing_keys": str(keys),
        "results and docs": traces(tmp_path / "results") + traces(tmp_path / "docs"),
        "log": caplog.text,
        "terminal": written.out + written.err,
    }
    assert {
        (place, value) for place, text in seen.items() for value in PERSONAL if value in text
    } == set()
    assert not any(outcome.success for outcome in result.outcomes)
    assert len(keys) > len(EVERY_KIND_OF_QUESTION)


def test_a_key_that_is_no_key_is_told_by_its_place(people, suite_of, gate):
    shape = expect("expect_column_values_to_match_regex", column="id", regex=r"^C\d+$")
    (outcome,) = gate(suite_of("landing.crm_people", shape, key=("id",))).outcomes
    assert outcome.failing_keys == ("load L1 row 4",)


def test_a_value_that_only_looks_like_a_key_to_a_query_is_told_by_its_hash(people, suite_of, gate):
    query = "select email as shown_id from {batch} where email is not null"
    sql = expect("unexpected_rows_expectation", unexpected_rows_query=query)
    (outcome,) = gate(suite_of("landing.crm_people", sql, key=("id",))).outcomes
    assert len(outcome.failing_keys) == 3
    assert all(key.startswith("hash ") for key in outcome.failing_keys)
