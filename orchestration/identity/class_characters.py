"""Say what the classes beside one person look like: where each starts and what it must stay.

Households, families on one telephone, namesakes, strangers.
The bounds keep each class what its name says; without them it takes true pairs, or lets namesakes
pass for one person (decision 0005).
"""

import numpy as np

from orchestration.identity.arrays import Floats
from orchestration.identity.fields import Field, is_shared_at_home

HOUSEHOLD, CONTACT, NAMESAKE, STRANGERS = "H", "K", "N", "S"
# A family shares its home, or a telephone wherever its members say they live: neither is a
# coincidence between them, however rare it is.
RELATIVES = (HOUSEHOLD, CONTACT)
_SHARED_BY_CONTACTS = frozenset({"family_name", "phone"})
_SHARED_BY_NAMESAKES = frozenset({"given_name", "family_name", "middle_name", "sex"})
_OWN = {
    HOUSEHOLD: frozenset({"given_name", "birth_date", "national_id", "email"}),
    CONTACT: frozenset({"given_name", "birth_date", "national_id"}),
    NAMESAKE: frozenset({"birth_date", "national_id", "phone", "address"}),
    STRANGERS: frozenset[str](),
}
# Addresses made from one name look alike and are hardly ever the same.
_EMAIL_OF_NAMESAKES = np.array([0.4, 0.3, 0.3, 0.001])
_MOST_EQUAL = {
    HOUSEHOLD: {"given_name": 0.1, "birth_date": 0.05, "national_id": 0.02, "email": 0.1},
    CONTACT: {"given_name": 0.1, "birth_date": 0.05, "national_id": 0.02, "email": 0.5},
    NAMESAKE: {"birth_date": 0.05, "national_id": 0.02, "email": 0.02, "phone": 0.05},
    STRANGERS: {"birth_date": 0.05, "national_id": 0.02, "email": 0.02, "phone": 0.05},
}
_MOST_EQUAL_ADDRESS = 0.05  # where there are no birth dates to tell namesakes from one person
# field -> (so many levels from the top, least share of them)
_LEAST_SHARED = {
    HOUSEHOLD: {"address": (1, 0.5), "family_name": (3, 0.6)},
    CONTACT: {"phone": (1, 0.3), "family_name": (3, 0.6)},
    NAMESAKE: {"given_name": (3, 0.7), "family_name": (3, 0.7)},
    STRANGERS: dict[str, tuple[int, float]](),
}


def start_of_field(kind: str, field: Field, by_chance: Floats) -> Floats:
    """Return the shares of a field's levels that a class starts from."""
    if _is_shared(kind, field):
        return agreeing(field)
    if field.name in _OWN[kind]:
        return differing(field)
    if kind == NAMESAKE and field.name == "email":
        return _EMAIL_OF_NAMESAKES
    return by_chance


def _is_shared(kind: str, field: Field) -> bool:
    """Tell whether the people of a class have a field in common."""
    if kind == HOUSEHOLD:
        return is_shared_at_home(field)
    if kind == CONTACT:
        return field.name in _SHARED_BY_CONTACTS
    return kind == NAMESAKE and field.name in _SHARED_BY_NAMESAKES


def agreeing(field: Field) -> Floats:
    """Return shares of levels that mostly agree."""
    shares = np.linspace(0, 1, len(field.levels) - 1) ** 2 + 0.03
    shares[-1] += 1.5
    return np.asarray(shares / shares.sum())


def differing(field: Field) -> Floats:
    """Return shares of levels that mostly differ."""
    shares = (1 - np.linspace(0, 1, len(field.levels) - 1) * 0.9) ** 3
    shares[-1] = 0.01 * shares.sum()
    return np.asarray(shares / shares.sum())


def in_character(kind: str, field: Field, shares: Floats, *, has_birth_dates: bool) -> Floats:
    """Return the shares of a class, moved as little as its character asks for.

    A class without a character, such as junk, may be anything.
    """
    if kind not in _OWN:
        return shares
    most = 1.0 if _is_shared(kind, field) else _MOST_EQUAL[kind].get(field.name, 1.0)
    if not has_birth_dates and kind not in RELATIVES and field.name == "address":
        most = _MOST_EQUAL_ADDRESS
    if shares[-1] > most:
        shares = with_last(shares, most)
    levels, least = _LEAST_SHARED[kind].get(field.name, (0, 0.0))
    shared = shares[len(shares) - levels :].sum()
    if shared < least:
        shares = shares.copy()
        shares[:-levels] *= (1 - least) / max(1 - shared, 1e-9)
        shares[-levels:] *= least / max(shared, 1e-9)
    return shares


def with_last(shares: Floats, last: float) -> Floats:
    """Return shares whose last one is given, the others in proportion."""
    changed = shares * (1 - last) / max(shares[:-1].sum(), 1e-9)
    changed[-1] = last
    return np.asarray(changed)
