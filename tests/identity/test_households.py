"""People who share much stay apart, and one person written twice comes together."""

import pytest

from tests.identity.people import Record, clusters_of, crowd, record

HOME = {"family_name": "odhiambo", "phone": "+254700111222", "street": "7 palm rd", "city": "thika"}


@pytest.fixture(scope="module")
def neighbours() -> list[Record]:
    return crowd(600)


def test_shared_household_phone_does_not_merge_two_people(neighbours: list[Record]) -> None:
    clusters = clusters_of(
        [
            *neighbours,
            record(
                "crm", "A", given_name="lydia", birth_year=1960, birth_month=2, birth_day=3, **HOME
            ),
            record(
                "crm", "B", given_name="tobias", birth_year=1988, birth_month=7, birth_day=9, **HOME
            ),
        ]
    )
    assert clusters["crm:A"] != clusters["crm:B"]


def test_twins_of_two_sexes_stay_apart(neighbours: list[Record]) -> None:
    born = {"birth_year": 1990, "birth_month": 5, "birth_day": 6}
    clusters = clusters_of(
        [
            *neighbours,
            record("crm", "A", given_name="lydia", sex="f", **born, **HOME),
            record("webshop", "B", given_name="tobias", sex="m", **born, **HOME),
        ]
    )
    assert clusters["crm:A"] != clusters["webshop:B"]


def test_senior_and_junior_stay_apart(neighbours: list[Record]) -> None:
    same = {"given_name": "tobias", "email": "odhiambo@mail.org"}
    clusters = clusters_of(
        [
            *neighbours,
            record("crm", "A", generation="sr", **same, **HOME),
            record("webshop", "B", generation="jr", **same, **HOME),
        ]
    )
    assert clusters["crm:A"] != clusters["webshop:B"]


def test_one_person_in_two_sources_comes_together(neighbours: list[Record]) -> None:
    born = {"birth_year": 1990, "birth_month": 5, "birth_day": 6}
    clusters = clusters_of(
        [
            *neighbours,
            record("crm", "A", given_name="lydia", email="lydia@mail.org", **born, **HOME),
            record("webshop", "B", given_name="lidia", email="lydia@mail.org", **HOME),
        ]
    )
    assert clusters["crm:A"] == clusters["webshop:B"]


def test_a_test_account_is_merged_with_nobody(neighbours: list[Record]) -> None:
    real = next(row for row in neighbours if row["source_record_id"] == "crm:P00001")
    copy = real | {"source_record_id": "crm:TEST", "is_test_record": True}
    clusters = clusters_of([*neighbours, copy])
    assert list(clusters.values()).count(clusters["crm:TEST"]) == 1


def test_a_number_on_hundreds_of_people_is_no_evidence(neighbours: list[Record]) -> None:
    switchboard = [row | {"phone": "+254200000001"} for row in neighbours]
    clusters = clusters_of(switchboard)
    sizes = [list(clusters.values()).count(label) for label in set(clusters.values())]
    assert max(sizes) <= 2
