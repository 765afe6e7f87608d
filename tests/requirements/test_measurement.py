"""How far the marts hold what a use case needs."""

from datetime import datetime

import duckdb
import pytest

from orchestration.requirements.measurement import measured_needs
from orchestration.requirements.use_case import UseCase

AS_OF = datetime(2026, 6, 30)  # noqa: DTZ001  UTC without a zone, as in the warehouse


@pytest.fixture
def marts():
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(
            """
            create table marts.people as select * from (values
                ('a', timestamp '2026-06-29', false, 1), ('b', timestamp '2020-01-01', true, 1),
                ('c', timestamp '2026-06-29', null, 1), (null, null, false, 1),
                ('e', timestamp '2026-06-29', false, 0)
            ) as people (email, email_updated_at, is_bouncing, order_count)
            """
        )
        yield connection


def measured(connection, **need):
    use_case = UseCase.model_validate(
        {
            "use_case": "letters",
            "description": "Write.",
            "owner": "team:marketing",
            "needs": [{"coverage": 1, "from_columns": ["crm.contacts.email"], **need}],
        }
    )
    (row,) = measured_needs(connection, [use_case], AS_OF).to_dict("records")
    return row


def test_a_value_that_breaks_the_condition_or_leaves_it_open_is_not_valid(marts):
    row = measured(
        marts, attribute="people.email", among="order_count = 1", valid_when="not is_bouncing"
    )
    assert row["coverage"] == 0.75
    assert row["valid_share"] == pytest.approx(1 / 3)  # the empty one is not counted twice


def test_a_need_without_a_condition_says_nothing_of_validity(marts):
    row = measured(marts, attribute="people.email", dated_by="email_updated_at", freshness_days=30)
    assert row["fresh_share"] == 0.75
    assert row["valid_share"] != row["valid_share"]  # NaN


def test_a_column_that_is_not_there_is_measured_as_nothing(marts):
    row = measured(marts, attribute="people.phone", valid_when="not is_bouncing")
    assert (row["is_there"], row["coverage"]) == (False, 0.0)
