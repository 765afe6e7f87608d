"""Raise the level of names that were written in two scripts to what their letters say together."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.identity.arrays import MISSING, Codes, Flags, Levels, Texts
from orchestration.identity.encoding import EncodedRecords
from orchestration.identity.letter_evidence import (
    ALIKE_FROM,
    CLOSE_FROM,
    FAINT_FROM,
    LetterCodes,
    letter_evidence,
    letter_tables,
)
from orchestration.identity.name_levels import ALIKE, CLOSE, FAINT


@dataclass(frozen=True, slots=True)
class Scripts:
    """The script of every record's name, as far as there is evidence for its letters."""

    codes: Codes  # -1 is Latin
    names: tuple[str, ...]

    @classmethod
    def of(cls, records: EncodedRecords) -> "Scripts":
        """Take the scripts of records."""
        return cls(records.scripts, records.script_names)

    def raise_levels(
        self,
        levels: Levels,
        values: Texts,
        records: tuple[Codes, Codes],
        names: tuple[Codes, Codes],
    ) -> None:
        """Raise, in place, the levels of pairs of which just one name is in Latin letters."""
        if not self.names:
            return
        left, right = self.codes[records[0]], self.codes[records[1]]
        unsure = (levels > 0) & (levels < CLOSE)
        for number, script in enumerate(self.names):
            if script in letter_tables():
                forth = unsure & (left == number) & (right == MISSING)
                back = unsure & (right == number) & (left == MISSING)
                _raise(levels, forth, values, names, script)
                _raise(levels, back, values, names[::-1], script)


def _raise(
    levels: Levels, chosen: Flags, values: Texts, names: tuple[Codes, Codes], script: str
) -> None:
    """Raise the levels of the chosen pairs, of which the first name had the other script."""
    pairs = np.flatnonzero(chosen)
    if not pairs.size:
        return
    whole = names[0][pairs].astype(np.int64) << 32 | names[1][pairs]
    inverse, distinct = pd.factorize(whole)
    places, needed = pd.factorize(np.concatenate([distinct >> 32, distinct & 0xFFFFFFFF]))
    codes = LetterCodes.of(values[needed])
    other, latin = places[: len(distinct)], places[len(distinct) :]
    bits = letter_evidence(codes, other, latin, letter_tables()[script])
    said = np.zeros(len(bits), dtype=np.int8)
    said[bits >= FAINT_FROM] = FAINT
    said[bits >= ALIKE_FROM] = ALIKE
    said[bits >= CLOSE_FROM] = CLOSE
    levels[pairs] = np.maximum(levels[pairs], said[inverse])
