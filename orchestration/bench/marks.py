"""The mark by which an answer tells which run of `c360 bench bi` it is of.

It imports nothing, since each of fifty readers does.
"""

MARK = "bench_run"
# Tables that carry it, and what else a run changes in each of their rows.
MARKED = {
    "customer_360": ", revenue_usd = revenue_usd + 1",
    "fct_orders": ", revenue_usd = revenue_usd + 1",
    "customer_timeline": "",
}


def run_name(number: int) -> str:
    """Return the run id of a number."""
    return f"bench-{number}"
