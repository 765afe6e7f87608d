"""An address gets limits, and keeps what it says itself."""

from urllib.parse import parse_qs

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


def test_the_form_without_an_address_is_left_alone():
    assert patient("host=server dbname=bi") == "host=server dbname=bi"


@pytest.mark.parametrize(
    "address",
    ["postgresql:///bi", "postgresql://u:p[#]@[::1]/bi", "postgresql://u:℀@h/bi?sslmode=require"],
)
def test_what_stands_before_the_limits_is_not_touched(address):
    assert patient(address).startswith(address.partition("?")[0] + "?")


def test_a_plus_stays_a_plus():
    assert said("postgresql://server/bi?application_name=a+b")["application_name"] == ["a+b"]
