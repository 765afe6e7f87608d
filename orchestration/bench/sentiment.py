"""`c360 bench sentiment`: how far our rating of English texts agrees with that of people.

Reads files in which each line is a number, the mean rating of people and a text, with tabs between
them: the form in which the authors of VADER published theirs (twenty people, -4 to 4).
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from orchestration.sentiment.rating import sentiment_score

PATTERN = "*_GroundTruth.txt"
# Where people lean to neither side there is no sign to agree on.
CLEAR = 0.5
NEUTRAL = 0.05


def bench_sentiment(folder: Path) -> dict[str, Any]:
    """Return, for each file of rated texts, correlation and agreement on the sign."""
    return {path.name: _agreement(list(_rated(path))) for path in sorted(folder.glob(PATTERN))}


def _rated(path: Path) -> Iterator[tuple[float, str]]:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        fields = line.split("\t")
        if len(fields) == 3 and fields[2].strip():
            yield float(fields[1]), fields[2]


def _agreement(rated: Sequence[tuple[float, str]]) -> dict[str, float]:
    started = time.process_time()
    pairs = [(human, sentiment_score(text, "en") or 0.0) for human, text in rated]
    seconds = time.process_time() - started
    clear = [(human, ours) for human, ours in pairs if abs(human) >= CLEAR]
    agreed = sum(abs(ours) >= NEUTRAL and (ours > 0) == (human > 0) for human, ours in clear)
    return {
        "texts": len(pairs),
        "correlation": round(float(np.corrcoef(np.array(pairs).T)[0, 1]), 3),
        "clear_texts": len(clear),
        "same_sign": round(agreed / max(len(clear), 1), 3),
        "microseconds_a_text": round(seconds / max(len(pairs), 1) * 1e6),
    }
