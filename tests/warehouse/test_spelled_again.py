"""What is carried on from yesterday is what would be made from nothing today (decision 0043)."""

import copy
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from tests.warehouse.landed_world import LandedWorld

KEPT = ("int_person_records__spelled", "int_contact_values__spelled")
MADE_OF_THEM = (
    "int_person_records__normalised",
    "int_interactions__unioned",
    "int_consents__unioned",
    "int_channel_preferences__unioned",
)
# UTC without a zone, as the warehouse keeps it
NOW = datetime(2026, 6, 29)  # noqa: DTZ001
LONG_AGO = datetime(2023, 1, 1)  # noqa: DTZ001


@pytest.fixture(scope="module")
def next_day(built_world: LandedWorld, tmp_path_factory: pytest.TempPathFactory) -> LandedWorld:
    """The built company a day later: corrected, late, deleted and new rows have landed."""
    world = copy.copy(built_world)
    world.home = tmp_path_factory.mktemp("next_day") / "home"
    shutil.copytree(built_world.home, world.home)
    contact = {"country": "KE", "created_at": NOW, "is_deleted": False, "updated_at": NOW}
    world.land(
        "crm_contacts",
        [
            contact | {"contact_id": "C1", "first_name": "Corrected", "last_name": "Otieno"},
            contact | {"contact_id": "C3", "is_deleted": True},
            contact | {"contact_id": "C9", "first_name": "New", "mobile": "0712 999 888"},
            # late: what it says was overtaken before it came
            contact | {"contact_id": "C4", "first_name": "Late", "updated_at": LONG_AGO},
        ],
    )
    world.land(
        "marketing_email_events",
        [
            {"event_id": "E8", "email": "NEW@Mail.ke", "event_type": "Open", "occurred_at": NOW},
            {"event_id": "E9", "email": None, "event_type": "Open", "occurred_at": NOW},
        ],
    )
    with world.connect() as connection:
        # nobody consents for this number any more
        connection.execute("delete from landing.consent_consents where consent_id = 'S3'")
        # Two that are marked by hand: one is of this edition, one of an older one.
        for record, edition in (("webshop:W1", ""), ("webshop:W2", "older")):
            connection.execute(
                "update conformed.int_person_records__spelled set region = 'marked', "
                "spelled_by = spelled_by || ? where source_record_id = ?",
                [edition, record],
            )
    again = world.dbt("run", "--select", *(f"+{model}" for model in MADE_OF_THEM))
    assert again.returncode == 0, again.stdout[-4000:]
    return world


def regions(world: LandedWorld) -> dict[object, object]:
    return dict(
        world.rows("select source_record_id, region from conformed.int_person_records__spelled")
    )


def contents(world: LandedWorld, tables: tuple[str, ...]) -> dict[str, list[tuple[object, ...]]]:
    return {table: world.rows(f"select * from conformed.{table} order by all") for table in tables}


def test_only_what_changed_or_is_of_another_edition_was_spelled_again(next_day):
    assert regions(next_day)["webshop:W1"] == "marked"
    assert regions(next_day)["webshop:W2"] != "marked"


def test_what_its_source_no_longer_has_is_gone(next_day):
    assert "crm:C3" not in regions(next_day)
    kept = next_day.rows("select value_raw from conformed.int_contact_values__spelled")
    assert ("+254 712 345678",) not in kept
    assert ("NEW@Mail.ke",) in kept


def test_a_build_from_nothing_gives_the_same_rows(next_day: LandedWorld, tmp_path: Path):
    with next_day.connect() as connection:
        connection.execute(
            "update conformed.int_person_records__spelled set region = null "
            "where source_record_id = 'webshop:W1'"
        )
        connection.execute(
            "update conformed.int_person_records__normalised set region = null "
            "where source_record_id = 'webshop:W1'"
        )
    carried_on = contents(next_day, KEPT + MADE_OF_THEM)
    assert any("Corrected" in row for row in carried_on["int_person_records__normalised"])
    anew = next_day.dbt("run", "--full-refresh", "--select", *(f"{model}+1" for model in KEPT))
    assert anew.returncode == 0, anew.stdout[-4000:]
    assert contents(next_day, KEPT + MADE_OF_THEM) == carried_on
