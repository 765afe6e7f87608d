"""Rate how a text sounds, in each language for which there is a kept library that works offline.

English: VADER (vaderSentiment, MIT, its lexicon in the wheel, 0.6 MB), made for short posts. There
is none for Arabic, Swahili, Uzbek or Vietnamese: what the package index has downloads a model when
it runs, is under a licence that this project cannot pass on, or has been left. A text in those is
not rated, rather than rated by guess (docs/decisions/0042).
"""

from collections.abc import Callable
from functools import cache

RATED_LANGUAGES = ("en",)
# A post is shorter; VADER's time grows with the square of a text, and anybody may write to us.
LONGEST_TEXT = 2_000


def sentiment_score(text: str, language: str | None) -> float | None:
    """Return how a text sounds, from -1 to 1; none where no library knows the language."""
    if language not in RATED_LANGUAGES or not text.strip():
        return None
    return _english()(text[:LONGEST_TEXT])


@cache
def _english() -> Callable[[str], float]:
    from vaderSentiment.vaderSentiment import (  # local: reads its lexicon, only where texts are
        SentimentIntensityAnalyzer,
    )

    analyser = SentimentIntensityAnalyzer()

    def compound(text: str) -> float:
        return float(analyser.polarity_scores(text)["compound"])

    return compound
