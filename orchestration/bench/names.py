"""Measure names across scripts on attested pairs, and learn their letter evidence.

Reads a folder of CSV files (latin, native, count), one per script. A fifth of the Latin names is
held out: nothing is learned from it, and only on it is anything measured.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from anyascii import anyascii

from orchestration.bench.letter_learning import NamePairs, learn, write_evidence
from orchestration.identity.arrays import Flags, Floats, Integers, Texts
from orchestration.identity.letter_evidence import (
    ALIKE_FROM,
    EVIDENCE_FILE,
    LetterCodes,
    letter_evidence,
    letter_tables,
)
from orchestration.identity.normalise.names import normalise_name
from orchestration.identity.similarity import jaro_winkler
from orchestration.identity.sounds import BONES_LENGTH, bones, skeleton

HELD_OUT_EVERY = 5
FALSE_POSITIVES = 0.01
# File of the folder -> script that the evidence is for.
SCRIPTS = {"arabic": "arabic", "hebrew": "hebrew", "russian": "cyrillic"}


@dataclass(frozen=True, slots=True)
class AttestedNames:
    """Pairs of one script: how they are written, normalised, and which are held out."""

    latin_raw: Texts
    native_raw: Texts
    latin: Texts
    native: Texts
    attested: Integers
    held_out: Flags

    @classmethod
    def read(cls, file: Path) -> "AttestedNames":
        """Read a file; pairs of which one side has no letters are left out."""
        frame = duckdb.read_csv(str(file), all_varchar=True, header=True).df()
        frame["normal_latin"] = [normalise_name(name) for name in frame["latin"]]
        frame["normal_native"] = [normalise_name(name) for name in frame["native"]]
        frame = frame.dropna().sort_values(["latin", "native"], ignore_index=True)
        held = [zlib.crc32(name.encode()) % HELD_OUT_EVERY == 0 for name in frame["normal_latin"]]
        return cls(
            latin_raw=_texts(frame["latin"]),
            native_raw=_texts(frame["native"]),
            latin=_texts(frame["normal_latin"]),
            native=_texts(frame["normal_native"]),
            attested=frame["count"].to_numpy(dtype=np.int64),
            held_out=np.array(held, dtype=np.bool_),
        )

    def training_pairs(self) -> NamePairs:
        """Return what may be learned from."""
        kept = ~self.held_out
        return NamePairs(LetterCodes.of(self.native[kept]), LetterCodes.of(self.latin[kept]))


def learn_letter_evidence(folder: Path, file: Path = EVIDENCE_FILE) -> int:
    """Learn the evidence of all scripts from a folder and write it; return the number of units."""
    learned = {
        script: learn(AttestedNames.read(folder / f"{name}.csv").training_pairs())
        for name, script in SCRIPTS.items()
    }
    return write_evidence(learned, file)


def bench_names(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the figures of each script on its held-out pairs."""
    return {
        name: _figures(AttestedNames.read(folder / f"{name}.csv"), script)
        for name, script in SCRIPTS.items()
    }


def _figures(names: AttestedNames, script: str) -> dict[str, Any]:
    held = np.flatnonzero(names.held_out)
    native, latin = names.native[held], names.latin[held]
    other = np.random.default_rng(1).permutation(len(held))
    evidence = _evidence(native, latin, script)
    chance_evidence = _evidence(native, latin[other], script)
    plain = _texts([str(anyascii(name)).lower() for name in names.native_raw[held].tolist()])
    plain_latin = _texts([str(anyascii(name)).lower() for name in names.latin_raw[held].tolist()])
    hits = evidence > np.quantile(chance_evidence, 1 - FALSE_POSITIVES)
    attested = names.attested[held]
    alike, wrong = evidence >= ALIKE_FROM, chance_evidence >= ALIKE_FROM
    return {
        "pairs": len(names.latin),
        "held_out": len(held),
        "recall_plain": _recall(_similarity(plain, plain_latin, other)),
        "recall_spelled": _recall(_similarity(native, latin, other)),
        "recall_learned": round(float(hits.mean()), 4),
        "recall_learned_by_use": round(float((hits * attested).sum() / attested.sum()), 4),
        "recall_learned_attested_twice": round(float(hits[attested > 1].mean()), 4),
        "pair_f1": round(float(2 * alike.sum() / (alike.sum() + wrong.sum() + len(held))), 4),
        "false_positives_at_alike": round(float(wrong.mean()), 4),
        "blocking_recall_sound": _agree(native, latin, lambda name: skeleton(name)[:4]),
        "blocking_recall": _agree(native, latin, lambda name: bones(name)[:BONES_LENGTH]),
        "blocking_chance": _agree(native, latin[other], lambda name: bones(name)[:BONES_LENGTH]),
    }


def _evidence(native: Texts, latin: Texts, script: str) -> Floats:
    both = np.concatenate([native, latin])
    places = np.arange(len(native))
    codes = LetterCodes.of(both)
    return letter_evidence(codes, places, places + len(native), letter_tables()[script])


def _similarity(native: Texts, latin: Texts, other: Integers) -> tuple[Floats, Floats]:
    both = np.concatenate([native, latin])
    places = np.arange(len(native))
    true = jaro_winkler(both, places, places + len(native))
    return true, jaro_winkler(both, places, other + len(native))


def _recall(similarities: tuple[Floats, Floats]) -> float:
    true, chance = similarities
    return round(float((true > np.quantile(chance, 1 - FALSE_POSITIVES)).mean()), 4)


def _agree(left: Texts, right: Texts, key: Callable[[str], str]) -> float:
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return round(sum(key(one) == key(two) for one, two in pairs) / max(len(left), 1), 4)


def _texts(values: "pd.Series[Any] | list[str]") -> Texts:
    return np.array(list(values), dtype=object)
