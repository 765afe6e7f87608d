"""Column lineage: nothing missing, nothing invented."""

import pytest
from sqlglot.errors import SqlglotError

from orchestration.lineage.columns import ColumnName, column_lineage

SCHEMA = {
    "staging": {
        "people": {"person_id": "VARCHAR", "email": "VARCHAR", "city": "VARCHAR"},
        "guests": {"guest_id": "VARCHAR", "email": "VARCHAR"},
    },
    "quality": {"runs": {"as_of": "TIMESTAMP", "started_order": "BIGINT"}},
}


def names(sources):
    return [f"{source.table}.{source.column}" for source in sources]


def test_a_star_through_a_cte_keeps_every_column():
    lineage = column_lineage(
        "with source as (select * from staging.people) select * from source", SCHEMA
    )
    assert {column: names(found) for column, found in lineage.items()} == {
        "person_id": ["people.person_id"],
        "email": ["people.email"],
        "city": ["people.city"],
    }


def test_a_union_joins_the_sources_of_its_branches_by_position():
    lineage = column_lineage(
        "select person_id as id, email from staging.people "
        "union all select guest_id, email from staging.guests",
        SCHEMA,
    )
    assert names(lineage["id"]) == ["guests.guest_id", "people.person_id"]
    assert names(lineage["email"]) == ["guests.email", "people.email"]


def test_what_only_filters_or_joins_is_no_lineage():
    lineage = column_lineage(
        "select people.city from staging.people "
        "inner join staging.guests on people.email = guests.email where people.person_id > 'a'",
        SCHEMA,
    )
    assert names(lineage["city"]) == ["people.city"]


def test_a_window_is_made_of_the_columns_it_orders_by():
    lineage = column_lineage(
        "select row_number() over (partition by city order by email) as place from staging.people",
        SCHEMA,
    )
    assert names(lineage["place"]) == ["people.city", "people.email"]


def test_a_scalar_subquery_brings_its_own_sources():
    lineage = column_lineage(
        "select (select max(as_of) from quality.runs) as today from staging.people", SCHEMA
    )
    assert lineage["today"] == (ColumnName("quality", "runs", "as_of"),)


def test_a_constant_comes_from_nowhere():
    assert column_lineage("select 'crm' as source from staging.people", SCHEMA) == {"source": ()}


def test_a_query_that_cannot_be_read_says_so():
    with pytest.raises(SqlglotError):
        column_lineage("select from where", SCHEMA)
