"""Fifths, next products and their hit rates on AdventureWorks, against figures worked out by hand.

    uv run python -m tests.benchmarks.adventureworks_traits

The marts are built by the SQL that dbt has compiled, over the raw sales files; links are the files'
own customer numbers. Printed are the figures and how many of them differ, which should be none.
"""

import csv
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.settings import PROJECT_DIR
from tests.benchmarks.next_products_by_hand import chosen_products, fifths, hit_rates
from tests.marts.conformed_world import Row, write_world
from tests.marts.conftest import build_crowded_world
from tests.marts.past_days import build_again

DATA = PROJECT_DIR.parent / "shared" / "data" / "adventureworks"
SALES = [str(DATA / f"AdventureWorks_Sales_{year}.csv") for year in (2017, 2018, 2019)]
PRODUCTS = str(DATA / "AdventureWorks_Products.csv")
AS_OF = datetime(2019, 7, 1)  # noqa: DTZ001  the day after the last sale, UTC without a zone
WANTED = ("customer_next_products", "int_customer_rfm__scored", "rpt_prediction_quality")

LINES = """
    create temp table lines as
    select
        'store:' || CustomerKey as record, OrderNumber || ':' || CustomerKey as order_id,
        ProductKey as product_id, OrderLineItem as item, cast(OrderQuantity as integer) as quantity,
        strptime(OrderDate, '%m/%d/%Y') as ordered_at,
        cast(ProductPrice as decimal(18, 4)) as price
    from read_csv($sales, all_varchar = true) as sales
    inner join read_csv($products, all_varchar = true) as products using (ProductKey)
"""
CONFORMED = {
    "conformed.int_order_lines__unioned": "select order_id || ':' || item as order_line_id, "
    "order_id, product_id, quantity, price as unit_price, round(quantity * price, 2) as "
    "line_amount, round(quantity * price, 2) as line_amount_usd from lines",
    "conformed.int_orders__unioned": "select order_id, 'store' as source_system, "
    "'web' as order_channel, record as source_record_id, min(ordered_at) as ordered_at, "
    "sum(round(quantity * price, 2)) as order_amount, "
    "sum(round(quantity * price, 2)) as order_amount_usd, false as is_cancelled, "
    "false as is_returned from lines group by order_id, record",
    "identity.identity_map": "select distinct record as source_record_id, "
    "'store' as source_system, record as customer_id from lines",
    "conformed.int_person_records__normalised": "select distinct record as source_record_id, "
    "'store' as source_system, 10 as source_priority from lines",
}


def write_adventureworks(
    connection: duckdb.DuckDBPyConnection, world: Mapping[str, Sequence[Row]]
) -> None:
    """Write the world's clock and the sales files in the shape of the conformed layer."""
    write_world(connection, world)
    connection.execute(LINES, {"sales": SALES, "products": PRODUCTS})
    for table, query in CONFORMED.items():
        connection.execute(f"insert into {table} by name {query}")


def sold() -> list[tuple[str, date, str, str]]:
    """Return customer, day, order and product of every line, read without DuckDB."""
    found = []
    for file in SALES:
        with Path(file).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                month, day, year = map(int, row["OrderDate"].split("/"))
                customer = f"store:{row['CustomerKey']}"
                found.append(
                    (customer, date(year, month, day), row["OrderNumber"], row["ProductKey"])
                )
    return found


def compare(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """Return what the marts say, and how much of it differs from what is worked out by hand."""
    tried_on = AS_OF.date() - timedelta(days=90)
    bought: dict[str, set[str]] = {}
    before: dict[str, set[str]] = {}
    after: dict[str, set[str]] = {}
    last: dict[str, date] = {}
    orders: dict[str, set[str]] = {}
    for customer, day, order, product in sold():
        bought.setdefault(customer, set()).add(product)
        (before if day < tried_on else after).setdefault(customer, set()).add(product)
        last[customer] = max(day, last.get(customer, day))
        orders.setdefault(customer, set()).add(order)
    rates = hit_rates(chosen_products(before), after)
    best = max(rates, key=rates.get)
    told = connection.execute(
        "select customer_id, list(product_id order by place) from marts.customer_next_products "
        f"where chosen_by = '{best}' group by customer_id"
    ).fetchall()
    recency, frequency = fifths(last), fifths({key: len(found) for key, found in orders.items()})
    scored = connection.execute(
        "select customer_id, recency_days, recency_score, frequency_score "
        "from marts.int_customer_rfm__scored"
    ).fetchall()
    by_hand = {
        (customer, (AS_OF.date() - day).days, recency[customer], frequency[customer])
        for customer, day in last.items()
    }
    return {
        "buyers scored": len(scored),
        "scores that differ": len(by_hand ^ set(scored)),
        "hit rates by hand": {way: round(rate, 4) for way, rate in rates.items()},
        "hit rates of the marts": connection.execute(
            "select customer_group, actual_value from marts.rpt_prediction_quality "
            "where trait = 'next_product_hit_rate' order by customer_group"
        ).fetchall(),
        "customers offered products": len(told),
        "offers that differ": sum(
            dict(told).get(customer) != offers
            for customer, offers in chosen_products(bought)[best].items()
        ),
    }


def main() -> None:
    """Build and compare."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        build_crowded_world(home, shuffle_seed=None)
        clock = {"quality.runs": [{"run_id": "then", "as_of": AS_OF, "started_order": 1}]}
        with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
            build_again(connection, home, clock, WANTED, write=write_adventureworks)
            for name, value in compare(connection).items():
                sys.stdout.write(f"{name}: {value}\n")


if __name__ == "__main__":
    main()
