"""Rows set aside by the door or by a gate: decided on, put back once, and never lost."""

import pytest

from orchestration.gates.column_measures import listed_values
from orchestration.gates.replay import Replayed, replay
from orchestration.steward.landed_decisions import land_decisions
from tests.gates.conftest import AS_OF, expect
from tests.gates.gated_shop import GOOD, TIERS, Shop


@pytest.fixture
def shop(warehouse, suite_of, tmp_path):
    suite = suite_of("landing.shop_members", TIERS, key=("member_id",))
    content = suite.path.read_text(encoding="utf-8")
    suite.path.write_text(content.replace('"key"', '"tolerance": 0.1, "key"'), encoding="utf-8")
    from orchestration.gates.suites import read_suite

    return Shop(warehouse, read_suite(suite.path), tmp_path)


def test_few_bad_rows_leave_the_flow_and_the_run_goes_on(shop):
    shop.deliver(*GOOD, 'M1,golld,"2,50",03/02/2026')
    _, gate = shop.run()
    assert gate.success
    assert [cause.name for cause in gate.causes] == ["unknown value"]
    assert len(shop.landed()) == 50
    found = shop.rows("select rule, reason, content, line from quality.quarantine")
    assert found == [
        (
            "expectation expect_column_values_to_be_in_set",
            "the test says so",
            '{"member_id":"M1","tier":"golld","spent":"2.50","changed_on":"2026-02-03"}',
            51,
        )
    ]


def test_many_bad_rows_close_the_gate_and_nothing_moves(shop):
    shop.deliver(*(line.replace("gold", "brass") for line in GOOD))
    _, gate = shop.run()
    assert not gate.success
    assert (len(shop.landed()), shop.waiting()) == (50, [])


def test_corrected_row_goes_back_to_its_load_once(shop):
    shop.deliver(*GOOD, 'M1,golld,"2,50",03/02/2026')
    shop.run()
    (row,) = shop.waiting()
    shop.decide("correct", row, values={"tier": "gold"})
    done, gate = shop.run()
    assert done == [Replayed(row, "replayed")]
    assert gate.success
    assert ("M1", "gold", "2.50", "2026-02-03") in shop.landed()
    assert shop.waiting() == []
    assert shop.rows("select count(*) from quality.quarantine") == [(1,)]  # the original stays
    assert shop.run()[0] == []


def test_row_that_the_door_could_not_read_is_corrected_in_its_own_form(shop):
    shop.deliver(*GOOD, 'M1,gold,"2,50",31/31/2026')
    shop.run()
    (row,) = shop.waiting()
    shop.decide("correct", row, values={"changed_on": "2026-01-31"})
    shop.run()
    assert ("M1", "gold", "2.50", "2026-01-31") in shop.landed()


def test_row_of_a_key_that_is_taken_comes_back_as_it_was_read(shop):
    shop.deliver(*GOOD, 'M1,gold,"2,50",03/02/2026', 'M1,silver,"3,50",03/02/2026')
    shop.run()
    ((load,),) = shop.rows("select load_id from quality.quarantine where rule = 'duplicate key'")
    shop.decide("accept", f"load:{load}")
    done, _ = shop.run()
    assert [each.outcome for each in done] == ["waived"]
    assert ("M1", "gold", "2.50", "2026-02-03") in shop.landed()
    place = "select _row from landing.shop_members where member_id = 'M1' and tier = 'gold'"
    assert shop.rows(place) == [(-52,)]  # it never had a place


def test_correction_that_fails_the_gate_goes_back_to_quarantine(shop):
    shop.deliver(*GOOD, 'M1,golld,"2,50",03/02/2026')
    shop.run()
    (row,) = shop.waiting()
    shop.decide("correct", row, values={"tier": "goldd"})
    done, gate = shop.run()
    assert (done, gate.success) == ([Replayed(row, "replayed")], True)
    assert shop.waiting() == [row]
    shop.decide("correct", row, values={"tier": "silver"})
    shop.run()
    assert ("M1", "silver", "2.50", "2026-02-03") in shop.landed()
    assert shop.waiting() == []


def test_correction_that_cannot_be_read_stays_and_says_why_without_the_value(shop):
    shop.deliver(*GOOD, 'M1,golld,"2,50",03/02/2026')
    shop.run()
    (row,) = shop.waiting()
    shop.decide("correct", row, values={"changed_on": "tomorrow"})
    (done,), _ = shop.run()
    assert (done.outcome, "tomorrow" in done.reason) == ("failed", False)
    assert done.reason.startswith("changed_on is missing, or not a date")
    assert shop.waiting() == [row]


def test_waived_row_goes_back_as_it_is_and_the_gate_looks_away(shop):
    shop.deliver(*GOOD, 'M1,golld,"2,50",03/02/2026')
    shop.run()
    shop.decide("waive", shop.waiting()[0], until="2027-01-01")
    _, gate = shop.run()
    assert gate.success
    assert ("M1", "golld", "2.50", "2026-02-03") in shop.landed()
    assert shop.waiting() == []


def test_refused_row_stays_out_for_good(shop):
    shop.deliver(*GOOD, 'M1,golld,"2,50",03/02/2026')
    shop.run()
    shop.decide("refuse", shop.waiting()[0])
    shop.run()
    assert (len(shop.landed()), shop.waiting()) == (50, [])
    assert shop.rows("select sum(rows_refused) from quality.loads where source = 'shop'") == [(1,)]


def test_whole_batch_is_accepted_also_after_the_suite_has_changed(shop, suite_of):
    shop.deliver(*GOOD, 'M1,golld,"2,50",03/02/2026', 'M2,brass,"3,50",03/02/2026')
    shop.run()
    assert len(shop.waiting()) == 2
    ((load,),) = shop.rows("select distinct load_id from quality.quarantine")
    shop.suite = suite_of(
        "landing.shop_members",
        expect("expect_column_values_to_be_in_set", column="tier", value_set=["gold"]),
        key=("member_id",),
    )
    shop.decide("accept", f"load:{load}")
    assert len(shop.run()[0]) == 2
    assert (len(shop.landed()), shop.waiting()) == (52, [])


def test_decision_about_a_row_that_is_not_there_is_void_and_says_so_once(shop):
    shop.deliver(*GOOD)
    shop.run()
    shop.decide("correct", "Q0000000000", values={"tier": "gold"})
    shop.decide("accept", "load:none")
    done, gate = shop.run()
    nothing = "nothing of this name is in quarantine"
    assert done == [
        Replayed("Q0000000000", "void", nothing),
        Replayed("load:none", "void", nothing),
    ]
    assert gate.success
    assert shop.run()[0] == []


def test_decision_about_a_row_that_was_put_back_meanwhile_is_void(shop):
    shop.deliver(*GOOD, 'M1,golld,"2,50",03/02/2026')
    shop.run()
    (row,) = shop.waiting()
    shop.decide("correct", row, values={"tier": "gold"})
    shop.run()
    shop.decide("refuse", row)
    done, _ = shop.run()
    assert done == [Replayed(row, "void", "it does not wait any more: replayed")]
    assert ("M1", "gold", "2.50", "2026-02-03") in shop.landed()
    assert shop.rows("select state, is_waiting from quality.quarantine_rows") == [
        ("replayed", False)
    ]


def test_correction_of_a_column_that_is_not_there_is_told_until_it_is_mended(shop):
    shop.deliver(*GOOD, 'M1,golld,"2,50",03/02/2026')
    shop.run()
    (row,) = shop.waiting()
    shop.decide("correct", row, values={"teir": "gold"})
    (done,), _ = shop.run()
    assert (done.outcome, done.reason) == (
        "failed",
        "a correction names a column that the contract does not have",
    )
    shop.decide("correct", row, values={"tier": "gold"})
    assert shop.run()[0] == [Replayed(row, "replayed")]
    assert ("M1", "gold", "2.50", "2026-02-03") in shop.landed()
    assert shop.rows("select state, outcome_reason from quality.quarantine_rows") == [
        ("replayed", None)
    ]


class Counting:
    """A connection that counts what it is asked to do."""

    def __init__(self, connection) -> None:
        """Count the statements of a connection."""
        self.connection, self.statements = connection, 0

    def execute(self, *asked):
        """Do it, and count it."""
        self.statements += 1
        return self.connection.execute(*asked)

    def executemany(self, query, rows):
        """Do it, and count every row."""
        self.statements += len(rows)
        return self.connection.executemany(query, rows)

    def __getattr__(self, name):
        """Return what is not counted."""
        return getattr(self.connection, name)


def test_many_rows_are_put_back_by_as_many_statements_as_one(shop):
    counted = []
    for bad in (1, 5):
        shop.deliver(*GOOD, *(f'B{bad}{n},golld,"2,50",03/02/2026' for n in range(bad)))
        shop.run()
        ((load,),) = shop.rows(
            "select distinct load_id from quality.quarantine_rows where is_waiting"
        )
        shop.decide("accept", f"load:{load}")
        with shop.warehouse.connect() as connection:
            land_decisions(connection, shop.store, run_id=f"later-{bad}", as_of=AS_OF)
            counting = Counting(connection)
            done = replay(counting, shop.contracts, run_id=f"later-{bad}", as_of=AS_OF)
        assert [each.outcome for each in done] == ["waived"] * bad
        counted.append(counting.statements)
    assert counted[0] == counted[1]


def test_only_values_that_a_suite_lists_are_measured_one_by_one(shop):
    assert listed_values(shop.suite) == {"tier": ["gold", "silver"]}
