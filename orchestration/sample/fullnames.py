"""Lay the parts of a name out as people of a culture write them, in one field or in two."""

from dataclasses import dataclass

import numpy as np

from orchestration.sample.columns import Column, blend, joined, masked, picked
from orchestration.sample.draws import Draws, Flags, Ints, Keys
from orchestration.sample.people import CODE, NO_SUFFIX

SUFFIXES = (None, "Sr", "Jr")
CONNECTORS = ("bin", "ibn", "bint", "bint", "بن", "بن", "بنت", "بنت")


@dataclass(slots=True)
class FullNames:
    """Parts of many names in the script each is written in."""

    given: Column
    middle: Column
    third: Column
    family: Column
    culture: Ints
    is_male: Flags
    is_latin: Flags
    suffix: Ints

    def _is(self, *cultures: str) -> Flags:
        return np.isin(self.culture, [CODE[name] for name in cultures])

    def _marked_family(self, draws: Draws, source: str, key: Keys) -> Column:
        """Return family names with Jr or Sr where the record bothers."""
        shown = draws.chance(f"name.suffix.{source}", 0.45, key) & (self.suffix != NO_SUFFIX)
        suffix = picked(SUFFIXES, np.where(shown & self.is_latin, self.suffix, NO_SUFFIX))
        return masked(joined(self.family, suffix, separator=" "), np.asarray(self.family.is_null()))

    def in_parts(self, draws: Draws, source: str, key: Keys) -> tuple[Column, Column]:
        """Return first and last name; middle names go with the first, or are left out."""
        family = self._marked_family(draws, source, key)
        with_middle = draws.chance(f"name.with_middle.{source}", 0.3, key)
        with_middle |= self._is("vietnamese") & draws.chance(f"name.viet.{source}", 0.5, key)
        with_middle &= ~self._is("gulf", "tanzanian") | draws.chance(
            f"name.arab.{source}", 0.5, key
        )
        middle = masked(self.middle, ~with_middle)
        before = self._is("vietnamese")
        first = blend(
            before,
            joined(middle, self.given, separator=" "),
            joined(self.given, middle, separator=" "),
        )
        return first, family

    def in_one(self, draws: Draws, source: str, key: Keys, swapped: Flags) -> Column:
        """Return the whole name in one field."""
        family = self._marked_family(draws, source, key)
        style = draws.uniform(f"name.style.{source}", key)
        is_gulf = self._is("gulf")
        connector = picked(
            CONNECTORS,
            np.where(self.is_latin, 0, 4)
            + np.where(self.is_male, 0, 2)
            + draws.below(f"name.connector.{source}", 2, key),
        )
        connector = masked(connector, ~(is_gulf & (style < 0.25)))
        drops_middle = (style > 0.55) & ~self._is("vietnamese")
        middle = joined(connector, self.middle, separator=" ")
        middle = masked(middle, drops_middle | np.asarray(self.middle.is_null()))
        third = masked(self.third, style > 0.2)
        western = joined(self.given, middle, third, family, separator=" ")
        viet = joined(family, self.middle, self.given, separator=" ")
        formal = joined(family, self.given, middle, separator=" ")
        family_first = self._is("uzbek", "russian") & (style < 0.35)
        full = blend(self._is("vietnamese") & (style < 0.8), viet, western)
        full = blend(family_first, formal, full)
        return blend(swapped, joined(family, self.given, separator=" "), full)
