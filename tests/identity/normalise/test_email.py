"""One mailbox has one form, by the rules of its provider."""

import pytest

from orchestration.identity.normalise.email import comparable_email, normalise_email


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("John.Doe+shop@GoogleMail.com", "johndoe@gmail.com"),
        ("j.doe@gmial.com", "jdoe@gmail.com"),
        (" Ann <Ann@Corp.org> ", "ann@corp.org"),
        ("mailto:ann@corp.org", "ann@corp.org"),
        ("ann+x@outlook.com", "ann@outlook.com"),
        ("ann+x@corp.org", "ann+x@corp.org"),
        ("a.b@ya.ru", "a-b@yandex.ru"),
        ("ann@protonmail.com", "ann@proton.me"),
    ],
)
def test_writings_of_a_mailbox_come_to_one_address(typed: str, expected: str) -> None:
    assert normalise_email(typed) == expected


@pytest.mark.parametrize(
    "typed",
    ["", "foo", "a b@c.de", "a@b", "none@corp.org", "noreply@corp.org", "x" * 600 + "@a.de"],
)
def test_what_reaches_nobody_is_no_address(typed: str) -> None:
    assert normalise_email(typed) is None


def test_a_damaged_address_still_can_be_compared() -> None:
    assert normalise_email("oa14@lee.") is None
    assert comparable_email("oa14@lee.") == "oa14@lee."
    assert comparable_email("none@") is None


@pytest.mark.parametrize(
    "typed", ["no.email@shop.com", "user@example.com", "none@none.com", "no.email@shop", "n/a"]
)
def test_a_placeholder_is_not_compared_either(typed: str) -> None:
    assert comparable_email(typed) is None
