"""Say what each class of the mixture may look like: where it starts and what it may become."""

import numpy as np

from orchestration.identity.arrays import Floats
from orchestration.identity.class_characters import (
    CONTACT,
    HOUSEHOLD,
    NAMESAKE,
    STRANGERS,
    agreeing,
    in_character,
    start_of_field,
    with_last,
)
from orchestration.identity.fields import Field
from orchestration.identity.patterns import offsets
from orchestration.identity.settings import ScoringSettings

MATCH = "M"
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
        if kind == CONTACT:
            return {"given_name", "family_name", "phone"} <= self._names
        if kind == NAMESAKE:
            return bool({"birth_date", "address"} & self._names)
        return kind == STRANGERS

    def start(self, kind: str) -> Floats:
        """Return where a class starts, as one flat row."""
        row = np.ones(sum(self._sizes))
        for field, place in zip(self._fields, self._slices, strict=True):
            by_chance = _as_shares(self._chance[place])
            start = agreeing(field) if kind == MATCH else start_of_field(kind, field, by_chance)
            row[place] = _as_shares(start + 1e-4)
        return row

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
                shares = in_character(
                    kind, field, _as_shares(shares), has_birth_dates="birth_date" in self._names
                )
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
            shares = with_last(shares, least_equal)
        return shares


def _as_shares(values: Floats) -> Floats:
    return np.asarray(values / values.sum())
