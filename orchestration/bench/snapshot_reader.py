"""One reader process of `c360 bench bi`: about one query a second, each on a connection of its own.

Arguments: the file to open, the file whose appearance means stop, the seed. Prints one JSON object.
Every answer is checked: three tables carry the number of the run that made them, and a version in
which they differ is two versions in one.
"""

import json
import random
import sys
import time
from pathlib import Path

import duckdb

from orchestration.dashboard.query_files import dashboard_sql

DASHBOARD = (
    ("overview", "headline"),
    ("overview", "last_days"),
    ("overview", "months"),
    ("overview", "states"),
    ("overview", "countries"),
    ("growth", "arrivals"),
    ("growth", "channels"),
    ("growth", "cohorts"),
    ("campaigns", "campaigns"),
    ("service", "waiting"),
)
MARK = "bench_run"
MARKED = ("customer_360", "fct_orders", "customer_timeline")
SAME_RUN = " union all ".join(f"(select {MARK} from marts.{table} limit 1)" for table in MARKED)
SOME_CUSTOMER = "select customer_id from marts.customer_360 limit 1 offset ?"
PAUSE_SECONDS = 1.0


def ask(file: str, dice: random.Random, timings: dict[str, list[float]]) -> bool:
    """Ask one question, note how long it took, and return whether the answer is of one version."""
    begun = time.perf_counter()
    config: dict[str, str | bool | int | float | list[str]] = {"threads": 1}
    with duckdb.connect(file, read_only=True, config=config) as connection:
        if dice.random() < 0.5:
            place = dice.randrange(1000)
            row = connection.execute(SOME_CUSTOMER, [place]).fetchone()
            asked = time.perf_counter()
            known = {"customer_id": row[0] if row else ""}
            connection.execute(dashboard_sql("customer", "profile"), known).fetchall()
            timings["lookup"].append(time.perf_counter() - asked)
        else:
            page, name = DASHBOARD[dice.randrange(len(DASHBOARD))]
            connection.execute(dashboard_sql(page, name)).fetchall()
            timings["dashboard"].append(time.perf_counter() - begun)
        marks = {mark for (mark,) in connection.execute(SAME_RUN).fetchall()}
    return len(marks) == 1


def main(file: str, stop: Path, seed: int) -> None:
    """Ask until told to stop, then print what happened."""
    dice = random.Random(seed)  # noqa: S311  nothing secret is drawn
    timings: dict[str, list[float]] = {"lookup": [], "dashboard": []}
    answers, locked, mixed, failed = 0, 0, 0, 0
    time.sleep(dice.random() * PAUSE_SECONDS)
    while not stop.exists():
        begun = time.perf_counter()
        try:
            mixed += not ask(file, dice, timings)
            answers += 1
        except duckdb.Error as error:
            locked += "lock" in str(error).lower()
            failed += "lock" not in str(error).lower()
        time.sleep(max(0.0, PAUSE_SECONDS - (time.perf_counter() - begun)))
    counts = {"answers": answers, "locked": locked, "mixed": mixed, "failed": failed}
    sys.stdout.write(json.dumps({**counts, **timings}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
