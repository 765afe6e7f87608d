"""Names with their spellings: each entry in Latin, native and Russian letters, and its nicknames.

One lexicon holds every culture, so that a million names of any script are gathered in one pass.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from orchestration.sample.draws import Draws, Floats, Ints, Keys
from orchestration.sample.inflection import feminine, patronymics
from orchestration.sample.spellbook import Spellbook, SpellbookBuilder
from orchestration.sample.spelling import SPELLING_RULES, Spellings

NAMES_DIR = Path(__file__).parent / "names"
CULTURES = (
    "kenyan",
    "tanzanian",
    "vietnamese",
    "uzbek",
    "russian",
    "gulf",
    "english",
    "south_asian",
)
INFLECTED = ("uzbek", "russian")


@dataclass(frozen=True, slots=True)
class Pool:
    """Entries that fill one role in one culture, with their weights."""

    entries: Ints
    weights: Floats


@dataclass(slots=True)
class Lexicon:
    """Every name entry; `pools` says which entries a culture uses for a role."""

    spellbook: Spellbook
    pools: dict[tuple[str, str], Pool]
    patronymic_of: Ints
    feminine_of: Ints

    def pick(self, draws: Draws, stream: str, culture: Keys, role: str, *keys: Keys) -> Ints:
        """Choose an entry of the role for each key, from the pool of its culture."""
        chosen = np.full(len(culture), -1, dtype=np.int64)
        for code, name in enumerate(CULTURES):
            pool = self.pools.get((name, role))
            where = np.flatnonzero(culture == code)
            if pool is not None and len(where):
                own = [key[where] for key in keys]
                chosen[where] = pool.entries[draws.choice(stream, pool.weights, *own)]
        return chosen


def _entries(text: str, rule: str, nicknames: Mapping[str, str]) -> list[Spellings]:
    """Read `native=Latin/Latin; ...` into spellings."""
    listed = (part.strip() for part in text.split(";"))
    return [SPELLING_RULES[rule](part, nicknames) for part in listed if part]


def _weights(count: int, skew: float) -> Floats:
    """Return weights that fall with the rank, as names do."""
    return np.asarray(1.0 / np.power(np.arange(count) + 3.0, skew))


def load_lexicon(folder: Path = NAMES_DIR) -> Lexicon:
    """Read the name lists of every culture."""
    builder = SpellbookBuilder()
    pools: dict[tuple[str, str], Pool] = {}
    patronymic_of: dict[int, tuple[int, int]] = {}
    feminine_of: dict[int, int] = {}
    for culture in CULTURES:
        data = yaml.safe_load((folder / f"{culture}.yml").read_text(encoding="utf-8"))
        for role in ("male", "female", "middle_male", "middle_female", "family"):
            if role not in data:
                continue
            spellings = _entries(data[role], data["rule"], data.get("nicknames", {}))
            numbers = [builder.add(one) for one in spellings]
            pools[culture, role] = Pool(np.array(numbers), _weights(len(numbers), data["skew"]))
            if culture in INFLECTED and role == "male":
                for number, one in zip(numbers, spellings, strict=True):
                    son, daughter = patronymics(one, culture)
                    patronymic_of[number] = (builder.add(son), builder.add(daughter))
            if culture in INFLECTED and role == "family":
                for number, one in zip(numbers, spellings, strict=True):
                    feminine_of[number] = builder.add(feminine(one))
    return _finished(builder, pools, patronymic_of, feminine_of)


def _finished(
    builder: SpellbookBuilder,
    pools: dict[tuple[str, str], Pool],
    patronymic_of: Mapping[int, Sequence[int]],
    feminine_of: Mapping[int, int],
) -> Lexicon:
    total = builder.size
    patronymic = np.full((total, 2), -1, dtype=np.int64)
    for number, pair in patronymic_of.items():
        patronymic[number] = pair
    female = np.arange(total, dtype=np.int64)
    for number, other in feminine_of.items():
        female[number] = other
    return Lexicon(
        spellbook=builder.finished(),
        pools=pools,
        patronymic_of=patronymic,
        feminine_of=female,
    )
