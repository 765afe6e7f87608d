"""`c360 bench identity-errors`: what errors of identity do to the figures of each customer."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.bench.daily_run import END_DATE, PASSES, verb
from orchestration.bench.marts import MARTS, dbt
from orchestration.bench.marts_truth import compare_with_truth, link_perfectly
from orchestration.settings import Settings
from orchestration.warehouse import Warehouse

# What a manager reads: once by our links, once by the truth's.
TOTALS = """
    select
        count(*) as customers,
        count(case when order_count > 0 then 1 end) as buyers,
        round(count(case when order_count > 1 then 1 end)
            / nullif(count(case when order_count > 0 then 1 end), 0), 4) as repeat_rate,
        round(sum(revenue_usd) / nullif(count(case when order_count > 0 then 1 end), 0), 2)
            as revenue_per_buyer_usd,
        count(case when rfm_segment = 'champion' then 1 end) as champions,
        (select round(avg(probability_alive), 4) from marts.customer_traits) as probability_alive,
        (select round(avg(lifetime_value_365_days_usd), 2) from marts.customer_traits)
            as lifetime_value_365_days_usd,
        (select round(sum(linear_revenue_usd), 2) from marts.rpt_attribution
            where identity_view = 'as_known_now' and breakdown = 'campaign')
            as attributed_revenue_usd
    from marts.customer_360
    where not is_test_account
"""


def bench_identity_errors(
    home: Path,
    *,
    customers: int,
    environment: Mapping[str, str],
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Return the figures of one company by our links, and by the truth's."""
    progress(f"making a sample of {customers:,} customers")
    sample = ("--customers", str(customers), "--days", "1", "--end-date", END_DATE)
    verb(environment, home, "sample", *sample)
    progress("running the day with our own links")
    verb(environment, home, "run", "--as-of", PASSES["first"])
    warehouse = Warehouse.of(Settings(home=home))
    with warehouse.connect() as connection:
        ours = figures(connection, home / "truth")
        link_perfectly(connection, home / "truth")
    progress("building the marts with the truth's links")
    dbt(environment, home, *MARTS)
    with warehouse.connect(read_only=True) as connection:
        perfect = figures(connection, home / "truth")
    return {"customers": customers, "ours": ours, "perfect": perfect}


def figures(connection: duckdb.DuckDBPyConnection, truth: Path) -> dict[str, Any]:
    """Return, by metric, the part of all people it is wrong for, and the company's totals."""
    agreement = compare_with_truth(connection, truth)
    told = connection.execute(TOTALS)
    names = [column[0] for column in told.description or ()]
    totals = dict(zip(names, told.fetchall()[0], strict=True))
    people = max(agreement.people, 1)
    wrong = {name: count / people for name, count in agreement.wrong_by_metric.items()}
    return {
        "people": agreement.people,
        "wrong_share": {name: round(share, 4) for name, share in wrong.items()},
        # a company too small for a model has no lifetime value
        "totals": {name: None if value is None else float(value) for name, value in totals.items()},
    }
