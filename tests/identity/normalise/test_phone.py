"""Telephone numbers come to E.164 by the plan of their country."""

import pyarrow as pa
import pytest

from orchestration.identity.normalise.phone import normalise_phone, normalise_phones, phone_digits


@pytest.mark.parametrize(
    ("typed", "country", "expected"),
    [
        ("0712 345 678", "KE", "+254712345678"),
        ("+254 712-345-678", None, "+254712345678"),
        ("00254712345678", "VN", "+254712345678"),
        ("00254712345678", "KE", "+254712345678"),
        ("000 254 712 345 678", "KE", "+254712345678"),
        ("(00254) 712 345 678", "TZ", "+254712345678"),
        ("+00255 754 123 456", "TZ", "+255754123456"),
        ("0912345678", "VN", "+84912345678"),
        ("(90) 123-45-67", "UZ", "+998901234567"),
        ("٠٥٠١٢٣٤٥٦٧", "AE", "+971501234567"),
        ("0712 345 678 ext. 9", "ke", "+254712345678"),
        ("020 7946 0958", "UK", "+442079460958"),
        ("+254712345678", "XX", "+254712345678"),
    ],
)
def test_writings_of_a_number_come_to_one(typed: str, country: str | None, expected: str) -> None:
    assert normalise_phone(typed, country) == expected


@pytest.mark.parametrize("typed", ["", "123", "0000000000", "0999999999", "1234567890", "unknown"])
def test_a_number_that_only_fills_the_field_is_none(typed: str) -> None:
    assert normalise_phone(typed, "KE") is None


def test_a_national_number_without_a_country_cannot_be_placed() -> None:
    assert normalise_phone("0712345678") is None
    assert phone_digits("0712 345-678") == "0712345678"


def test_one_number_in_two_countries_is_two_numbers() -> None:
    typed, countries = pa.array(["0712345678"] * 3), pa.array(["KE", "TZ", None])
    found = normalise_phones(typed, countries).to_pylist()
    assert found == ["+254712345678", "+255712345678", None]
