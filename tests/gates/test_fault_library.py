"""A slice of `c360 bench gates`: one source, a clean day, and the same day broken."""

import pytest

from orchestration.bench.faults import FAULTS
from orchestration.bench.gates import END, broken_day, judge_faults, make_days, pass_clean_days

NEEDS_NO_HISTORY = ("file in an encoding of its own", "file of another table")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("days")
    days = make_days(folder, customers=300, days=2, end=END)
    days.contracts = tuple(each for each in days.contracts if each.source == "webshop")
    landed = {each.landing_name for each in days.contracts}
    days.suites = tuple(s for s in days.suites if s.layer == "quality" or s.table in landed)
    assert pass_clean_days(days, [0], 1, lambda _: None) == []
    return days, folder


def test_clean_day_stops_nothing_and_each_fault_is_caught_by_its_name(world) -> None:
    days, folder = world
    clean = broken_day(days, folder, END, None)
    assert clean.stops == frozenset()
    faults = [fault for fault in FAULTS if fault.name in NEEDS_NO_HISTORY]
    verdicts = judge_faults(days, folder, clean, faults, lambda _: None)
    assert [(each["fault"], each["caught"]) for each in verdicts] == [
        (fault.name, True) for fault in faults
    ]


def test_library_holds_faults_of_many_kinds() -> None:
    assert len(FAULTS) >= 20
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert len({cause for fault in FAULTS for cause in fault.causes}) >= 12
