"""The normalisers answer in SQL what they answer in Python."""

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.identity.normalise.dbt_plugin import Plugin


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        Plugin("normalisers", {}).configure_connection(connection)
        yield connection


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("normalise_name('Nguyễn')", "nguyen"),
        ("normalise_name(null)", None),
        ("normalise_email('A.B@gmail.com')", "ab@gmail.com"),
        ("normalise_phone('0712345678', 'KE')", "+254712345678"),
        ("normalise_phone('0712345678', null)", None),
        ("normalise_phone(null, 'KE')", None),
        ("normalise_address('1 Main Street')", "1 main st"),
        ("parse_full_name('Nguyễn Văn Đức', 'VN').family_name", "nguyen"),
        ("parse_full_name(null, 'VN')", None),
        ("parse_full_name(null, null)", None),
    ],
)
def test_sql_functions_answer(
    connection: duckdb.DuckDBPyConnection, expression: str, expected: str | None
) -> None:
    assert connection.execute(f"select {expression}").fetchall() == [(expected,)]


def test_long_values_survive_coalesce_and_case(connection: duckdb.DuckDBPyConnection) -> None:
    found = connection.execute(
        "select coalesce(normalise_name(case when i % 2 = 0 then name end), normalise_name(name)),"
        " case when i % 3 = 0 then parse_full_name(name, 'KE') end"
        " from (select i, 'Wanjiru Nyambura Kamau-Otieno' as name from range(5000) as t(i))"
    ).fetchall()
    assert {row[0] for row in found} == {"wanjiru nyambura kamau otieno"}
    assert {row[1]["family_name"] for row in found if row[1]} == {"otieno"}
