"""A name in another script is compared with its Latin writing by what their letters say."""

import numpy as np
import pytest

from orchestration.identity.letter_evidence import (
    ALIKE_FROM,
    LONGEST_WORD,
    LetterCodes,
    letter_evidence,
    letter_tables,
)
from orchestration.identity.normalise.names import normalise_name
from orchestration.identity.script_levels import Scripts
from tests.identity.people import as_table, crowd, record, resolved
from tests.identity.test_levels import level


def bits(script: str, native: str, latin: str) -> float:
    """Return the evidence for one pair of names."""
    values = np.array([normalise_name(native), normalise_name(latin)], dtype=object)
    one, other = np.array([0]), np.array([1])
    return float(letter_evidence(LetterCodes.of(values), one, other, letter_tables()[script])[0])


@pytest.mark.parametrize(
    ("script", "native", "latin"),
    [
        ("arabic", "شكسبير", "Shakespeare"),
        ("arabic", "جورج", "George"),
        ("hebrew", "משה", "Moshe"),
        ("hebrew", "יעקב", "Jacob"),
        ("cyrillic", "Джордж", "George"),
        ("cyrillic", "Хусейн", "Hussein"),
    ],
)
def test_a_name_in_another_script_fits_its_latin_writing(
    script: str, native: str, latin: str
) -> None:
    assert bits(script, native, latin) >= ALIKE_FROM


@pytest.mark.parametrize(
    ("script", "native", "latin"),
    [("arabic", "شكسبير", "Washington"), ("hebrew", "משה", "David"), ("cyrillic", "Анна", "Olga")],
)
def test_another_name_does_not_fit(script: str, native: str, latin: str) -> None:
    assert bits(script, native, latin) < ALIKE_FROM


def test_names_longer_than_is_compared_and_names_without_letters_are_scored_all_the_same() -> None:
    values = np.array(["a" * (LONGEST_WORD + 9), "", "ana"], dtype=object)
    one, other = np.array([0, 1, 1, 2]), np.array([0, 1, 2, 0])
    found = letter_evidence(LetterCodes.of(values), one, other, letter_tables()["arabic"])
    assert np.isfinite(found).all()
    assert found[1] == 0.0


def test_the_order_and_company_of_pairs_do_not_change_their_evidence() -> None:
    values = np.array(["mhmd", "mohammed", "jorj", "george", "s", "shakespeare"], dtype=object)
    random = np.random.default_rng(3)
    one, other = random.integers(0, 6, 200), random.integers(0, 6, 200)
    codes, tables = LetterCodes.of(values), letter_tables()["arabic"]
    together = letter_evidence(codes, one, other, tables)
    alone = [letter_evidence(codes, one[[n]], other[[n]], tables)[0] for n in range(len(one))]
    assert together.tolist() == alone


def test_scripts_raise_the_level_of_a_pair_and_only_across_scripts() -> None:
    hebrew = {"given_name": normalise_name("יעקב"), "name_script": "hebrew"}
    assert level("given_name", hebrew, {"given_name": "jacob"}) == "close"
    assert level("given_name", hebrew | {"name_script": None}, {"given_name": "jacob"}) not in (
        "alike",
        "close",
    )


def test_names_that_are_all_latin_are_compared_as_ever() -> None:
    scripts = Scripts(np.full(2, -1, dtype=np.int32), ())
    levels = np.array([1], dtype=np.int8)
    codes = (np.array([0], dtype=np.int32), np.array([1], dtype=np.int32))
    scripts.raise_levels(levels, np.array(["jorj", "george"], dtype=object), codes, codes)
    assert levels.tolist() == [1]


def test_a_person_written_in_arabic_meets_the_same_person_in_latin_letters() -> None:
    born = {"birth_year": 1987, "birth_month": 6, "birth_day": 5, "city": "dubai"}
    people = [
        *crowd(),
        record("crm", "X", given_name="george", family_name="shakespeare", **born),
        record(
            "leads",
            "X",
            given_name=normalise_name("جورج"),
            family_name=normalise_name("شكسبير"),
            name_script="arabic",
            **born,
        ),
    ]
    found = resolved(people)
    ids = found.records.ids.to_pylist()
    pair = {ids.index("crm:X"), ids.index("leads:X")}
    at = [
        n
        for n, both in enumerate(zip(found.edges.left, found.edges.right, strict=True))
        if set(both) == pair
    ]
    assert len(at) == 1
    assert found.edges.probability[at[0]] > 0.5
    assert as_table(people).num_rows == found.records.size
