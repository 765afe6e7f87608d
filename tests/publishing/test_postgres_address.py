"""An address gets limits, and keeps what it says itself."""

from urllib.parse import parse_qs

import psycopg2.extensions
import pytest

from orchestration.publishing.postgres_address import patient


def said(address):
    return parse_qs(patient(address).partition("?")[2])


def test_an_address_without_limits_gets_them():
    found = said("postgresql://ann:secret@server/bi")
    assert found["connect_timeout"] == ["15"]
    assert found["tcp_user_timeout"] == ["60000"]
    assert found["options"] == ["-c lock_timeout=60s -c statement_timeout=30min"]


def test_limits_of_its_own_stay():
    found = said("postgresql:///bi?host=/run/pg&connect_timeout=2&options=-c%20lock_timeout%3D1s")
    assert found["host"] == ["/run/pg"]
    assert found["connect_timeout"] == ["2"]
    assert found["options"] == ["-c lock_timeout=1s -c statement_timeout=30min"]


def understood(address):
    """Return the words of an address of the other form as libpq itself reads them."""
    return psycopg2.extensions.parse_dsn(patient(address))


def test_the_other_form_gets_limits_too():
    assert understood("host=server dbname=bi") == {
        "host": "server",
        "dbname": "bi",
        "connect_timeout": "15",
        "tcp_user_timeout": "60000",
        "options": "-c lock_timeout=60s -c statement_timeout=30min",
    }


def test_limits_of_its_own_stay_in_the_other_form():
    found = understood(r"host = server connect_timeout=2 options=-c\ lock_timeout=1s")
    assert found["connect_timeout"] == "2"
    assert found["options"] == "-c lock_timeout=1s -c statement_timeout=30min"


@pytest.mark.parametrize(
    "address",
    [
        r"dbname=bi password='a b\'c\\d options=x'",
        "dbname=bi password=it's",
        "dbname=bi password=a://b?c=d",
        "host=away host=server password=",
        "",
    ],
)
def test_what_the_other_form_says_stays(address):
    assert psycopg2.extensions.parse_dsn(address).items() <= understood(address).items()


@pytest.mark.parametrize("address", ["bi", "host=server bi", "password='open"])
def test_what_libpq_refuses_is_left_to_it(address):
    assert patient(address) == address


@pytest.mark.parametrize(
    "address",
    ["postgresql:///bi", "postgresql://u:p[#]@[::1]/bi", "postgresql://u:℀@h/bi?sslmode=require"],
)
def test_what_stands_before_the_limits_is_not_touched(address):
    assert patient(address).startswith(address.partition("?")[0] + "?")


def test_a_plus_stays_a_plus():
    assert said("postgresql://server/bi?application_name=a+b")["application_name"] == ["a+b"]
