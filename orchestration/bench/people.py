"""Make any number of person records with truth, for measuring: five sources, many gaps, households.

Made column by column, so that five million records take seconds. The records are in the engine's
shape already; what normalising costs is not measured with them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.bench.people_values import Pools, made_of, slipped
from orchestration.identity.records import PERSON_RECORDS

Positions = npt.NDArray[np.int64]
Chosen = npt.NDArray[np.bool_]

RECORDS_PER_PERSON = 2.2
SHARE_IN_HOUSEHOLDS = 0.35
# source -> share of records; column -> share of its records that fill it (0 where not named)
SOURCES = ("crm", "leads", "loyalty", "support", "webshop")
_SHARE_OF_RECORDS = (0.3, 0.15, 0.2, 0.1, 0.25)
_FILLED = {
    "given_name": (0.98, 0.93, 0.98, 0.9, 0.97),
    "middle_name": (0.2, 0.0, 0.1, 0.0, 0.0),
    "birth": (0.7, 0.0, 0.9, 0.0, 0.15),
    "sex": (0.8, 0.0, 0.9, 0.0, 0.3),
    "email": (0.75, 0.7, 0.6, 0.65, 0.99),
    "phone": (0.8, 0.45, 0.85, 0.5, 0.5),
    "street": (0.75, 0.0, 0.5, 0.0, 0.65),
    "city": (0.85, 0.6, 0.7, 0.1, 0.65),
    "postcode": (0.8, 0.2, 0.75, 0.1, 0.65),
    "national_id": (0.25, 0.0, 0.0, 0.0, 0.0),
    "loyalty_id": (0.05, 0.0, 1.0, 0.1, 0.2),
}
_CHANGED = {"street": 0.12, "phone": 0.1, "email": 0.12, "family_name": 0.015}
_SLIPPED = {"given_name": 0.04, "family_name": 0.04, "email": 0.015, "phone": 0.015, "street": 0.03}


@dataclass(frozen=True, slots=True)
class _People:
    """What is true of each person; `home` is shared by those who live together."""

    home: Positions
    family: Positions
    given: Positions
    middle: Positions
    birth: npt.NDArray[np.datetime64]
    number: Positions  # makes addresses and numbers one's own
    domain: Positions


def person_records_with_truth(records: int, seed: int = 1) -> pa.Table:
    """Return about so many person records, with `entity_id`: who each of them truly is."""
    random = np.random.default_rng(seed)
    pools = Pools.of(random)
    count = max(1, round(records / RECORDS_PER_PERSON))
    people = _people(random, pools, count)
    extra = random.poisson(RECORDS_PER_PERSON - 1, count)
    entity = np.repeat(np.arange(count), 1 + extra)
    entity = entity[random.permutation(len(entity))]
    source = random.choice(len(SOURCES), len(entity), p=_SHARE_OF_RECORDS)
    columns = _values(random, pools, people, entity)
    for name, filled in _FILLED.items():
        kept = random.random(len(entity)) < np.array(filled)[source]
        for column in ("birth_year", "birth_month", "birth_day") if name == "birth" else (name,):
            columns[column] = pc.if_else(kept, columns[column], None)
    names = pa.array(SOURCES).take(pa.array(source))
    numbers = pc.utf8_lpad(pc.cast(pa.array(np.arange(len(entity))), pa.string()), 8, "0")
    columns["source_system"] = names
    columns["source_record_id"] = pc.binary_join_element_wise(names, numbers, ":")
    arrays = [
        pc.cast(columns[field.name], field.type)
        if field.name in columns
        else pa.nulls(len(entity), field.type)
        for field in PERSON_RECORDS
    ]
    table = pa.table(arrays, schema=PERSON_RECORDS)
    return table.append_column("entity_id", pa.array(entity)).sort_by("source_record_id")


def _people(random: np.random.Generator, pools: Pools, count: int) -> _People:
    own = np.arange(count)
    joins = random.random(count) < SHARE_IN_HOUSEHOLDS
    home = np.where(joins, np.maximum(own - random.integers(1, 4, count), 0), own)
    ages = random.integers(0, 60 * 365, count)
    return _People(
        home=home,
        family=pools.family.draw(random, count)[home],
        given=pools.given.draw(random, count),
        middle=pools.given.draw(random, count),
        birth=np.datetime64("1945-01-01") + ages.astype("timedelta64[D]"),
        number=random.permutation(count),
        domain=pools.domain.draw(random, count),
    )


def _values(
    random: np.random.Generator, pools: Pools, people: _People, entity: Positions
) -> dict[str, pa.Array]:
    """Return what each record says of its person, changed and slipped here and there."""
    size = len(entity)

    def some(share: float) -> Chosen:
        return random.random(size) < share

    family = np.where(
        some(_CHANGED["family_name"]), pools.family.draw(random, size), people.family[entity]
    )
    given = people.given[entity]
    given_texts = pc.if_else(some(0.06), pools.short_given.take(given), pools.given.take(given))
    given_texts = pc.if_else(some(0.02), pc.utf8_slice_codeunits(given_texts, 0, 1), given_texts)
    family_texts = pools.family.take(family)
    swapped = some(0.01)
    columns = {
        "given_name": pc.if_else(swapped, family_texts, given_texts),
        "family_name": pc.if_else(swapped, given_texts, family_texts),
        "middle_name": pools.given.take(people.middle[entity]),
        "sex": pa.array(np.where(given % 2 == 0, "f", "m")),
        **_births(random, people.birth[entity], some(0.04)),
        **_contacts(pools, people, entity, some(_CHANGED["email"]), some(_CHANGED["phone"])),
        **_homes(pools, people.home[entity], some(_CHANGED["street"])),
    }
    for name, share in _SLIPPED.items():
        columns[name] = slipped(columns[name], some(share), random)
    return columns


def _births(
    random: np.random.Generator, birth: npt.NDArray[np.datetime64], is_wrong: Chosen
) -> dict[str, pa.Array]:
    """Return the parts of birth dates; a wrong one has its day and month swapped or another day."""
    year = birth.astype("datetime64[Y]").astype(np.int64) + 1970
    month = birth.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (birth - birth.astype("datetime64[M]")).astype(np.int64) + 1
    swapped = is_wrong & (day <= 12) & (random.random(len(year)) < 0.5)
    other_day = is_wrong & ~swapped
    parts = {
        "birth_year": year,
        "birth_month": np.where(swapped, day, month),
        "birth_day": np.where(
            swapped, month, np.where(other_day, random.integers(1, 29, len(day)), day)
        ),
    }
    return {name: pa.array(part.astype(np.int32)) for name, part in parts.items()}


def _contacts(
    pools: Pools, people: _People, entity: Positions, other_email: Chosen, other_phone: Chosen
) -> dict[str, pa.Array]:
    """Return addresses and numbers; some are a second one, some those of the household."""
    number, given = people.number[entity], people.given[entity]
    at_home = people.home[entity] % 10 == 0
    phone_owner = np.where(at_home, people.home[entity], entity)
    phones = 200_000_000 + people.number[phone_owner] * 7 + np.where(other_phone, 300_000_000, 0)
    mailbox = made_of(
        pools.given.take(given), ".", pools.family.take(people.family[entity]), number % 1000
    )
    second = made_of(pools.short_given.take(given), "", number)
    domain = pools.domain.take((people.domain[entity] + other_email) % pools.domain.size)
    return {
        "email": made_of(pc.if_else(other_email, second, mailbox), "@", domain),
        "phone": made_of("+254", phones),
        "national_id": made_of("", 10_000_000 + number),
        "loyalty_id": made_of("L", number),
    }


def _homes(pools: Pools, home: Positions, has_moved: Chosen) -> dict[str, pa.Array]:
    """Return street, city and postcode, worked out from who lives where."""
    place = np.where(has_moved, home + 1_000_003, home)
    mixed = (place * 2_654_435_761) % (1 << 31)
    city = pools.city.position(mixed % 10_007 / 10_007)
    area = city * 20 + mixed // 10_007 % 20
    return {
        "street": made_of(
            mixed % 299 + 1, " ", pools.street.take(mixed // 313 % pools.street.size)
        ),
        "city": pools.city.take(city),
        "postcode": made_of("", 10_000 + area),
    }
