from datetime import datetime, timedelta

import pytest

from orchestration.gates.history import create_history_views, record_source_tables
from orchestration.gates.quarantine_tables import accept_run
from orchestration.gates.suites import read_suite
from orchestration.landing.contract import load_contracts
from orchestration.landing.runs import begin_run, create_quality_tables
from orchestration.settings import PACKAGE_DIR, PROJECT_DIR
from tests.gates.conftest import expect

START = datetime(2026, 11, 1, 3, 0, 0)  # noqa: DTZ001


def day(number):
    return START + timedelta(days=number)


@pytest.fixture
def history(warehouse):
    """Return a function that enters runs: rows landed of crm.contacts, one number per day."""

    def enter(*landed, quarantined=0, reason=None):
        with warehouse.connect() as connection:
            create_quality_tables(connection)
            for number, rows in enumerate(landed):
                if number:
                    accept_run(connection, f"run-{number - 1}")
                begin_run(connection, f"run-{number}", day(number))
                if rows is None:
                    continue
                status = "refused" if reason else "landed"
                counts = (0, 0, rows) if reason else (rows - quarantined, quarantined, 0)
                connection.execute(
                    "insert into quality.loads by name select ? as load_id, ? as load_order,"
                    " 'crm' as source, 'contacts' as table_name, ? as run_id, ? as loaded_at,"
                    " ? as rows_received, ? as rows_landed, ? as rows_quarantined,"
                    " ? as rows_refused, ? as status, ? as reason",
                    [
                        f"L{number}",
                        number,
                        f"run-{number}",
                        day(number),
                        rows,
                        *counts,
                        status,
                        reason,
                    ],
                )
        return warehouse

    return enter


def facts(warehouse, *columns):
    with warehouse.connect() as connection:
        create_history_views(connection)
        wanted = ", ".join(columns)
        return connection.execute(
            f"select {wanted} from quality.load_facts where source_table = 'crm_contacts'"
        ).fetchone()


def test_volume_is_compared_with_the_median_of_earlier_runs(history):
    warehouse = history(100, 90, 110, 1000, 300)
    assert facts(warehouse, "rows_landed", "runs_before", "usual_rows", "volume_ratio") == (
        300,
        4,
        105.0,
        pytest.approx(300 / 105),
    )


def test_a_run_that_a_gate_has_stopped_is_no_part_of_the_usual_volume(history):
    warehouse = history(100, 90, 110, 1000, 300)
    with warehouse.connect() as connection:
        connection.execute("delete from quality.accepted_runs where run_id = 'run-3'")
    assert facts(warehouse, "runs_before", "usual_rows") == (3, 100.0)


def test_without_three_earlier_runs_there_is_no_verdict_on_volume(history):
    assert facts(history(100, 100, 5000), "runs_before", "volume_ratio") == (2, None)


def test_lateness_is_counted_from_the_last_load_that_brought_rows(history):
    assert facts(history(100, None, None), "hours_since_last_load", "rows_landed") == (48.0, 0)


def test_full_export_that_is_the_same_again_has_come(history):
    warehouse = history(100)
    with warehouse.connect() as connection:
        for number in (1, 2):
            begin_run(connection, f"run-{number}", day(number))
        connection.execute(
            "insert into quality.loads by name select 'L1' as load_id, 1 as load_order, 'crm' as "
            "source, 'contacts' as table_name, 'run-1' as run_id, ? as loaded_at, 0 as rows_landed,"
            " 'refused' as status, 'repeated file' as reason",
            [day(1)],
        )
    assert facts(warehouse, "hours_since_last_load") == (48.0,)
    with warehouse.connect() as connection:
        connection.execute(
            "insert into quality.source_tables by name select 'crm' as source, 'contacts' as"
            " table_name, 'full' as delivery, 36 as freshness_hours"
        )
    assert facts(warehouse, "hours_since_last_load") == (24.0,)


def test_contracts_say_how_late_a_source_may_be(history):
    warehouse = history(100)
    contracts = load_contracts(PACKAGE_DIR / "sources")
    record_source_tables(warehouse, contracts)
    record_source_tables(warehouse, contracts)
    assert facts(warehouse, "freshness_hours") == (36.0,)
    with warehouse.connect() as connection:
        listed = connection.execute("select count(*) from quality.load_facts").fetchone()
    assert listed == (len(contracts),)


REFUSED = expect(
    "unexpected_rows_expectation",
    unexpected_rows_query="select * from {batch} where status = 'refused'",
)
LATE = expect(
    "unexpected_rows_expectation",
    unexpected_rows_query="select source_table from quality.load_facts where hours_since_last_load"
    " > freshness_hours and source_table not in (select source || '_' || table_name from {batch})",
)


def test_a_suite_asks_about_history_in_plain_sql(history, suite_of, gate):
    warehouse = history(100, None, None)
    record_source_tables(warehouse, load_contracts(PACKAGE_DIR / "sources"))
    refused, late = gate(suite_of("quality.loads", REFUSED, LATE), run_id="run-2").outcomes
    assert refused.success
    assert (late.success, late.failing_keys) == (False, ("crm_contacts",))


def test_file_that_comes_again_is_told_only_where_nothing_else_came(history, gate):
    warehouse = history(100)
    record_source_tables(warehouse, load_contracts(PACKAGE_DIR / "sources"))
    came = [
        ("billing", "credit_limits", "refused"),  # a full export: nothing has changed
        ("loyalty", "cards", "refused"),
        ("loyalty", "cards", "landed"),
        ("pos", "receipts", "refused"),
    ]
    with warehouse.connect() as connection:
        for number, (source, table, status) in enumerate(came, start=1):
            refused = int(status == "refused")
            connection.execute(
                "insert into quality.loads by name select ? as load_id, ? as load_order, ? as "
                "source, ? as table_name, 'run-0' as run_id, ? as loaded_at, 10 as rows_received, "
                "? as rows_landed, 0 as rows_quarantined, ? as rows_refused, ? as status, "
                "if(? = 1, 'repeated file', null) as reason",
                [f"A{number}", number, source, table, day(0), 10 - 10 * refused, 10 * refused]
                + [status, refused],
            )
    result = gate(read_suite(PROJECT_DIR / "expectations/quality/loads.json"), run_id="run-0")
    assert [each.column for each in result.causes if each.name == "repeated file"] == [
        "pos_receipts"
    ]
