"""A slice of `c360 bench gates`: one source, a clean day, and the same day broken."""

import pytest

from orchestration.bench.day_found import DayFound
from orchestration.bench.faults import Fault
from orchestration.bench.gates import Measurement, clean_last_day, judge_faults, make_days
from orchestration.bench.gates import pass_clean_days as let_pass
from orchestration.bench.inner_faults import FAULTS

NEEDS_NO_HISTORY = ("file in an encoding of its own", "file of another table")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("days")
    days = make_days(folder / "home")
    days.contracts = tuple(each for each in days.contracts if each.source == "webshop")
    landed = {each.landing_name for each in days.contracts}
    days.suites = tuple(s for s in days.suites if s.layer == "quality" or s.table in landed)
    measured = Measurement.of(folder)
    let_pass(days, measured, customers=300, days=2, progress=lambda _: None)
    return days, folder, measured


def test_clean_days_stop_nothing_and_each_fault_is_caught_by_its_name(world) -> None:
    days, _, measured = world
    assert [each["stops"] for each in measured.clean_days.values()] == [[], []]
    clean = clean_last_day(days, measured)
    assert clean.stops == frozenset()
    faults = [fault for fault in FAULTS if fault.name in NEEDS_NO_HISTORY]
    judge_faults(days, measured, clean, faults, lambda _: None)
    assert {name: each["caught"] for name, each in measured.verdicts.items()} == dict.fromkeys(
        NEEDS_NO_HISTORY, True
    )


def test_measurement_that_was_cut_short_goes_on_where_it_was(world) -> None:
    days, folder, measured = world
    again = Measurement.of(folder)
    assert (again.clean_days, again.verdicts) == (measured.clean_days, measured.verdicts)
    said: list[str] = []
    let_pass(days, again, customers=300, days=2, progress=said.append)
    assert said == []


def test_fault_counts_only_with_its_cause_at_its_table() -> None:
    fault = Fault("phone lost", "webshop_customers", ("missing values",), seen_at=("customer_360",))
    found = {
        ("quality.measure_facts webshop_customers", "missing values"): True,
        ("marts.customer_360 phone", "missing values"): True,
        ("quality.measure_facts webshop_orders", "missing values"): False,
        ("quality.measure_facts webshop_customers", "unusual volume"): False,
    }
    assert {one: DayFound(stops=frozenset({one})).names(fault) for one in found} == found
    clean = DayFound(incidents=frozenset(found))
    assert not DayFound(stops=frozenset(found)).beyond(clean).names(fault)


def test_library_holds_faults_of_many_kinds() -> None:
    assert len(FAULTS) >= 60
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert len({cause for fault in FAULTS for cause in fault.causes}) >= 20
