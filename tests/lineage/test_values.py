"""What an expression's value is made of, and what only decides which value is taken."""

import pytest
from sqlglot import exp, parse_one

from orchestration.lineage.values import all_parts, value_parts


def made_of(expression: str) -> list[str]:
    parsed = parse_one(f"select {expression} from people", dialect="duckdb").selects[0]
    return sorted("*" if isinstance(part, exp.Star) else part.name for part in value_parts(parsed))


@pytest.mark.parametrize(
    ("expression", "columns"),
    [
        ("case when rank = 1 then email end", ["email"]),
        ("case when email is not null then 'known' else 'unknown' end", ["email"]),
        ("case status when 'a' then 1 else 0 end", ["status"]),
        ("case when is_cancelled then 0 else amount end", ["amount"]),
        ("if(is_cancelled, 0, amount)", ["amount"]),
        ("max_by(email, updated_at)", ["email"]),
        ("sum(amount) filter (where is_open)", ["amount"]),
        ("count(*) filter (where is_open)", ["*", "is_open"]),
        ("count(case when is_open then 1 end)", ["is_open"]),
        ("string_agg(name, ',' order by rank)", ["name"]),
        ("row_number() over (partition by city order by age)", ["age", "city"]),
        ("min(age) over (partition by city)", ["age"]),
        ("coalesce(first_name, last_name)", ["first_name", "last_name"]),
        ("a = 'granted' and b is not null", ["a", "b"]),
        ("(select max(as_of) from runs where started_order > 1)", ["as_of"]),
        ("count(*)", ["*"]),
        ("'crm'", []),
    ],
)
def test_a_value_is_made_of_what_it_is_computed_from(expression, columns):
    assert made_of(expression) == columns


def test_what_only_decides_is_known_as_well():
    parsed = parse_one("select case when rank = 1 then email end from people").selects[0]
    assert sorted(part.name for part in all_parts(parsed)) == ["email", "rank"]
