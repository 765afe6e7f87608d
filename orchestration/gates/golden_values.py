"""Remember the golden record of the last accepted run, to see how much of it flips in the next.

Only hashes are kept, and only those of the last run: enough to say that a value is another one.
"""

import duckdb

from orchestration.gates.relations import columns_of

FIELDS = ("full_name", "birth_date", "email", "phone", "city", "country_code")

GOLDEN_VALUES = f"""
    create table if not exists quality.golden_values (
        customer_id varchar, {", ".join(f"{name} ubigint" for name in FIELDS)}
    )
"""


def create_golden_values(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the table, empty before the first accepted run."""
    connection.execute(GOLDEN_VALUES)


def remember_golden_values(connection: duckdb.DuckDBPyConnection) -> None:
    """Replace what is remembered by the customers of this run, where they have been built."""
    known = columns_of(connection, "marts", "customer_360")
    if not {"customer_id", *FIELDS} <= set(known):
        return
    hashes = ", ".join(f"hash({name}) as {name}" for name in FIELDS)
    connection.execute(
        f"create or replace table quality.golden_values as select customer_id, {hashes} "
        "from marts.customer_360 order by customer_id"
    )
