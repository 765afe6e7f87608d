"""Say which two records must not become one person, and why.

A guard looks at the levels of a pair; most give way when the pair's own evidence is strong, because
in damaged data a birth date or a number of the same person can differ altogether (decision 0005).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from orchestration.identity import date_levels, name_levels
from orchestration.identity.arrays import Codes, Flags, Floats, Levels
from orchestration.identity.fields import FIELDS

DIFFERENT = 1
NEAR = 3  # of e-mails and numbers: a slip or less
ALWAYS = 1.1  # no probability outweighs it
EQUAL_EMAIL = EQUAL_NUMBER = 4
NO_GUARD = -1
LevelsByField = Mapping[str, Levels]


@dataclass(frozen=True, slots=True)
class Guard:
    """A rule that keeps two records apart while their probability is below `outweighed_from`."""

    name: str
    reason: str
    outweighed_from: float
    breaks: Callable[[LevelsByField], Flags]


def _generations(levels: LevelsByField) -> Flags:
    return np.asarray(levels["generation"] == DIFFERENT)


def _twins(levels: LevelsByField) -> Flags:
    """One birthday and one family, but another given name and nothing of one's own in common."""
    same_day = levels["birth_date"] == date_levels.EQUAL
    same_family = levels["family_name"] >= name_levels.CLOSE
    other_name = levels["given_name"] == DIFFERENT
    own = (levels["email"] >= NEAR) | (levels["national_id"] >= NEAR)
    own |= levels["middle_name"] >= name_levels.CLOSE
    return np.asarray(same_day & same_family & other_name & ~own)


def _twins_of_two_sexes(levels: LevelsByField) -> Flags:
    return np.asarray(_twins(levels) & (levels["sex"] == DIFFERENT))


def _national_ids(levels: LevelsByField) -> Flags:
    other_id = levels["national_id"] == DIFFERENT
    other_birth = levels["birth_date"] == DIFFERENT
    other_name = levels["given_name"] == DIFFERENT
    return np.asarray(other_id & (other_birth | other_name))


def _birth_dates(levels: LevelsByField) -> Flags:
    other_birth = levels["birth_date"] == DIFFERENT
    own = (levels["email"] == EQUAL_EMAIL) | (levels["national_id"] == EQUAL_NUMBER)
    return np.asarray(other_birth & ~own)


GUARDS = (
    Guard("generation", "one is senior, the other junior", ALWAYS, _generations),
    Guard("brother_and_sister", "twins of two sexes", ALWAYS, _twins_of_two_sexes),
    Guard("twins", "one birthday and family, with other given names", 0.9, _twins),
    Guard("national_id", "other national id, and other name or birth date", 0.01, _national_ids),
    Guard("birth_date", "birth dates that no slip explains", 0.01, _birth_dates),
)
# These two look at sources and sizes, not at levels.
SOURCE_GUARD, SIZE_GUARD = "source", "size"


def broken_guards(levels: LevelsByField, probabilities: Floats) -> Codes:
    """Return for each pair the number of the first guard it breaks, or `NO_GUARD`."""
    absent = np.zeros(len(probabilities), dtype=np.int8)
    known = {field.name: levels.get(field.name, absent) for field in FIELDS}
    broken = np.full(len(probabilities), NO_GUARD, dtype=np.int32)
    for number, guard in reversed(list(enumerate(GUARDS))):
        broken[guard.breaks(known) & (probabilities < guard.outweighed_from)] = number
    return broken
