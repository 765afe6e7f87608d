"""Normalised values in the warehouse are to the letter what the normalisers answer."""

from collections.abc import Callable

import pytest

from orchestration.identity.normalise.addresses import normalise_address
from orchestration.identity.normalise.email import normalise_email
from orchestration.identity.normalise.names import normalise_name
from tests.warehouse.landed_world import LandedWorld


@pytest.mark.parametrize(
    ("raw", "normalised", "normaliser"),
    [
        ("given_name_raw", "given_name", normalise_name),
        ("family_name_raw", "family_name", normalise_name),
        ("email_raw", "email", normalise_email),
        ("street_raw", "street", normalise_address),
        ("city_raw", "city", normalise_address),
    ],
)
def test_long_values_are_not_garbled_between_python_and_the_warehouse(
    built_world: LandedWorld, raw: str, normalised: str, normaliser: Callable[[str], str | None]
) -> None:
    found = built_world.rows(
        f"select {raw}, {normalised} from conformed.int_person_records__normalised"
        " where source_record_id like 'webshop:LONG%'"
    )
    assert len(found) == 5000
    garbled = [value for value, answer in found if normaliser(str(value)) != answer]
    assert garbled == []
