"""Golden values of every person as of the last day."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample.business import Business
from orchestration.sample.columns import days, joined, masked, numbered, picked
from orchestration.sample.draws import Flags, Ints
from orchestration.sample.lexicon import CULTURES
from orchestration.sample.people import SENIOR
from orchestration.sample.spellbook import LATIN, NATIVE

SCRIPTS = {"gulf": "arabic", "uzbek": "cyrillic", "russian": "cyrillic"}


def persons_table(business: Business, entity_keys: Callable[[Ints], pa.Array]) -> pa.Table:
    """Return one row per person: names in two scripts, contact points, household, tags."""
    world = business.world
    people, person = world.people, np.arange(world.people.count)
    closes = np.full(people.count, world.config.closes(world.config.days))
    own = world.draws.uniform("person.spelling", person)
    spell = world.lexicon.spellbook.spell
    native = [spell(part, NATIVE, own * 0) for part in (people.given, people.middle, people.family)]
    address = world.addresses.golden(person, closes)
    phone = world.mobile_of(person, closes)
    return pa.table(
        {
            "entity_id": entity_keys(person),
            "given_name": spell(people.given, LATIN, own),
            "middle_name": spell(people.middle, LATIN, own),
            "family_name": spell(people.family, LATIN, own),
            "native_name": masked(joined(*native, separator=" "), ~world.has_script),
            "suffix": picked((None, "Sr", "Jr"), people.suffix),
            "sex": picked(("m", "f"), people.sex),
            "birth_date": days(people.birth),
            "email": masked(world.email, ~world.has_email),
            "phone": world.phones.international(people.country, phone),
            **address,
            "country": picked(world.places.codes, people.country),
            "culture": picked(CULTURES, people.culture),
            "script": picked(
                [SCRIPTS.get(culture, "latin") for culture in CULTURES], people.culture
            ),
            "household_id": numbered("H", people.household, 8),
            "tags": _tags(business),
        }
    )


def _tags(business: Business) -> pa.Array:
    """Return what makes a person hard to tell from others, separated by spaces."""
    people, world = business.world.people, business.world
    size = np.bincount(people.household)[people.household]
    flags: dict[str, Flags] = {
        "twin": people.is_twin,
        "senior": people.suffix == SENIOR,
        "junior": people.suffix > SENIOR,
        "shared_phone": world.shares_phone & (size > 1),
        "test_account": world.is_test,
        "shared_email": world.shares_email & (size > 1),
    }
    words = [picked([None, tag], flag.astype(np.int64)) for tag, flag in flags.items()]
    return pc.fill_null(joined(*words, separator=" "), "")
