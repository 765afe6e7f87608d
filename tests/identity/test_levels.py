"""Graded levels say how close two values are, whichever stands first."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.identity.comparison import Comparer, pack, unpack
from orchestration.identity.encoding import encode
from orchestration.identity.fields import FIELDS
from orchestration.identity.settings import engine_settings
from orchestration.identity.sounds import bones, each_line, folded, skeleton
from tests.identity.people import Record, as_table, record

TEXTS = ("given_name", "middle_name", "family_name", "email", "phone", "street", "city", "postcode")
BORN = {"birth_year": 1900, "birth_month": 5, "birth_day": 5}


def level(field: str, one: Record, other: Record) -> str:
    """Return the level of a field between two records, in words; the order must not matter."""
    filler = [record("x", letter, **dict.fromkeys(TEXTS, letter), **BORN) for letter in "qw"]
    rows = [record("a", "1", **one), record("a", "2", **other), *filler]
    comparer = Comparer.of(encode(as_table(rows), engine_settings().placeholders))
    fields = [candidate for candidate in FIELDS if candidate.name == field]
    left, right = np.array([0, 1], dtype=np.int32), np.array([1, 0], dtype=np.int32)
    found = comparer.levels(left, right, fields)[0]
    assert found[0] == found[1]
    return fields[0].levels[found[0]]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("amina", "amina", "equal"),
        ("amina", None, "missing"),
        ("amina", "amona", "close"),
        ("amina", "a", "initial"),
        ("amina", "peter", "different"),
        ("maria jose", "jose maria", "close"),
        ("van lam", "lam", "close"),
        ("khasanov", "xasanov", "close"),
        ("hussein", "hsin", "alike"),
        ("ana", "ava", "faintly alike"),
    ],
)
def test_names(one: str | None, other: str | None, expected: str) -> None:
    assert level("given_name", {"given_name": one}, {"given_name": other}) == expected


@pytest.mark.parametrize(
    ("whole", "short"),
    [("robert", "bob"), ("margaret", "peggy"), ("dmitry", "dima"), ("yekaterina", "katia")],
)
def test_a_short_form_of_a_given_name_is_a_level_of_its_own(whole: str, short: str) -> None:
    assert level("given_name", {"given_name": whole}, {"given_name": short}) == "short form"
    assert level("family_name", {"family_name": whole}, {"family_name": short}) != "short form"


def test_two_short_forms_of_one_name_are_not_taken_for_each_other() -> None:
    assert level("given_name", {"given_name": "bob"}, {"given_name": "dobbin"}) != "short form"


def test_a_short_form_that_looks_like_the_name_counts_as_alike() -> None:
    assert level("given_name", {"given_name": "daniel"}, {"given_name": "dan"}) == "alike"


@pytest.mark.parametrize(
    ("field", "other_field"), [("given_name", "family_name"), ("given_name", "middle_name")]
)
def test_parts_of_a_name_in_the_other_order_are_swapped(field: str, other_field: str) -> None:
    one = {field: "thomas", other_field: "gabriel"}
    other = {field: "gabriel", other_field: "thomaz"}
    assert level("given_name", one, other) == "swapped"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((1985, 3, 17), (1985, 3, 17), "equal"),
        ((1985, 3, 17), (1985, 3, 18), "one slip"),
        ((1985, 3, 7), (1985, 7, 3), "one slip"),
        ((1985, 3, 17), (1985, 3, 26), "two parts equal"),
        ((1985, 3, 17), (1985, 0, 0), "equal as far as known"),
        ((1985, 3, 17), (1985, 9, 26), "same year or decade"),
        ((1985, 3, 17), (1975, 9, 26), "same year or decade"),
        ((1985, 3, 17), (1986, 9, 26), "year within one"),
        ((1985, 3, 17), (1962, 9, 26), "different"),
        ((1985, 3, 17), (0, 0, 0), "missing"),
    ],
)
def test_birth_dates(one: tuple[int, int, int], other: tuple[int, int, int], expected: str) -> None:
    def born(parts: tuple[int, int, int]) -> Record:
        return dict(zip(("birth_year", "birth_month", "birth_day"), parts, strict=True))

    assert level("birth_date", born(one), born(other)) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ann@a.org", "ann@a.org", "equal"),
        ("ann.lee@a.org", "ann.lee@b.com", "same mailbox or close"),
        ("ann.lee@a.org", "ann.le@a.org", "same mailbox or close"),
        ("ann.lee@a.org", "bob.kim@b.com", "different"),
    ],
)
def test_emails(one: str, other: str, expected: str) -> None:
    assert level("email", {"email": one}, {"email": other}) == expected


def test_a_second_phone_may_be_the_others_first() -> None:
    one = {"phone": "+254711111118", "secondary_phone": "+254722222227"}
    assert level("phone", one, {"phone": "+254722222227"}) == "equal"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("1 palm rd", "thika", "00100"), ("1 palm rd", "thika", "00100"), "equal"),
        (("1 palm rd", "thika", None), ("1 palm rd", None, None), "equal"),
        (("1 palm rd", "thika", None), ("1 plam rd", "thika", None), "street alike"),
        (("1 palm rd", "thika", "00100"), ("9 kenya st", "thika", "00100"), "same postcode"),
        (("1 palm rd", "thika", None), ("9 kenya st", "thika", None), "same city"),
        (("1 palm rd", "thika", None), ("9 kenya st", "thikaa", None), "area alike"),
        (("1 palm rd", "thika", None), ("1 palm rd", "mombasa", None), "same street elsewhere"),
        (("1 palm rd", "thika", None), ("9 kenya st", "mombasa", None), "elsewhere"),
        (("1 palm rd", None, None), (None, "thika", None), "missing"),
    ],
)
def test_addresses(
    one: tuple[str | None, ...], other: tuple[str | None, ...], expected: str
) -> None:
    names = ("street", "city", "postcode")
    left, right = (dict(zip(names, parts, strict=True)) for parts in (one, other))
    assert level("address", left, right) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mohammed", "muhammad"),
        ("mohammed", "mhmd"),
        ("omar", "umar"),
        ("khasanov", "xasanov"),
        ("zhasur", "jasur"),
        ("philip", "filip"),
    ],
)
def test_writings_of_a_name_sound_alike(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize("rewrite", [skeleton, folded, bones])
@given(names=st.lists(st.text("aeiouhywcktszdjxqpfbmnr -\n", min_size=1), max_size=6))
def test_names_rewritten_at_once_are_those_rewritten_one_by_one(
    rewrite: Callable[[str], str], names: list[str]
) -> None:
    assert each_line(rewrite, names) == [rewrite(name) for name in names]


def test_folding_keeps_vowels() -> None:
    assert folded("khasan") == folded("xasan") == "hasan"
    assert folded("hasan") != folded("husein")


def test_packed_levels_come_back() -> None:
    levels = np.array([[0, 3, 7], [2, 0, 1], [4, 4, 0]], dtype=np.int8)
    np.testing.assert_array_equal(unpack(pack(levels, (8, 3, 5)), (8, 3, 5)), levels)
