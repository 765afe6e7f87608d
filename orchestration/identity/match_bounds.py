"""Say what each class of the mixture may look like: where it starts and what it may become."""

import numpy as np

from orchestration.identity.arrays import Floats
from orchestration.identity.fields import Field
from orchestration.identity.patterns import offsets
from orchestration.identity.settings import ScoringSettings

MATCH, HOUSEHOLD, NAMESAKE = "M", "H", "N"
# What people of one household share, and what they do not.
_SHARED_AT_HOME = frozenset({"family_name", "address", "phone"})
_OWN_AT_HOME = frozenset({"given_name", "birth_date", "national_id", "email"})
_SHARED_BY_NAMESAKES = frozenset({"given_name", "family_name", "middle_name", "sex"})
# Addresses made from one name look alike and are hardly ever the same.
_EMAIL_OF_NAMESAKES = np.array([0.4, 0.3, 0.3, 0.001])
_NO_SIGN_FOR_NAMESAKES = frozenset({"generation", "loyalty_id"})
# Bounds that keep these two classes what their names say; without them they take true pairs.
_MOST_EQUAL = {
    HOUSEHOLD: {"given_name": 0.1, "birth_date": 0.05, "national_id": 0.02, "email": 0.1},
    NAMESAKE: {"national_id": 0.02, "email": 0.02, "phone": 0.05},
}
_MOST_EQUAL_TELLING = 0.05  # birth dates of namesakes, or addresses where there are no dates
_LEAST_LIVING_TOGETHER = 0.5  # share of a household class with one street address
_STREET_LEVELS = 2
# The data push past a bound only when they do so clearly.
_CLEARLY_ABOVE, _CLEARLY_BELOW = 1.15, 0.85


class ClassShapes:
    """Starts and bounds of the classes for one set of fields."""

    def __init__(
        self, fields: tuple[Field, ...], chance: Floats, settings: ScoringSettings
    ) -> None:
        """Take the fields, their chance levels and the settings of the bounds."""
        self._fields = fields
        self._settings = settings
        self._chance = chance
        self._sizes = tuple(len(field.levels) for field in fields)
        bounds = offsets(self._sizes)
        self._slices = [slice(bounds[i] + 1, bounds[i + 1]) for i in range(len(fields))]
        self._names = frozenset(field.name for field in fields)
        self._match_start = self.start(MATCH)

    def allows(self, kind: str) -> bool:
        """Tell whether the fields are there that a class needs to be told from others."""
        if kind == HOUSEHOLD:
            return {"given_name", "family_name"} <= self._names
        return kind == NAMESAKE and bool({"birth_date", "address"} & self._names)

    def start(self, kind: str) -> Floats:
        """Return where a class starts, as one flat row."""
        row = np.ones(sum(self._sizes))
        for field, place in zip(self._fields, self._slices, strict=True):
            row[place] = self._start_of_field(kind, field, place)
        return row

    def _start_of_field(self, kind: str, field: Field, place: slice) -> Floats:
        steps = np.linspace(0, 1, len(field.levels) - 1)
        agree = steps**2 + 0.03
        agree[-1] += 1.5
        differ = (1 - steps * 0.9) ** 3
        differ[-1] = 0.01 * differ.sum()
        by_chance = self._chance[place]
        if kind == MATCH:
            chosen = agree
        elif kind == HOUSEHOLD:
            chosen = agree if field.name in _SHARED_AT_HOME else by_chance
            chosen = differ if field.name in _OWN_AT_HOME else chosen
        elif field.name in _SHARED_BY_NAMESAKES:
            chosen = agree
        elif field.name == "email":
            chosen = _EMAIL_OF_NAMESAKES
        else:
            chosen = by_chance if field.name in _NO_SIGN_FOR_NAMESAKES else differ
        return np.asarray(_as_shares(_as_shares(chosen) + 1e-4))

    def normalised(self, sums: Floats) -> Floats:
        """Return level sums, smoothed, as probabilities per field."""
        row = np.ones(len(sums))
        for place in self._slices:
            row[place] = _as_shares(sums[place] + self._settings.smoothing)
        return row

    def shaped(self, kind: str, sums: Floats) -> Floats:
        """Return the probabilities of a class after its prior and bounds."""
        row = np.ones(len(sums))
        for field, place in zip(self._fields, self._slices, strict=True):
            shares = sums[place] + self._settings.smoothing
            if kind == MATCH:
                prior = self._settings.prior_pairs * self._match_start[place]
                shares = self._bounded(field, _as_shares(shares + prior))
            else:
                shares = self._in_character(kind, field, _as_shares(shares))
            row[place] = shares
        return row

    def is_past_bounds(self, raw_match: Floats) -> bool:
        """Tell whether the data want the match class clearly outside its bounds."""
        for field, place in zip(self._fields, self._slices, strict=True):
            if not field.is_stable:
                continue
            weak, equal = self._limits(field)
            shares = raw_match[place]
            if shares[: field.weak_levels].sum() > weak * _CLEARLY_ABOVE:
                return True
            if shares[-1] < equal * _CLEARLY_BELOW:
                return True
        return False

    def _limits(self, field: Field) -> tuple[float, float]:
        settings = self._settings
        if field.is_stable:
            return settings.weak_share_stable, settings.equal_share_stable
        return settings.weak_share_changing, settings.equal_share_changing

    def _bounded(self, field: Field, shares: Floats) -> Floats:
        most_weak, least_equal = self._limits(field)
        weak = shares[: field.weak_levels].sum()
        if weak > most_weak:
            shares = shares.copy()
            shares[field.weak_levels :] *= (1 - most_weak) / max(1 - weak, 1e-9)
            shares[: field.weak_levels] *= most_weak / weak
        if shares[-1] < least_equal:
            shares = _with_last(shares, least_equal)
        return shares

    def _in_character(self, kind: str, field: Field, shares: Floats) -> Floats:
        """Keep households living together and namesakes apart, whatever the data offer them."""
        most = _MOST_EQUAL.get(kind, {}).get(field.name, 1.0)
        telling = "birth_date" if "birth_date" in self._names else "address"
        if kind == NAMESAKE and field.name == telling:
            most = _MOST_EQUAL_TELLING
        if shares[-1] > most:
            shares = _with_last(shares, most)
        together = shares[-_STREET_LEVELS:].sum()
        is_home = kind == HOUSEHOLD and field.name == "address"
        if is_home and together < _LEAST_LIVING_TOGETHER:
            shares = shares.copy()
            shares[:-_STREET_LEVELS] *= (1 - _LEAST_LIVING_TOGETHER) / max(1 - together, 1e-9)
            shares[-_STREET_LEVELS:] *= _LEAST_LIVING_TOGETHER / max(together, 1e-9)
        return shares


def _as_shares(values: Floats) -> Floats:
    return np.asarray(values / values.sum())


def _with_last(shares: Floats, last: float) -> Floats:
    changed = shares * (1 - last) / max(shares[:-1].sum(), 1e-9)
    changed[-1] = last
    return np.asarray(changed)
