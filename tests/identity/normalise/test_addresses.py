"""Writings of one place agree."""

import pytest

from orchestration.identity.normalise.addresses import (
    normalise_address,
    normalise_identifier,
    normalise_postcode,
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12 Baker Street, Apt. 4", "12 baker st apt 4"),
        ("12 baker st flat 4", "12 baker st apt 4"),
        ("221 B Baker St.", "221b baker st"),
        ("12 N Main St", "12 n main st"),
        ("P.O. Box 1234", "box 1234"),
        ("PO BOX 1234", "box 1234"),
        ("Đường Lê Lợi 45", "le loi 45"),
        ("ул. Навои, д. 12", "navoi 12"),
        ("Street", "st"),
        ("no", "no"),
    ],
)
def test_writings_of_a_place_agree(typed: str, expected: str) -> None:
    assert normalise_address(typed) == expected


@pytest.mark.parametrize("nothing", ["", " ", "--"])
def test_nothing_is_no_place(nothing: str) -> None:
    assert normalise_address(nothing) is None


def test_a_postcode_of_zeros_says_nothing() -> None:
    assert normalise_postcode("00000") is None
    assert normalise_postcode("sw1a 1aa") == "SW1A1AA"
    assert normalise_postcode("00100") == "00100"


@pytest.mark.parametrize(
    "typed", ["N/A", "none", "unknown", "NULL", "n.a.", "NA", "Not given", "-"]
)
def test_words_for_nothing_are_no_identifier(typed: str) -> None:
    assert normalise_identifier(typed) is None


def test_an_identifier_has_one_form() -> None:
    assert normalise_identifier("ab 123-4") == "AB1234"
