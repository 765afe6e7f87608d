"""Hold the metrics of the marts against the sample company's truth, person by person.

On a warehouse whose identity map was made from the truth (`link_perfectly`) what differs is the
fault of the marts; on one of a daily run it is what errors of identity do to the figures.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.identity.accounts.account_tables import build_accounts
from orchestration.identity.households import build_households

# A metric of the truth, and how the marts tell it.
METRICS = {
    "orders": "customers.order_count",
    "cancelled_orders": "customers.cancelled_order_count",
    "revenue_usd": "customers.revenue_usd",
    "first_purchase_at": "customers.first_order_at",
    "last_purchase_at": "customers.last_order_at",
    "tickets": "customers.ticket_count",
    "open_tickets": "customers.open_ticket_count",
    "web_orders": "coalesce(counted.web_order_count, 0)",
    "returned_orders": "coalesce(counted.returned_web_order_count, 0)",
    "shop_purchases": "coalesce(counted.shop_purchase_count, 0)",
    "shop_returns": "coalesce(counted.shop_return_count, 0)",
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many metrics were held against the truth, how many differ, and who was left out."""

    people: int
    wrong_by_metric: dict[str, int]
    people_left_out: int

    @property
    def metrics_checked(self) -> int:
        """How many figures were held against the truth."""
        return self.people * len(self.wrong_by_metric)

    @property
    def metrics_wrong(self) -> int:
        """How many of them differ."""
        return sum(self.wrong_by_metric.values())


def link_perfectly(connection: duckdb.DuckDBPyConnection, truth: Path) -> None:
    """Make the identity map that the truth knows, in place of one the engine would find."""
    connection.execute("create schema if not exists identity")
    connection.execute(
        """
        create or replace table identity.identity_map as
        select
            records.source_record_id,
            records.source_system,
            coalesce(truth.entity_id, records.source_record_id) as customer_id,
            (select max_by(as_of, started_order) from quality.runs) as assigned_at
        from conformed.int_person_records__normalised as records
        left join read_parquet(?) as truth using (source_record_id)
        """,
        [str(truth / "identities.parquet")],
    )
    connection.execute(
        "create or replace table identity.membership_history as select *, "
        "assigned_at as valid_from, cast(null as timestamp) as valid_to "
        "from identity.identity_map"
    )
    connection.execute(
        "create table if not exists identity.customer_aliases "
        "(customer_id varchar, current_customer_id varchar, since timestamp)"
    )
    connection.execute(
        "create table if not exists identity.id_history (event_id varchar, event varchar,"
        " customer_id varchar, related_customer_id varchar, occurred_at timestamp, run_id varchar)"
    )
    build_households(connection)
    build_accounts(connection)


def compare_with_truth(connection: duckdb.DuckDBPyConnection, truth: Path) -> Agreement:
    """Compare every metric of every person whose records all came through the door.

    A record in quarantine takes its orders along: they are in revenue, but in no customer. A person
    is the customer that holds most of its records, so that one which went astray shows as a wrong
    figure, and whoever was taken for another as that other's figures.
    """
    checks = ", ".join(
        f"coalesce(sum(case when metrics.{name} is not distinct from {told} then 0 else 1 end), 0)"
        for name, told in METRICS.items()
    )
    row = connection.execute(
        f"""
        with absent as (
            select distinct entity_id
            from read_parquet($identities) as truth
            anti join conformed.int_person_records__normalised as records
                using (source_record_id)
        ),
        held as (
            select truth.entity_id, identities.customer_id, count(*) as record_count
            from read_parquet($identities) as truth
            inner join marts.customer_identities as identities using (source_record_id)
            where identities.is_current
            group by truth.entity_id, identities.customer_id
        ),
        people as (
            select entity_id, customer_id
            from held
            qualify row_number() over (
                partition by entity_id order by record_count desc, customer_id asc
            ) = 1
        ),
        counted as (
            select
                customer_id,
                count(case when source_system = 'webshop' then 1 end) as web_order_count,
                count(case when source_system = 'webshop' and order_status = 'returned' then 1 end)
                    as returned_web_order_count,
                count(case when source_system = 'pos' and order_amount > 0 then 1 end)
                    as shop_purchase_count,
                count(case when source_system = 'pos' and order_amount < 0 then 1 end)
                    as shop_return_count
            from marts.fct_orders
            group by customer_id
        )
        select
            count(*), (select count(*) from absent), {checks}
        from read_parquet($metrics) as metrics
        inner join people
            on metrics.entity_id = people.entity_id
        inner join marts.customer_360 as customers
            on people.customer_id = customers.customer_id
        left join counted
            on people.customer_id = counted.customer_id
        where metrics.entity_id not in (select entity_id from absent)
        """,
        {
            "identities": str(truth / "identities.parquet"),
            "metrics": str(truth / "customer_metrics.parquet"),
        },
    ).fetchone()
    people, left_out, *wrong = row or (0, 0)
    return Agreement(int(people), dict(zip(METRICS, map(int, wrong), strict=True)), int(left_out))
