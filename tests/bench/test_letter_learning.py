"""Letter evidence is learned from pairs alone, and the same pairs teach the same."""

from pathlib import Path

import numpy as np

from orchestration.bench.letter_learning import NamePairs, learn, write_evidence
from orchestration.identity.letter_evidence import LETTERS, LetterCodes, unit_number

WORDS = ["ruben", "burner", "runner", "ember", "member", "remember", "number", "umber", "bren"]


def learned_from(words: list[str]) -> dict[tuple[int, int], np.ndarray]:
    """Learn a script that writes b as p, m as sh, and leaves e out."""
    others = [word.replace("b", "p").replace("e", "") for word in words]
    latins = [word.replace("m", "sh") for word in words]
    codes = [LetterCodes.of(np.array(column * 5, dtype=object)) for column in (others, latins)]
    return learn(NamePairs(*codes))


def worth(evidence: dict[tuple[int, int], np.ndarray], other: str, latin: str) -> float:
    place = unit_number(other) * LETTERS ** len(latin) + unit_number(latin)
    return float(evidence[len(other), len(latin)][place])


def test_letters_that_stand_for_each_other_speak_for_one_name() -> None:
    evidence = learned_from(WORDS)
    for other, latin in (("p", "b"), ("m", "sh"), ("r", "r"), ("n", "n")):
        assert worth(evidence, other, latin) > 1, (other, latin)
    assert np.isnan(worth(evidence, "p", "r"))


def test_a_vowel_that_the_script_leaves_out_costs_less_than_a_consonant() -> None:
    evidence = learned_from(WORDS)
    assert worth(evidence, "", "e") > worth(evidence, "", "r")


def test_the_same_pairs_in_another_order_make_the_same_file(tmp_path: Path) -> None:
    files = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for file, words in zip(files, (WORDS, WORDS[::-1]), strict=True):
        assert write_evidence({"made_up": learned_from(words)}, file) > 10
    assert files[0].read_bytes() == files[1].read_bytes()
