"""Find the records that a name in a question stands for."""

from collections.abc import Container, Iterable

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
        raise unknown_name(name)
    return [record for (record,) in found]


def refuse_gone(asked: Iterable[str], there: Container[str]) -> None:
    """Make sure that records of customers are still there.

    Raises:
        UnknownRecordError: one of them is gone since ids were given out.
    """
    if gone := sorted(record for record in asked if record not in there):
        raise UnknownRecordError(f"gone since the last run: {', '.join(gone)}")


def unknown_name(name: str) -> UnknownRecordError:
    """Return what to raise where a name is neither a record nor a customer."""
    return UnknownRecordError(
        f"{name} is neither a person record (they are named source:key, such as crm:1042) "
        "nor a customer of this warehouse"
    )
