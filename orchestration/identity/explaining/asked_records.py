"""Find the two records that a question about records or customers is about."""

import duckdb

from orchestration.identity.errors import UnknownRecordError

# Apart from one another, for each reads as little as it can of millions of rows.
_RECORD = "select source_record_id from identity.identity_map where source_record_id = ?"
_OF_CUSTOMER = """
    select source_record_id
    from identity.identity_map
    where customer_id = ?
    order by source_record_id asc
"""
_TODAY = "select current_customer_id from identity.customer_aliases where customer_id = ?"
_LIKELIEST = """
    select left_record_id, right_record_id
    from identity.scored_edges
    where (left_record_id in (select unnest(?)) and right_record_id in (select unnest(?)))
        or (left_record_id in (select unnest(?)) and right_record_id in (select unnest(?)))
    order by probability desc, left_record_id asc, right_record_id asc
    limit 1
"""


def asked_records(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> tuple[str, str]:
    """Return the records that two names stand for; of customers the likeliest pair.

    Raises:
        UnknownRecordError: a name is neither a record nor a customer.
    """
    mine, theirs = records_of(connection, one), records_of(connection, other)
    if len(mine) == len(theirs) == 1:
        return mine[0], theirs[0]
    row = connection.execute(_LIKELIEST, [mine, theirs, theirs, mine]).fetchone()
    if row is not None:
        return str(row[0]), str(row[1])
    return mine[0], next((record for record in theirs if record != mine[0]), theirs[0])


def records_of(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """Return the records of a record id, or of a customer id of today or of before.

    Raises:
        UnknownRecordError: it is neither.
    """
    found = connection.execute(_RECORD, [name]).fetchall()
    if not found:
        today = connection.execute(_TODAY, [name]).fetchone()
        found = connection.execute(_OF_CUSTOMER, [today[0] if today else name]).fetchall()
    if not found:
        raise UnknownRecordError(
            f"{name} is neither a person record (they are named source:key, such as crm:1042) "
            "nor a customer of this warehouse"
        )
    return [record for (record,) in found]
