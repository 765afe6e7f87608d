"""Countries, cities and streets: where people live, what they pay in, how their numbers begin."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from orchestration.sample.columns import Column, blend, joined, picked
from orchestration.sample.draws import Draws, Flags, Floats, Ints, Keys
from orchestration.sample.lexicon import CULTURES
from orchestration.sample.spellbook import LATIN, NATIVE, Spellbook, SpellbookBuilder
from orchestration.sample.spelling import SPELLING_RULES

PLACES_DIR = Path(__file__).parent / "places"
FILES = ("kenya", "tanzania", "viet_nam", "uzbekistan", "gulf")  # the order numbers the countries
NUMBER_LAST = ("UZ", "AE", "SA", "KW", "QA", "OM")


@dataclass(frozen=True, slots=True)
class Numbering:
    """How telephone numbers of one kind look in a country."""

    prefixes: tuple[str, ...]
    digits: int


@dataclass(frozen=True, slots=True)
class Country:
    """One country Duka sells in; `cities` and `streets` are entries of the spellbook of places."""

    code: str
    share: float
    currency: str
    units_per_usd: float
    price_step: float
    calling_code: str
    trunk: str
    language: str
    mobile: Numbering
    landline: Numbering
    cultures: Floats
    domains: dict[str, float]
    cities: Ints
    city_weights: Floats
    streets: Ints


@dataclass(frozen=True, slots=True)
class Places:
    """Every country, with the spellings of its places; `region` and `postcode` go by city entry."""

    countries: tuple[Country, ...]
    spellbook: Spellbook
    region: tuple[str | None, ...]
    postcode: tuple[str | None, ...]

    @property
    def codes(self) -> list[str]:
        """Two-letter codes in the order of the country numbers."""
        return [country.code for country in self.countries]

    @property
    def currencies(self) -> list[str]:
        """Currencies in the order of the country numbers."""
        return [country.currency for country in self.countries]

    def city_of(self, draws: Draws, country: Keys, dwelling: Keys) -> Ints:
        """Choose the city of each dwelling."""
        chosen = np.zeros(len(country), dtype=np.int64)
        for number, one in enumerate(self.countries):
            where = np.flatnonzero(country == number)
            index = draws.choice("place.city", one.city_weights, dwelling[where])
            chosen[where] = one.cities[index]
        return chosen

    def street_of(self, draws: Draws, country: Keys, dwelling: Keys) -> Ints:
        """Choose the street of each dwelling."""
        chosen = np.zeros(len(country), dtype=np.int64)
        for number, one in enumerate(self.countries):
            where = np.flatnonzero(country == number)
            index = draws.below("place.street", len(one.streets), dwelling[where])
            chosen[where] = one.streets[index]
        return chosen

    def spell(self, entries: Keys, is_native: Flags, variant: Floats) -> Column:
        """Gather the spelling of places."""
        return self.spellbook.spell(entries, np.where(is_native, NATIVE, LATIN), variant)

    def street_line(self, country: Keys, street: Column, number: Column, unit: Column) -> Column:
        """Write street and number in the order the country uses; unit may be null."""
        last = np.isin(np.asarray(self.codes), NUMBER_LAST)[np.asarray(country)]
        line = blend(
            last, joined(street, number, separator=", "), joined(number, street, separator=" ")
        )
        return joined(line, unit, separator=", ")

    def region_of(self, cities: Keys) -> Column:
        """Return the region of each city entry."""
        return picked(self.region, cities)

    def postcode_of(self, cities: Keys) -> Column:
        """Return the postcode of each city entry; null where the country has none."""
        return picked(self.postcode, cities)


def _country(code: str, data: dict[str, Any], cities: list[int], streets: list[int]) -> Country:
    cultures = np.array([data["cultures"].get(culture, 0.0) for culture in CULTURES])
    return Country(
        code=code,
        share=data["share"],
        currency=data["currency"],
        units_per_usd=data["units_per_usd"],
        price_step=data["price_step"],
        calling_code=data["calling_code"],
        trunk=data["trunk"],
        language=data["language"],
        mobile=Numbering(tuple(data["mobile"]), data["mobile_digits"]),
        landline=Numbering(tuple(data["landline"]), data["landline_digits"]),
        cultures=cultures,
        domains=data["domains"],
        cities=np.array(cities),
        city_weights=np.array([city[3] for city in data["cities"]]),
        streets=np.array(streets),
    )


def load_places(folder: Path = PLACES_DIR) -> Places:
    """Read the countries."""
    data: dict[str, Any] = {}
    for name in FILES:
        data |= yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8"))
    builder = SpellbookBuilder()
    region: list[str | None] = []
    postcode: list[str | None] = []
    countries = []
    for code, one in data.items():
        cities, streets = [], []
        for name, its_region, its_postcode, _ in one["cities"]:
            cities.append(builder.add(SPELLING_RULES["listed"](name, {})))
            region.append(its_region)
            postcode.append(its_postcode or None)
        for name in (part.strip() for part in one["streets"].split(";")):
            streets.append(builder.add(SPELLING_RULES["listed"](name, {})))
            region.append(None)
            postcode.append(None)
        countries.append(_country(code, one, cities, streets))
    return Places(tuple(countries), builder.finished(), tuple(region), tuple(postcode))
