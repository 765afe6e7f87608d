"""Write which accounts are one business, and which person records belong to it.

Reads the conformed layer; writes `identity.accounts` and `identity.account_people`.
"""

from collections import Counter
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from orchestration.identity.accounts.resolution import (
    businesses,
    is_anybodys_domain,
    resolve_accounts,
)
from orchestration.identity.identity_tables import one_transaction, read_table, replace_table
from orchestration.identity.warehouse_records import SOURCE_TABLE

ACCOUNTS_TABLE = "conformed.int_accounts__unioned"
READ_OF_ACCOUNTS = (
    "account_id",
    "account_name",
    "country_code",
    "tax_number",
    "website_domain",
    "phone",
    "city",
    "street",
    "parent_account_id",
)
ACCOUNTS = pa.schema(
    [
        ("account_id", pa.string()),
        ("resolved_account_id", pa.string()),
        ("evidence", pa.string()),
    ]
)
ACCOUNT_PEOPLE = pa.schema(
    [
        ("source_record_id", pa.string()),
        ("account_id", pa.string()),
        ("evidence", pa.string()),
    ]
)
DECLARED, EMAIL_DOMAIN = "declared", "e-mail domain"
MOST_UNDECLARED = 50  # mailboxes of one domain that need no declared contact among them
_PEOPLE = f"""
    with people as (
        select
            source_record_id,
            account_id,
            split_part(email, '@', 2) as domain
        from {SOURCE_TABLE}
        where not coalesce(is_test_record, false)
    ),
    domains as (
        select accounts.website_domain as domain, min(resolved.resolved_account_id) as account_id
        from received_accounts as accounts
        inner join resolved_accounts as resolved using (account_id)
        where accounts.website_domain is not null
        group by accounts.website_domain
        -- a domain of two businesses is a landlord's, a directory's or a slip
        having count(distinct resolved.resolved_account_id) = 1
    ),
    mailboxes as (
        select domain, count(*) as people, count(account_id) as declared
        from people
        where domain <> ''
        group by domain
    ),
    own_domains as (
        select domains.domain, domains.account_id
        from domains
        inner join mailboxes using (domain)
        -- that many mailboxes, and hardly one of a declared contact: a provider nobody has listed
        where mailboxes.people <= {MOST_UNDECLARED} or mailboxes.declared * 5 >= mailboxes.people
    )
    select
        people.source_record_id,
        coalesce(resolved.resolved_account_id, people.account_id, own_domains.account_id)
            as account_id,
        case when people.account_id is null then '{EMAIL_DOMAIN}' else '{DECLARED}' end as evidence
    from people
    left join resolved_accounts as resolved
        on people.account_id = resolved.account_id
    left join own_domains
        on people.domain = own_domains.domain and not list_contains(?, people.domain)
    where people.account_id is not null or own_domains.account_id is not null
    order by people.source_record_id
"""


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """What was found about businesses."""

    accounts: int
    businesses: int
    kept_apart: int  # times that evidence would have joined two tax numbers, or parent and child
    merged: dict[str, int]  # evidence -> accounts
    people: dict[str, int]  # evidence -> person records


def build_accounts(connection: duckdb.DuckDBPyConnection) -> AccountSummary:
    """Resolve the business accounts and link person records to them, all or nothing.

    A person belongs to the account that a source declares, else to the only business that has the
    domain of the person's e-mail address, unless anybody may have a mailbox there.
    """
    received = _received(connection)
    accounts = received.to_pylist()
    before = read_table(connection, "accounts", ACCOUNTS).to_pandas()
    previous = dict(zip(before["account_id"], before["resolved_account_id"], strict=True))
    found, kept_apart = resolve_accounts(businesses(accounts), previous)
    rows = pa.table(
        [
            pa.array([one.account_id for one in found], pa.string()),
            pa.array([one.resolved_account_id for one in found], pa.string()),
            pa.array([one.evidence or None for one in found], pa.string()),
        ],
        schema=ACCOUNTS,
    )
    domains = {row["website_domain"] or "" for row in accounts}
    anybodys = sorted(domain for domain in domains if is_anybodys_domain(domain))
    connection.register("received_accounts", received)
    connection.register("resolved_accounts", rows)
    people = connection.execute(_PEOPLE, [anybodys]).to_arrow_table().cast(ACCOUNT_PEOPLE)
    connection.unregister("received_accounts")
    connection.unregister("resolved_accounts")
    with one_transaction(connection):
        replace_table(connection, "accounts", rows)
        replace_table(connection, "account_people", people)
    return AccountSummary(
        accounts=len(found),
        businesses=len({one.resolved_account_id for one in found}),
        kept_apart=kept_apart,
        merged=dict(Counter(one.evidence for one in found if one.evidence)),
        people=dict(Counter(people["evidence"].to_pylist())),
    )


def _received(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the business accounts; a company that sells to people alone has no such table."""
    there = connection.execute(
        "select count(*) from information_schema.tables"
        " where table_schema || '.' || table_name = ?",
        [ACCOUNTS_TABLE],
    ).fetchone()
    if there == (0,):
        return pa.schema([(name, pa.string()) for name in READ_OF_ACCOUNTS]).empty_table()
    columns = ", ".join(f"cast({name} as varchar) as {name}" for name in READ_OF_ACCOUNTS)
    return connection.sql(f"select {columns} from {ACCOUNTS_TABLE}").to_arrow_table()
