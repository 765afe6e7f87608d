"""One tiny company, landed and built once for every test of staging and conformed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.warehouse.landed_world import LandedWorld
from tests.warehouse.tiny_company import (
    customers_with_long_names,
    land_tiny_company,
    members_with_the_number_of_a_shop,
)

BUILT_LAYERS = ("--select", "path:seeds", "path:models/staging", "path:models/conformed")


@pytest.fixture(scope="session")
def built_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LandedWorld]:
    """A warehouse with the tiny company built up to the conformed layer, every data test passed."""
    home: Path = tmp_path_factory.mktemp("warehouse")
    world = LandedWorld(home)
    land_tiny_company(world)
    world.land("loyalty_members", list(members_with_the_number_of_a_shop(51)))
    world.land("webshop_customers", list(customers_with_long_names(5000)))
    built = world.dbt(
        "build",
        *BUILT_LAYERS,
        "--indirect-selection",
        "buildable",
        "--exclude-resource-type",
        "unit_test",
    )
    assert built.returncode == 0, built.stdout[-4000:] + built.stderr[-1000:]
    yield world
