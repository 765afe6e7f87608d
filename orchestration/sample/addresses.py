"""Dwellings: where a household lives before, between and after its moves, and how that is typed."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample.columns import Column, joined, masked
from orchestration.sample.draws import Draws, Flags, Ints, Keys
from orchestration.sample.people import People
from orchestration.sample.personal_changes import PersonalChanges
from orchestration.sample.places import Places


@dataclass(frozen=True, slots=True)
class Addresses:
    """The dwellings of everybody; a dwelling is the n-th of a household."""

    draws: Draws
    places: Places
    people: People
    moves: PersonalChanges

    def lines(self, person: Ints, moments: Ints, source: str, key: Keys) -> dict[str, Column]:
        """Return the address of each person at a moment, as a source has it typed."""
        native = self.draws.chance(f"address.native.{source}", 0.15, key)
        variant = self.draws.uniform(f"address.spelling.{source}", key)
        return self._written(person, moments, native, variant)

    def golden(self, person: Ints, moments: Ints) -> dict[str, Column]:
        """Return the address of each person at a moment, spelled the usual way."""
        plain = np.zeros(len(person))
        return self._written(person, moments, plain.astype(np.bool_), plain)

    def _written(
        self, person: Ints, moments: Ints, native: Flags, variant: Keys
    ) -> dict[str, Column]:
        country = self.people.country[person]
        dwelling = self.people.household[person] * 3 + self.moves.slot_of(person, moments)
        city = self.places.city_of(self.draws, country, dwelling)
        street = self.places.street_of(self.draws, country, dwelling)
        number = pc.cast(pa.array(1 + self.draws.below("place.number", 420, dwelling)), pa.string())
        unit = pc.cast(pa.array(1 + self.draws.below("place.unit", 60, dwelling)), pa.string())
        unit = masked(joined("Apt ", unit), ~self.draws.chance("place.has_unit", 0.4, dwelling))
        name = self.places.spell(street, native, variant)
        return {
            "street": self.places.street_line(country, name, number, unit),
            "city": self.places.spell(city, native, variant),
            "region": self.places.region_of(city),
            "postcode": self.places.postcode_of(city),
        }
