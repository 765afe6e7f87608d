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
    # Whether two groups of records may be joined when strong pairs between them outnumber those
    # that break the guard: one damaged record must not tear a person apart.
    is_outvotable: bool = True


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


def _two_people(levels: LevelsByField) -> Flags:
    """Two of given name, birth date and sex differ altogether: so damaged is hardly any record."""
    other_name = (levels["given_name"] == DIFFERENT).astype(np.int8)
    other_birth = (levels["birth_date"] == DIFFERENT).astype(np.int8)
    other_sex = (levels["sex"] == DIFFERENT).astype(np.int8)
    own_id = levels["national_id"] >= NEAR
    return np.asarray((other_name + other_birth + other_sex >= 2) & ~own_id)


def _other_id_and_birth_date(levels: LevelsByField) -> Flags:
    return np.asarray((levels["national_id"] == DIFFERENT) & (levels["birth_date"] == DIFFERENT))


def _other_id_and_name(levels: LevelsByField) -> Flags:
    return np.asarray((levels["national_id"] == DIFFERENT) & (levels["given_name"] == DIFFERENT))


def _birth_dates(levels: LevelsByField) -> Flags:
    other_birth = levels["birth_date"] == DIFFERENT
    own = (levels["email"] == EQUAL_EMAIL) | (levels["national_id"] == EQUAL_NUMBER)
    return np.asarray(other_birth & ~own)


GUARDS = (
    Guard("generation", "one is senior, the other junior", ALWAYS, _generations, False),
    Guard("brother_and_sister", "twins of two sexes", ALWAYS, _twins_of_two_sexes, False),
    Guard("two_people", "given name, birth date, sex: two of them differ", ALWAYS, _two_people),
    Guard("twins", "one birthday and family, with other given names", 0.9, _twins),
    Guard(
        "id_and_birth_date",
        "other national id and birth date",
        0.01,
        _other_id_and_birth_date,
        False,
    ),
    Guard("id_and_name", "other national id and given name", 0.01, _other_id_and_name),
    Guard("birth_date", "birth dates that no slip explains", 0.01, _birth_dates),
)
# These look at sources, at sizes, and at what a spec says of an identifier.
SOURCE_GUARD, SIZE_GUARD, ONE_GUARD = "source", "size", "one_per_person"


def impossible(levels: LevelsByField, count: int) -> Flags:
    """Tell which of `count` pairs break a guard that no evidence outweighs."""
    known = _complete(levels, count)
    hard = [guard.breaks(known) for guard in GUARDS if guard.outweighed_from >= ALWAYS]
    return np.asarray(np.logical_or.reduce(hard))


def broken_guards(levels: LevelsByField, probabilities: Floats) -> Codes:
    """Return for each pair the number of the first guard it breaks, or `NO_GUARD`."""
    known = _complete(levels, len(probabilities))
    broken = np.full(len(probabilities), NO_GUARD, dtype=np.int32)
    for number, guard in reversed(list(enumerate(GUARDS))):
        broken[guard.breaks(known) & (probabilities < guard.outweighed_from)] = number
    return broken


def _complete(levels: LevelsByField, count: int) -> LevelsByField:
    """Return levels of every field; one that is not compared is missing everywhere."""
    absent = np.zeros(count, dtype=np.int8)
    return {field.name: levels.get(field.name, absent) for field in FIELDS}
