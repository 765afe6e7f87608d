"""E-mail addresses: one of today and an older one per person, built from names, never alike."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample.columns import Column, blend, joined
from orchestration.sample.draws import Draws, Ints, Keys
from orchestration.sample.lexicon import Lexicon
from orchestration.sample.people import People
from orchestration.sample.places import Places

_PATTERNS = (0.26, 0.16, 0.2, 0.12, 0.14, 0.12)


def make_emails(
    draws: Draws, places: Places, lexicon: Lexicon, people: People
) -> tuple[Column, Column]:
    """Return each person's address of today and the one before it."""
    person = np.arange(people.count)
    twice = np.repeat(person, 2)
    slot = np.tile([0, 1], people.count)
    local = _locals(draws, lexicon, people, (twice, slot))
    domain = _domains(draws, places, people.country[twice], (twice, slot))
    address = joined(local, "@", domain)
    # Later people give way, so that nobody's address depends on who comes after.
    codes = np.asarray(pc.dictionary_encode(address).indices)
    seen = np.maximum.accumulate(np.concatenate([[-1], codes[:-1]]))
    is_taken = codes <= seen
    tail = pc.cast(pa.array(draws.below("email.tail", 10**7, twice, slot)), pa.string())
    address = blend(is_taken, joined(local, tail, "@", domain), address)
    return address.take(pa.array(person * 2)), address.take(pa.array(person * 2 + 1))


def _locals(draws: Draws, lexicon: Lexicon, people: People, keys: tuple[Ints, Ints]) -> Column:
    """Return the part before the @."""
    person, slot = keys
    book = lexicon.spellbook
    variant = draws.uniform("person.spelling", person)
    given = book.letters(people.given[person], variant)
    family = book.letters(people.family[person], variant)
    year = 1970 + people.birth[person] // 365.25
    short_year = pc.utf8_lpad(pc.cast(pa.array((year % 100).astype(np.int64)), pa.string()), 2, "0")
    number = pc.cast(pa.array(draws.below("email.number", 998, person, slot) + 1), pa.string())
    initial = pc.utf8_slice_codeunits(given, 0, 1)
    pattern = draws.choice("email.pattern", _PATTERNS, person, slot)
    choices = (
        joined(given, ".", family),
        joined(given, family),
        joined(given, ".", family, short_year),
        joined(given, pc.cast(pa.array(year.astype(np.int64)), pa.string())),
        joined(initial, family, number),
        joined(family, ".", given, number),
    )
    result = choices[0]
    for index, choice in enumerate(choices[1:], start=1):
        result = blend(pattern == index, choice, result)
    return result


def _domains(draws: Draws, places: Places, country: Keys, keys: tuple[Ints, Ints]) -> Column:
    """Return the part after the @, as usual in the country."""
    names = sorted({domain for one in places.countries for domain in one.domains})
    index = np.zeros(len(country), dtype=np.int64)
    for number, one in enumerate(places.countries):
        where = np.flatnonzero(country == number)
        weights = [one.domains.get(name, 0.0) for name in names]
        index[where] = draws.choice("email.domain", weights, keys[0][where], keys[1][where])
    return pa.array(names).take(pa.array(index))


def retyped(draws: Draws, stream: str, address: Column, keys: Keys) -> Column:
    """Return addresses as typed: some in capitals, some with a tag or a space at the end."""
    way = draws.choice(f"{stream}.retyped", (0.86, 0.06, 0.04, 0.02, 0.02), keys)
    local, domain = _halves(address)
    tagged = joined(local, "+duka@", domain)
    result = blend(way == 1, pc.utf8_capitalize(address), address)
    result = blend(way == 2, pc.utf8_upper(address), result)
    is_tagged = (way == 3) & np.asarray(pc.equal(domain, "gmail.com").fill_null(False))
    result = blend(is_tagged, tagged, result)
    return blend(way == 4, pc.binary_join_element_wise(address, "", " "), result)


def _halves(address: Column) -> tuple[Column, Column]:
    """Split addresses at the @."""
    parts = pc.split_pattern(address, "@")
    return pc.list_element(parts, 0), pc.list_element(parts, 1)
