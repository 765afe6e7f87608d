"""A load that closed a gate: no later run publishes it before somebody has decided."""

from datetime import timedelta

import pytest

from orchestration.gates.held_loads import HeldLoad, hold_loads
from orchestration.gates.history import record_source_tables
from orchestration.gates.quarantine_tables import accept_run
from orchestration.gates.replay import replay
from orchestration.gates.runner import run_gate
from orchestration.gates.suites import read_suite
from orchestration.landing.contract import load_contracts
from orchestration.landing.door import land
from orchestration.landing.runs import begin_run
from orchestration.settings import PROJECT_DIR
from orchestration.steward.deciding import Steward
from orchestration.steward.landed_decisions import land_decisions
from tests.gates.conftest import AS_OF
from tests.gates.gated_shop import CONTRACT, GOOD, TIERS, Shop

CAUSE = "stopped load undecided"
BAD = [line.replace("gold", "brass") for line in GOOD]
LATER = [line.replace("/02/", "/03/") for line in GOOD]
OTHERS = [f'N{n},gold,"1,50",0{n % 9 + 1}/03/2026' for n in range(10, 60)]


class Days(Shop):
    """A shop whose days pass the gates of landing and of the loads."""

    def __init__(self, warehouse, suite, folder, delivery):
        super().__init__(warehouse, suite, folder)
        text = CONTRACT.replace("delivery: incremental", f"delivery: {delivery}")
        text = text if delivery == "incremental" else text.replace("cursor: changed_on\n", "")
        (folder / "sources" / "shop" / "members.yml").write_text(text, encoding="utf-8")
        self.contracts = load_contracts(folder / "sources")
        self.of_loads = read_suite(PROJECT_DIR / "expectations" / "quality" / "loads.json")

    def day(self, *lines, is_cut_short=False):
        """Deliver and run a day; return the failing causes of both gates."""
        self.deliver(*lines)
        self.run_number += 1
        run = {"run_id": f"run-{self.run_number}", "as_of": AS_OF + timedelta(self.run_number)}
        record_source_tables(self.warehouse, self.contracts)
        with self.warehouse.connect() as connection:
            begin_run(connection, *run.values())
            land_decisions(connection, self.store, **run)
            self.held = hold_loads(connection, **run)
            assert hold_loads(connection, **run) == []
            replay(connection, self.contracts, **run)
        land(
            self.contracts[0],
            warehouse=self.warehouse,
            inbox_dir=self.folder / "inbox",
            landing_dir=self.folder / "landing",
            **run,
        )
        assert self.is_balanced()
        if is_cut_short:
            return set()
        gates = [
            run_gate(suite, warehouse=self.warehouse, results_dir=self.folder / "results", **run)
            for suite in (self.suite, self.of_loads)
        ]
        if all(gate.success for gate in gates):
            with self.warehouse.connect() as connection:
                accept_run(connection, run["run_id"])
        return {
            (cause.name, cause.column)
            for gate in gates
            for cause in gate.causes
            if cause.severity == "critical"
        }

    def load(self):
        """Return the load of the latest file."""
        query = "select max_by(load_id, load_order) from quality.loads where source = 'shop'"
        return self.rows(query)[0][0]

    def hold(self, load):
        Steward(self.store, "ann", AS_OF).decide("load.hold", f"load:{load}", "not a real tier")


@pytest.fixture
def days(warehouse, suite_of, tmp_path):
    def of(delivery="incremental"):
        return Days(warehouse, suite_of("landing.shop_members", TIERS, key=("member_id",)),
                    tmp_path, delivery)  # fmt: skip

    return of


@pytest.mark.parametrize("delivery", ["incremental", "append"])
def test_a_good_day_does_not_publish_the_bad_day_before_it(days, delivery):
    shop = days(delivery)
    assert shop.day(*BAD) == {("unknown value", "tier")}
    bad = shop.load()
    assert shop.day(*OTHERS) == {(CAUSE, bad)}
    assert shop.day() == {(CAUSE, bad)}  # nor a third


def test_a_load_that_is_held_waits_in_quarantine_and_the_day_goes_on(days):
    shop = days("append")
    shop.day(*BAD)
    bad = shop.load()
    shop.hold(bad)
    assert shop.day(*OTHERS) == set()
    assert shop.held == [HeldLoad(bad, 50)]
    assert (len(shop.landed()), len(shop.waiting())) == (50, 50)
    assert shop.day() == set()


def test_a_held_load_that_is_accepted_goes_back_as_it_was(days):
    shop = days("append")
    shop.day(*BAD)
    bad = shop.load()
    as_it_was = shop.landed()
    shop.hold(bad)
    shop.day()
    assert shop.landed() == []
    shop.decide("accept", f"load:{bad}")
    assert shop.day() == set()
    assert (shop.landed(), shop.waiting()) == (as_it_was, [])


def test_a_load_can_be_held_again_after_it_was_accepted(days):
    shop = days("append")
    shop.day(*GOOD)
    load = shop.load()
    for _ in range(2):
        shop.hold(load)
        shop.day()
        assert (shop.landed(), len(shop.waiting())) == ([], 50)
        shop.decide("accept", f"load:{load}")
        shop.day()
        assert (len(shop.landed()), shop.waiting()) == (50, [])


def test_a_delivery_that_replaces_all_rows_settles_it(days):
    shop = days()
    shop.day(*BAD)
    assert shop.day(*LATER) == set()


def test_a_delivery_that_replaces_some_rows_does_not(days):
    shop = days()
    shop.day(*BAD)
    bad = shop.load()
    assert shop.day(*LATER[1:]) == {(CAUSE, bad)}


def test_an_earlier_version_of_the_rows_replaces_nothing(days):
    shop = days()
    shop.day(*[line.replace("/02/", "/04/") for line in BAD])
    bad = shop.load()
    assert shop.day(*LATER) == {(CAUSE, bad)}


def test_a_later_full_delivery_replaces_the_one_before(days):
    shop = days("full")
    shop.day(*BAD)
    assert shop.day(*GOOD) == set()


def test_a_load_that_came_to_no_gate_is_judged_by_the_next_run(days):
    shop = days()
    shop.day(*GOOD)
    shop.day(*[line.replace("M", "K") for line in BAD], is_cut_short=True)
    assert shop.day(*OTHERS) == {("unknown value", "tier")}


def test_a_table_where_nothing_new_has_landed_is_judged_again(days):
    shop = days()
    shop.day(*BAD)
    assert shop.day() == {("unknown value", "tier")}


def test_a_day_that_was_accepted_is_not_asked_about_again(days):
    shop = days()
    shop.day(*BAD)
    shop.day(*OTHERS)
    with shop.warehouse.connect() as connection:
        accept_run(connection, f"run-{shop.run_number}")  # its incident was waived
    assert shop.day() == set()


@pytest.mark.parametrize(("keys", "is_stopped"), [
    ('["shop_members|tier"]', True), ('["shop_orders|total"]', False), ("[]", True),
])  # fmt: skip
def test_a_gate_of_figures_speaks_of_the_tables_it_names_and_without_names_of_all(
    days, keys, is_stopped
):
    shop = days()
    shop.day(*GOOD)
    load = shop.load()
    with shop.warehouse.connect() as connection:
        connection.execute("delete from quality.accepted_runs")
        connection.execute(
            "insert into quality.gate_results by name select run_id, as_of, 'quality' as layer, "
            "'measure_facts' as table_name, 'critical' as severity, false as success, "
            "? as failing_keys from quality.runs",
            [keys],
        )
    assert shop.day() == ({(CAUSE, load)} if is_stopped else set())
