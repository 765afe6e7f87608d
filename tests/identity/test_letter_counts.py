"""What letters rule out is never near or alike: held against the comparison itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from orchestration.identity.letter_counts import LetterCounts

TEXTS = st.lists(
    st.one_of(
        st.text("ab1.é", max_size=9), st.text("0123456789+", max_size=9), st.text(max_size=6)
    ),
    min_size=2,
    max_size=12,
)


@given(texts=TEXTS)
def test_nothing_near_or_alike_is_ruled_out(texts: list[str]) -> None:
    letters = LetterCounts.of(np.array(texts, dtype=object))
    left, right = np.divmod(np.arange(len(texts) ** 2), len(texts))
    pairs = [(texts[one], texts[other]) for one, other in zip(left, right, strict=True)]
    edits = np.array([OSA.distance(*pair) for pair in pairs])
    similarity = np.array([JaroWinkler.normalized_similarity(*pair) for pair in pairs])
    for at_most in (0, 1, 2):
        assert letters.may_be_near(left, right, at_most)[edits <= at_most].all()
    for from_ in (0.7, 0.88, 0.92):
        assert letters.may_be_alike(left, right, from_)[similarity >= from_].all()


@pytest.mark.parametrize(
    ("one", "other"), [("kyz@post.net", "bo@mail.org"), ("+254201867789", "+254502123165")]
)
def test_texts_of_other_letters_are_ruled_out(one: str, other: str) -> None:
    letters = LetterCounts.of(np.array([one, other], dtype=object))
    assert not letters.may_be_near(np.array([0]), np.array([1]), 2).any()
