"""Two accounts are one business by what only one business has, and never against a tax number."""

import duckdb
import pyarrow as pa
import pytest

from orchestration.identity.accounts.account_tables import READ_OF_ACCOUNTS, build_accounts
from orchestration.identity.accounts.resolution import (
    ADDRESS,
    TAX_NUMBER,
    TELEPHONE,
    WEB_DOMAIN,
    businesses,
    resolve_accounts,
)

Row = dict[str, str]


def account(key: str, name: str = "Kili Foods Ltd", **values: str) -> Row:
    return {"account_id": key, "account_name": name, "country_code": "KE", **values}


def resolved(*rows: Row, previous: dict[str, str] | None = None) -> dict[str, tuple[str, str]]:
    """Return for each account the one that stands for it, and the evidence."""
    known = [{name: row.get(name) for name in READ_OF_ACCOUNTS} for row in rows]
    found, _ = resolve_accounts(businesses(known), previous or {})
    return {one.account_id: (one.resolved_account_id, one.evidence) for one in found}


@pytest.mark.parametrize(
    ("one", "other", "evidence"),
    [
        ({"tax_number": "1"}, {"tax_number": "1", "account_name": "Simba Grill"}, TAX_NUMBER),
        ({"website_domain": "kili.example"}, {"website_domain": "kili.example"}, WEB_DOMAIN),
        ({"phone": "+2547"}, {"phone": "+2547"}, TELEPHONE),
        (
            {"phone": "+2547", "account_name": "Simba Grill"},
            {"phone": "+2547", "account_name": "Kili Foods t/a Simba Grill"},
            TELEPHONE,
        ),
        ({"city": "thika", "street": "1 a rd"}, {"city": "thika", "street": "1 a rd"}, ADDRESS),
        ({"phone": "+2547"}, {"phone": "+2547", "account_name": "Kilii Foods"}, TELEPHONE),
        ({"phone": "+2547"}, {"phone": "+2547", "account_name": "Kili Fine Foods"}, TELEPHONE),
    ],
)
def test_what_one_business_shares_brings_its_accounts_together(
    one: Row, other: Row, evidence: str
) -> None:
    found = resolved(account("A1") | one, account("A2") | other)
    assert found == {"A1": ("A1", evidence), "A2": ("A1", evidence)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"city": "thika"}, {"city": "thika"}),
        ({"phone": "+2547"}, {"phone": "+2547", "account_name": "Hill Motors"}),
        ({"phone": "+2547", "tax_number": "1"}, {"phone": "+2547", "tax_number": "2"}),
        ({"tax_number": "1"}, {"tax_number": "1", "country_code": "TZ"}),
        ({"website_domain": "gmail.com"}, {"website_domain": "gmail.com"}),
        ({"website_domain": "yahoo.co.uk"}, {"website_domain": "yahoo.co.uk"}),
        ({"website_domain": "facebook.com"}, {"website_domain": "facebook.com"}),
        ({"website_domain": "kili.wixsite.com"}, {"website_domain": "kili.wixsite.com"}),
        ({"phone": "+2547"}, {"phone": "+2547", "parent_account_id": "A1"}),
    ],
    ids=[
        "a name alone",
        "name and town",
        "another name",
        "two tax numbers",
        "two countries",
        "mail provider",
        "listed mail provider",
        "pages of one web host",
        "shops of one web host",
        "a parent and its child",
    ],
)
def test_two_businesses_stay_two(one: Row, other: Row) -> None:
    found = resolved(account("A1") | one, account("A2") | other)
    assert found == {"A1": ("A1", ""), "A2": ("A2", "")}


def test_a_third_account_does_not_bring_two_tax_numbers_together() -> None:
    found = resolved(
        account("A1", phone="+2547", tax_number="1"),
        account("A2", phone="+2547", website_domain="kili.example"),
        account("A3", website_domain="kili.example", tax_number="3"),
    )
    assert found["A1"][0] != found["A3"][0]
    assert found["A2"][0] == found["A3"][0]  # the web domain says more than the telephone


def test_a_tax_number_on_many_names_is_no_evidence() -> None:
    rows = [account(f"A{number}", f"Shop of {number}", tax_number="0") for number in range(9)]
    assert all(key == standing for key, (standing, _) in resolved(*rows).items())


@pytest.mark.parametrize("column", ["website_domain", "phone"])
def test_what_many_unlike_names_share_is_no_evidence_for_two_that_are_alike(column: str) -> None:
    unlike = ["Oak", "Hill Motors", "Uhuru Press", "Chai House", "Zuri Salon", "Mlima Tours"]
    rows = [account(f"B{number}", name, **{column: "1"}) for number, name in enumerate(unlike)]
    found = resolved(account("A1", **{column: "1"}), account("A2", **{column: "1"}), *rows)
    assert found["A2"] == ("A2", "")


def test_a_chain_of_hundreds_is_one_business() -> None:
    rows = [account(f"A{number:03}", f"Kili Foods {number}", phone="1") for number in range(250)]
    assert {standing for standing, _ in resolved(*rows).values()} == {"A000"}


def test_evidence_that_is_overruled_is_counted() -> None:
    rows = (
        account("A1", phone="+2547", tax_number="1"),
        account("A2", phone="+2547", website_domain="kili.example"),
        account("A3", website_domain="kili.example", tax_number="3"),
    )
    known = [{name: row.get(name) for name in READ_OF_ACCOUNTS} for row in rows]
    assert resolve_accounts(businesses(known), {})[1] == 1


def test_the_account_that_stood_for_a_business_goes_on_to() -> None:
    rows = account("A2", tax_number="1"), account("A3", tax_number="1")
    assert resolved(*rows)["A3"][0] == "A2"
    more = (account("A1", tax_number="1"), *rows)
    assert {standing for standing, _ in resolved(*more, previous={"A2": "A2"}).values()} == {"A2"}


def test_no_accounts_are_no_businesses() -> None:
    assert resolved() == {}


def test_people_belong_to_the_declared_account_or_that_of_their_mail_domain() -> None:
    connection = duckdb.connect()
    connection.execute("create schema conformed")
    rows = [
        account("A1", tax_number="1", website_domain="kili.example"),
        account("A2", tax_number="1"),
        account("A3", "Hill Motors", website_domain="gmail.com"),
        account("A4", "Oak", website_domain="mall.example"),
        account("A5", "Elm", website_domain="mall.example"),
    ]
    known = {
        name: pa.array([row.get(name) for row in rows], pa.string()) for name in READ_OF_ACCOUNTS
    }
    connection.register("accounts", pa.table(known))
    connection.execute("create table conformed.int_accounts__unioned as select * from accounts")
    connection.execute(
        "create table conformed.int_person_records__normalised as select * from (values"
        " ('crm:1', 'A2', 'a@kili.example', false), ('web:2', null, 'b@kili.example', false),"
        " ('web:3', null, 'c@gmail.com', false), ('web:4', null, 'd@kili.example', true),"
        " ('web:5', null, 'e@mall.example', false), ('web:6', 'A9', null, false))"
        " as records(source_record_id, account_id, email, is_test_record)"
    )
    found = build_accounts(connection)
    assert (found.accounts, found.businesses) == (5, 4)
    assert connection.sql("select * from identity.account_people").fetchall() == [
        ("crm:1", "A1", "declared"),
        ("web:2", "A1", "e-mail domain"),
        ("web:6", "A9", "declared"),
    ]


def test_a_domain_of_many_mailboxes_and_no_contact_is_a_provider_nobody_has_listed() -> None:
    connection = duckdb.connect()
    connection.execute("create schema conformed")
    rows = [
        account("A1", website_domain="post.example"),
        account("A2", website_domain="kili.example"),
    ]
    known = {
        name: pa.array([row.get(name) for row in rows], pa.string()) for name in READ_OF_ACCOUNTS
    }
    connection.register("accounts", pa.table(known))
    connection.execute("create table conformed.int_accounts__unioned as select * from accounts")
    connection.execute(
        "create table conformed.int_person_records__normalised as"
        " select 'web:' || place as source_record_id, case when place % 4 = 0 and place < 100"
        " then 'A2' end as account_id, place || case when place < 100 then '@kili.example'"
        " else '@post.example' end as email, false as is_test_record from range(200) as r(place)"
    )
    assert build_accounts(connection).people == {"declared": 25, "e-mail domain": 75}
    assert connection.sql("select distinct account_id from identity.account_people").fetchall() == [
        ("A2",)
    ]


def test_a_chain_does_not_join_two_tax_numbers() -> None:
    found = resolved(
        account("A1", "Golden Star", tax_number="1", website_domain="star.example"),
        account("A2", "Golden Star Hotel", website_domain="star.example", phone="+2547"),
        account("A3", "Star Hotel", tax_number="2", phone="+2547"),
    )
    assert found["A1"][0] != found["A3"][0]


def test_a_company_without_business_accounts_has_people_and_no_businesses() -> None:
    connection = duckdb.connect()
    connection.execute("create schema conformed")
    connection.execute("create schema identity")
    connection.execute(
        "create table conformed.int_person_records__normalised as select 'web:1' as"
        " source_record_id, null::varchar as account_id, 'b@kili.example' as email,"
        " false as is_test_record"
    )
    assert build_accounts(connection).accounts == 0
    assert connection.sql("from identity.accounts").fetchall() == []
    assert connection.sql("from identity.account_people").fetchall() == []
