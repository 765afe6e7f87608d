"""Open the stable name with one client, again and again, until told to stop.

Arguments: the client, the stable path, the file whose appearance means stop. Prints one line of
JSON: how many answers, which runs were seen, how many answers were of two runs, what went wrong.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ASKED = (
    "select (select run_id from about.snapshot) as run,"
    " (select max(bench_run) from marts.customer_360) as customers,"
    " (select max(bench_run) from marts.fct_orders) as orders"
)
Answer = tuple[str, int, int]
PAUSE_SECONDS = 0.3


def duckdb_python(stable: str) -> Answer:
    import duckdb

    with duckdb.connect(stable, read_only=True) as snapshot:
        return snapshot.execute(ASKED).fetchone()


def duckdb_command_line(stable: str) -> Answer:
    program = shutil.which("duckdb", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    done = subprocess.run(
        [str(program), "-readonly", "-json", stable, ASKED],
        capture_output=True,
        text=True,
        check=True,
    )
    (row,) = json.loads(done.stdout)
    return row["run"], row["customers"], row["orders"]


def pandas(stable: str) -> Answer:
    import duckdb

    with duckdb.connect(stable, read_only=True) as snapshot:
        frame = snapshot.sql(ASKED).df()
    return tuple(frame.iloc[0])


def polars(stable: str) -> Answer:
    import duckdb

    with duckdb.connect(stable, read_only=True) as snapshot:
        return snapshot.sql(ASKED).pl().row(0)


def sqlalchemy(stable: str) -> Answer:
    import sqlalchemy

    engine = sqlalchemy.create_engine(
        f"duckdb:///{stable}",
        connect_args={"read_only": True},
        poolclass=sqlalchemy.pool.NullPool,
    )
    with engine.connect() as connection:
        return tuple(connection.execute(sqlalchemy.text(ASKED)).one())


def adbc(stable: str) -> Answer:
    import adbc_driver_duckdb
    from adbc_driver_manager import dbapi

    options = {"path": stable, "access_mode": "READ_ONLY", "entrypoint": "duckdb_adbc_init"}
    driver = adbc_driver_duckdb.driver_path()
    with (
        dbapi.connect(driver=driver, db_kwargs=options) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(ASKED)
        return cursor.fetchone()


def parquet(stable: str) -> Answer:
    """Read the files beside the stable name, by the version that the link leads to just now."""
    import duckdb

    latest = (Path(stable).parent / "current" / "parquet").resolve()
    with duckdb.connect() as connection:
        run, customers, orders = connection.execute(
            f"select (select max(bench_run) from '{latest}/customer_360.parquet'),"
            f" (select max(bench_run) from '{latest}/customer_360.parquet'),"
            f" (select max(bench_run) from '{latest}/fct_orders.parquet')"
        ).fetchone()
    return f"bench-{run}", customers, orders


CLIENTS: dict[str, Callable[[str], Answer]] = {
    "DuckDB, Python": duckdb_python,
    "DuckDB, command line": duckdb_command_line,
    "pandas": pandas,
    "Polars": polars,
    "SQLAlchemy": sqlalchemy,
    "ADBC": adbc,
    "Parquet": parquet,
}


def main(client: str, stable: str, stop: Path) -> None:
    answers, versions, mixed, errors = 0, set(), 0, []
    while not stop.exists():
        try:
            run, customers, orders = CLIENTS[client](stable)
            answers += 1
            versions.add(run)
            mixed += not run == f"bench-{customers}" == f"bench-{orders}"
        except Exception as error:  # noqa: BLE001  every client has errors of its own
            errors.append(f"{type(error).__name__}: {error}")
        time.sleep(PAUSE_SECONDS)
    report = {
        "answers": answers,
        "versions": sorted(versions),
        "mixed": mixed,
        "errors": errors,
    }
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
