"""What a spec says of an identifier decides what it is worth: one per person, or shared."""

import numpy as np
import pytest

from orchestration.identity.class_characters import HOUSEHOLD, in_character, start_of_field
from orchestration.identity.fields import Holding, active_fields
from tests.identity.people import Record, clusters_of, crowd, record

SAME = {"given_name": "tobias", "family_name": "odhiambo", "email": "tobias@mail.org"}


@pytest.fixture(scope="module")
def neighbours() -> list[Record]:
    """People of whom each has a card of its own, but couples who carry one together."""
    rows = crowd(300)
    return [row | {"loyalty_id": "L" + row["source_record_id"][-4:]} for row in rows]


@pytest.fixture(scope="module")
def families() -> list[Record]:
    """The same people, who live two by two and carry one card."""
    rows = []
    for row in crowd(300):
        home = int(row["source_record_id"][-5:]) // 2
        at_home = {
            "loyalty_id": f"L{home:04d}",
            "family_name": f"fam{home}",
            "street": f"{home} rd",
        }
        rows.append(row | at_home | {"loyalty_id": f"L{home:04d}"})
    return rows


def test_two_numbers_of_which_a_person_has_one_are_two_people(neighbours: list[Record]) -> None:
    rows = [
        *neighbours,
        record("crm", "A", loyalty_id="L777001", **SAME),
        record("webshop", "B", loyalty_id="L920554", **SAME),
    ]
    unsaid = clusters_of(rows)
    said = clusters_of(rows, {"loyalty_id": Holding.ONE})
    assert unsaid["crm:A"] == unsaid["webshop:B"]
    assert said["crm:A"] != said["webshop:B"]


def test_a_slip_in_such_a_number_tears_nobody_apart(neighbours: list[Record]) -> None:
    rows = [
        *neighbours,
        record("crm", "A", loyalty_id="L777001", **SAME),
        record("webshop", "B", loyalty_id="L777010", **SAME),
    ]
    found = clusters_of(rows, {"loyalty_id": Holding.ONE})
    assert found["crm:A"] == found["webshop:B"]


def test_a_household_may_share_a_number_that_is_shared_and_no_other() -> None:
    shared = active_fields({"national_id"}, {"national_id": Holding.SHARED})[0]
    own = active_fields({"national_id"})[0]
    by_chance, mostly_equal = np.array([0.9, 0.05, 0.04, 0.01]), np.array([0.04, 0.03, 0.03, 0.9])
    assert start_of_field(HOUSEHOLD, shared, by_chance)[-1] > 0.5
    assert start_of_field(HOUSEHOLD, own, by_chance)[-1] < 0.05
    found = in_character(HOUSEHOLD, shared, mostly_equal, has_birth_dates=True)
    assert found[-1] == pytest.approx(0.9)
    assert in_character(HOUSEHOLD, own, mostly_equal, has_birth_dates=True)[-1] < 0.05
    assert own.is_stable and not shared.is_stable


def test_families_with_one_card_stay_apart(families: list[Record]) -> None:
    found = clusters_of(families, {"loyalty_id": Holding.SHARED})
    couples = [(f"crm:P{number:05d}", f"crm:P{number + 1:05d}") for number in range(0, 300, 2)]
    assert not [couple for couple in couples if found[couple[0]] == found[couple[1]]]
    numbers = [f"P{number:05d}" for number in range(300)]
    assert all(found[f"crm:{number}"] == found[f"webshop:{number}"] for number in numbers)
