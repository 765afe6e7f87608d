"""How a text sounds: in English by a library, in no other language by guess."""

import re
import time
from pathlib import Path

import pytest

from orchestration.sentiment.rating import LONGEST_TEXT, RATED_LANGUAGES, sentiment_score
from tests.support.services import need

REVIEWS = Path(__file__).parents[3] / "shared" / "data" / "adventureworks" / "ProductReview.csv"


@pytest.mark.parametrize(
    ("text", "sign"),
    [("Thank you for the quick help", 1), ("I hate this, it broke again", -1), ("It is a box", 0)],
)
def test_english_is_rated_by_its_words(text, sign):
    score = sentiment_score(text, "en")
    assert (score > 0.05) - (score < -0.05) == sign


@pytest.mark.parametrize("language", ["ar", "sw", "uz", "vi", "EN", "", None])
def test_what_no_library_knows_is_not_rated(language):
    assert language not in RATED_LANGUAGES
    assert sentiment_score("Great", language) is None


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_not_rated(text):
    assert sentiment_score(text, "en") is None


def test_a_text_made_to_keep_the_machine_busy_is_cut():
    hostile = "but great " * 100_000
    started = time.process_time()
    assert sentiment_score(hostile, "en") == sentiment_score(hostile[:LONGEST_TEXT], "en")
    assert time.process_time() - started < 2


def test_the_review_with_fewest_stars_sounds_worst():
    need(REVIEWS.exists(), "no ../shared/data beside the project")
    with REVIEWS.open(encoding="utf-8", newline="") as file:
        text = file.read()
    # a record begins with its number and five fields more; the text may hold line breaks
    records = re.split(r"(?m)^(?=\d+\t\d+\t)", text)
    reviews = [record.split("\t") for record in records if record.strip()]
    stars = {fields[0]: int(fields[5]) for fields in reviews}
    scores = {fields[0]: sentiment_score(fields[6], "en") for fields in reviews}
    assert len(stars) == 4
    assert min(scores, key=scores.get) == min(stars, key=stars.get)
