"""Who lives together is found out from where they live, and nobody is merged for it."""

import duckdb
import pyarrow as pa
import pytest

from orchestration.identity.homes import homes
from orchestration.identity.households import HOUSEHOLDS, MOST_PEOPLE, households

Row = dict[str, str | None]
PALM = {"country_code": "KE", "city": "thika", "street": "7 palm garden rd", "unit": None}


def lived(*rows: Row) -> pa.Table:
    """Return records of one person each, who live where the rows say."""
    names = ("country_code", "city", "postcode", "street", "unit", "family_name", "phone")
    known = [
        {"source_record_id": f"crm:{number}", "customer_id": f"C{number}", **row}
        for number, row in enumerate(rows)
    ]
    columns = ("source_record_id", "customer_id", *names)
    return pa.table(
        {name: pa.array([row.get(name) for row in known], pa.string()) for name in columns}
    )


def found_households(records: pa.Table) -> pa.Table:
    with duckdb.connect() as connection:
        found = households(connection, records)
        assert connection.sql("show tables").fetchall() == []
        return found


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        ({}, True),
        ({"street": "7 palm gardn rd"}, True),
        ({"street": "8 palm garden rd"}, False),
        ({"street": "7 oak rd"}, False),
        ({"unit": "2"}, False),
        ({"city": "nairobi"}, False),
        ({"country_code": "TZ"}, False),
        ({"street": None}, False),
        ({"city": None}, False),
    ],
    ids=str,
)
def test_a_letter_may_be_wrong_in_a_home_and_nothing_else(other: Row, is_same: bool) -> None:
    found, _ = homes(lived(PALM, PALM | other))
    assert bool(found[0] == found[1]) is is_same


def test_a_home_is_known_by_its_postcode_where_no_city_is() -> None:
    found, _ = homes(lived(*[PALM | {"city": None, "postcode": "0100"}] * 2))
    assert found[0] == found[1] >= 0


@pytest.mark.parametrize(
    ("shared", "evidence"),
    [
        ({"phone": "+254700", "family_name": "odhiambo"}, "address and telephone"),
        ({"family_name": "odhiambo"}, "address and family name"),
        ({}, "address"),
    ],
    ids=["telephone", "family name", "address alone"],
)
def test_a_household_says_what_speaks_for_it(shared: Row, evidence: str) -> None:
    found = found_households(lived(PALM | shared, PALM | shared, PALM | {"street": "9 hill rd"}))
    assert found["source_record_id"].to_pylist() == ["crm:0", "crm:1"]
    assert set(found["evidence"].to_pylist()) == {evidence}
    assert len(set(found["household_id"].to_pylist())) == 1


def test_one_person_alone_and_a_house_of_many_are_no_household() -> None:
    alone = lived(PALM, PALM).set_column(1, "customer_id", pa.array(["C1", "C1"]))
    assert found_households(alone).num_rows == 0
    assert found_households(lived(*[PALM] * MOST_PEOPLE)).num_rows == MOST_PEOPLE
    assert found_households(lived(*[PALM] * (MOST_PEOPLE + 1))).num_rows == 0


def test_nobody_lives_nowhere() -> None:
    assert found_households(lived()).schema == HOUSEHOLDS
    assert found_households(lived({}, {})).num_rows == 0


def test_a_household_keeps_its_id_when_one_more_record_misspells_its_address() -> None:
    before = found_households(lived(PALM, PALM))["household_id"][0]
    after = found_households(lived(PALM, PALM, PALM | {"street": "7 palm gardn rd"}))
    assert set(after["household_id"].to_pylist()) == {before.as_py()}
    assert after.num_rows == 3
