"""Gates of reports and lists: each expectation holds on a sound day, and each can fail."""

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.gates.relations import open_batch
from orchestration.gates.suites import load_suites
from orchestration.gates.validation import validate
from orchestration.landing.runs import begin_run
from orchestration.settings import PROJECT_DIR
from orchestration.warehouse import Warehouse
from tests.gates.conftest import AS_OF, RUN
from tests.gates.mart_rows import BESIDE, GATED

SUITES = {suite.label: suite for suite in load_suites([PROJECT_DIR / "expectations"])}

# For every expectation of a suite, in their order, what makes it fail and none of the others.
FAULTS = {
    "marts.account_contacts": (
        "update marts.customer_360 set is_contactable_phone = false where customer_id = 'C3'",
        "update marts.account_contacts set roles = 'buyer,main_contact'",
        "update marts.account_contacts set roles = '' where customer_id = 'C3'",
    ),
    "marts.customer_enrichments": (
        "update marts.customer_enrichments set is_newest = true where source_record_id = 'V:3'",
        "update marts.customer_enrichments set interests_weight = 1.5",
        "update marts.customer_enrichments set fit = 'differs'",
    ),
    "marts.customer_next_products": (
        "insert into marts.fct_order_lines by name select 'C1' as customer_id, 'P3' as product_id,"
        " false as is_cancelled, false as is_return, timestamp '2026-11-02' as ordered_at",
        "update marts.customer_next_products set product_id = 'P3'",
    ),
    "marts.customer_service": (
        "update marts.customer_service set is_mailing_paused = false",
        "update marts.customer_360 set is_contactable_sms = true",
    ),
    "marts.customer_social": ("update marts.customer_social set negative_count = 0",),
    "marts.fct_mentions": (
        "update marts.fct_mentions set sentiment = 'neutral'",
        "update marts.fct_mentions set sentiment_score = 5 where mention_id = 'M3'",
    ),
    "marts.rpt_changes": (
        "update marts.rpt_changes set latest_revenue_usd = 20, change_usd = 12,"
        " change_by_order_value_usd = 11 where breakdown = 'country'",
        "update marts.rpt_changes set change_by_order_count_usd = 2",
    ),
    "marts.rpt_cohorts": (
        "update marts.rpt_cohorts set retained_share = 2 where months_since = 1",
        "delete from marts.rpt_cohorts where months_since = 1",
    ),
    "marts.rpt_customer_states": (
        "update marts.rpt_customer_states set customer_count = 2 where month_date < '2026-11-01'",
        "insert into marts.customer_sales values ('C3')",
    ),
    "marts.rpt_look_alikes": (
        "update marts.rpt_look_alikes set found_share = 1.2",
        "update marts.rpt_look_alikes set found_share = 0.01",
    ),
    "marts.rpt_revenue_forecast": (
        "update marts.rpt_revenue_forecast set forecast_usd = null where week_date = '2026-11-23'",
        "update marts.rpt_revenue_forecast set lower_80_usd = upper_80_usd,"
        " upper_80_usd = lower_80_usd",
        "update marts.rpt_revenue_forecast set revenue_usd = 11 where member = 'all'",
        "update marts.rpt_revenue_forecast set forecast_usd = 1000 * forecast_usd,"
        " upper_80_usd = null, upper_95_usd = null",
        "update marts.rpt_revenue_forecast set week_date = week_date - 91",
    ),
    "marts.rpt_searches": (
        "update marts.rpt_searches set session_count = 4 where search_term = 'tea'",
        "update marts.rpt_searches set bought_session_count = 7",
        "delete from marts.rpt_searches where search_term <> 'tea'",
    ),
    "marts.rpt_segments": (
        "update marts.segment_memberships set is_member = true",
        "update marts.rpt_segments set status = 'refused'",
    ),
    "marts.rpt_social_topics": (
        "insert into marts.rpt_social_topics from marts.rpt_social_topics",
        "update marts.rpt_social_topics set positive_share = 1",
    ),
    "marts.rpt_vendors": (
        "delete from marts.customer_enrichments where source_record_id = 'V:3'",
        "update marts.rpt_vendors set useful_count = 151",
    ),
    "marts.segment_look_alikes": (
        "update marts.segment_memberships set is_member = true",
        "delete from marts.customer_360 where customer_id = 'C2'",
        "update marts.segment_look_alikes set place = place + 1",
        "update marts.segment_look_alikes set likeness = 0 where place = 2",
    ),
}


@pytest.fixture(scope="module")
def sound_day(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("marts")
    warehouse = Warehouse(folder / "warehouse.duckdb", folder / "tmp", memory_limit="1GB")
    with warehouse.connect() as connection:
        begin_run(connection, RUN, AS_OF)
        for label, query in {**BESIDE, **GATED}.items():
            connection.execute(f"create table {label} as {query}")
        yield connection


@pytest.fixture
def day(sound_day: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sound day, as often as it is broken."""
    sound_day.begin()
    yield sound_day
    sound_day.rollback()


def failing(connection: duckdb.DuckDBPyConnection, label: str) -> list[int]:
    suite = SUITES[label]
    batch = open_batch(connection, suite, RUN)
    judged = validate(suite, connection=connection, batch=batch, as_of=AS_OF)
    return [position for position, each in enumerate(judged) if not each.result.success]


@pytest.mark.parametrize("label", GATED)
def test_a_sound_day_passes(label, day):
    assert failing(day, label) == []


@pytest.mark.parametrize(
    ("label", "position"),
    [(label, position) for label, faults in FAULTS.items() for position in range(len(faults))],
)
def test_each_expectation_fails_for_its_own_reason(label, position, day):
    day.execute(FAULTS[label][position])
    assert failing(day, label) == [position]


def test_no_expectation_is_left_untried():
    assert set(FAULTS) == set(GATED)
    assert {label: len(faults) for label, faults in FAULTS.items()} == {
        label: len(SUITES[label].expectations) for label in FAULTS
    }
