"""Who lives together is found out from where they live, and nobody is merged for it."""

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


def town_of_houses(families: int, second_families: int) -> list[Row]:
    """Return people of whom two of a name live at each number, at some with two of another name."""
    streets = [f"{number} palm garden rd" for number in range(families)]
    rows = [PALM | {"street": street, "family_name": f"n{street}"} for street in streets * 2]
    crowded = streets[:second_families]
    return rows + [PALM | {"street": street, "family_name": f"o{street}"} for street in crowded * 2]


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
    found = households(lived(PALM | shared, PALM | shared, PALM | {"street": "9 hill rd"}))
    assert found["source_record_id"].to_pylist() == ["crm:0", "crm:1"]
    assert set(found["evidence"].to_pylist()) == {evidence}
    assert len(set(found["household_id"].to_pylist())) == 1


def test_one_person_alone_and_a_house_of_many_are_no_household() -> None:
    alone = lived(PALM, PALM).set_column(1, "customer_id", pa.array(["C1", "C1"]))
    assert households(alone).num_rows == 0
    assert households(lived(*[PALM] * MOST_PEOPLE)).num_rows == MOST_PEOPLE
    assert households(lived(*[PALM] * (MOST_PEOPLE + 1))).num_rows == 0


def test_nobody_lives_nowhere() -> None:
    assert households(lived()).schema == HOUSEHOLDS
    assert households(lived({}, {})).num_rows == 0


def test_a_household_keeps_its_id_when_one_more_record_misspells_its_address() -> None:
    before = households(lived(PALM, PALM))["household_id"][0]
    after = households(lived(PALM, PALM, PALM | {"street": "7 palm gardn rd"}))
    assert set(after["household_id"].to_pylist()) == {before.as_py()}
    assert after.num_rows == 3


@pytest.mark.parametrize(
    ("unit", "second_families", "is_one_household"),
    [(None, 0, True), (None, 20, False), ("2", 20, True)],
    ids=["town of homes", "town of houses", "flat in a town of houses"],
)
def test_only_families_share_an_address_in_a_town_of_houses(
    unit: str | None, second_families: int, is_one_household: bool
) -> None:
    home = PALM | {"street": "500 palm garden rd", "unit": unit}
    people = [home | {"family_name": name} for name in ("odhiambo", "odhiambo", "kamau")]
    found = households(lived(*people, *town_of_houses(200, second_families)))
    there = dict(
        zip(found["customer_id"].to_pylist(), found["household_id"].to_pylist(), strict=True)
    )
    assert there["C0"] == there["C1"]
    assert (there.get("C2") == there["C0"]) is is_one_household


def test_two_families_of_one_house_are_two_households_with_lasting_names() -> None:
    rows = town_of_houses(200, 20)
    found = households(lived(*rows)).to_pandas()
    assert (found.groupby("household_id").size() == 2).all()
    assert found["household_id"].nunique() == 220
    again = households(lived(*reversed(rows))).to_pandas()
    assert set(again["household_id"]) == set(found["household_id"])


def test_who_shares_a_telephone_with_one_of_a_family_belongs_to_it() -> None:
    home = PALM | {"street": "500 palm garden rd"}
    people = [
        home | {"family_name": "odhiambo", "phone": "+254700"},
        home | {"family_name": "kamau", "phone": "+254700"},
        home | {"family_name": "kamau", "phone": "+254711"},
    ]
    found = households(lived(*people, *town_of_houses(200, 20))).to_pandas()
    assert found.set_index("customer_id").loc[["C0", "C1", "C2"], "household_id"].nunique() == 1
