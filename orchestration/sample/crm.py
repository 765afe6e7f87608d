"""The CRM's database in SQLite, updated in place: contacts, accounts, opportunities, quotes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow as pa

from orchestration.sample.accounts import account_keys, accounts_table, contact_keys
from orchestration.sample.business import Business
from orchestration.sample.columns import masked, moments, picked
from orchestration.sample.pipeline import opportunities_table, quotes_table
from orchestration.sample.records import Scribe
from orchestration.sample.spoiling import Sightings

DATABASE = Path("crm") / "crm.sqlite"
_SCHEMA = """
create table if not exists accounts (
    account_id varchar(20) primary key, account_name varchar(200) not null, legal_form varchar(20),
    tax_number varchar(40), industry varchar(40), website varchar(200), phone varchar(40),
    street varchar(200), city varchar(100), country varchar(2), parent_account_id varchar(20),
    created_at timestamp not null, updated_at timestamp not null
);
create table if not exists contacts (
    contact_id varchar(20) primary key, account_id varchar(20), salutation varchar(20),
    first_name varchar(100), last_name varchar(100), gender varchar(1), birth_date date,
    email varchar(200), phone varchar(40), mobile varchar(40), street varchar(200),
    city varchar(100), region varchar(100), postal_code varchar(20), country varchar(2),
    contact_status varchar(20),
    created_at timestamp not null, updated_at timestamp not null, is_deleted boolean not null,
    internal_note varchar(200)
);
create table if not exists opportunities (
    opportunity_id varchar(20) primary key, account_id varchar(20) not null,
    contact_id varchar(20), stage varchar(20) not null, expected_amount numeric(18, 2),
    currency varchar(3) not null, expected_close_on date not null, lost_reason varchar(20),
    created_at timestamp not null, closed_at timestamp, updated_at timestamp not null
);
create table if not exists quotes (
    quote_id varchar(20) primary key, opportunity_id varchar(20) not null,
    revision_no integer not null, quote_status varchar(20) not null,
    quoted_amount numeric(18, 2) not null, currency varchar(3) not null,
    created_at timestamp not null, sent_at timestamp, valid_until date, answered_at timestamp,
    updated_at timestamp not null
);
create index if not exists contacts_updated_at on contacts (updated_at);
create index if not exists accounts_updated_at on accounts (updated_at);
create index if not exists opportunities_updated_at on opportunities (updated_at);
create index if not exists quotes_updated_at on quotes (updated_at);
"""


def contacts_table(business: Business, day: int) -> pa.Table:
    """Return the contacts that are new, changed or deleted on a day."""
    world, register = business.world, business.registers.crm
    states = business.registers.states(register, day, can_delete=True)
    rows = states.delivered
    key = register.key[rows]
    scribe = Scribe(world, Sightings("crm", register.person[rows], key, states.confirmed_at[rows]))
    first, last = scribe.name_columns()
    address = scribe.address()
    status = world.draws.choice("crm.status", (0.7, 0.15, 0.15), key)
    note = world.draws.choice("crm.note", (0.02, 0.02, 0.96), key)
    return pa.table(
        {
            "contact_id": contact_keys(rows),
            "account_id": account_keys(business.accounts.of_contact[rows]),
            "salutation": scribe.salutation(),
            "first_name": first,
            "last_name": last,
            "gender": scribe.sex(),
            "birth_date": scribe.birth_date(),
            "email": scribe.email(),
            "phone": scribe.landline(0.3),
            "mobile": scribe.phone(),
            "street": address["street"],
            "city": address["city"],
            "region": address["region"],
            "postal_code": address["postcode"],
            "country": scribe.country(),
            "contact_status": picked(("active", "inactive", "prospect"), status),
            "created_at": moments(register.created_at[rows]),
            "updated_at": moments(states.updated_at[rows]),
            "is_deleted": pa.array(states.deleted_at[rows] > 0),
            "internal_note": masked(
                picked(("call after Ramadan", "prefers Sundays", ""), note), note == 2
            ),
        }
    )


def deliver(business: Business, inbox: Path, day: int) -> dict[str, int]:
    """Bring the CRM's database up to a day and return how many rows of each table were written."""
    path = inbox / DATABASE
    path.parent.mkdir(parents=True, exist_ok=True)
    tables = {
        "accounts": accounts_table(business.world, business.accounts, day),
        "contacts": contacts_table(business, day),
        "opportunities": opportunities_table(business, day),
        "quotes": quotes_table(business, day),
    }
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_SCHEMA)
        with connection:
            for name, rows in tables.items():
                _replace(connection, name, rows)
    return {f"crm/{name}": int(rows.num_rows) for name, rows in tables.items()}


def _replace(connection: sqlite3.Connection, table: str, rows: pa.Table) -> None:
    """Insert rows, or replace those of the same key."""
    slots = ", ".join("?" for _ in rows.column_names)
    names = ", ".join(rows.column_names)
    statement = f"insert or replace into {table} ({names}) values ({slots})"
    for batch in rows.to_batches(max_chunksize=50_000):
        columns = [_stored(column) for column in batch.columns]
        connection.executemany(statement, zip(*columns, strict=True))


def _stored(column: pa.Array) -> list[object]:
    """Return values as SQLite takes them: dates, timestamps and decimals as text."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = pa.compute.strftime(column.cast(pa.timestamp("s")), "%Y-%m-%d %H:%M:%S")
    elif pa.types.is_date(kind) or pa.types.is_decimal(kind):
        column = column.cast(pa.string())
    elif pa.types.is_boolean(kind):
        column = column.cast(pa.int8())
    values: list[object] = column.to_pylist()
    return values
