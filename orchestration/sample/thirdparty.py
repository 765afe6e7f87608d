"""Demographics bought from two vendors: gaps, other spellings, and data that have aged."""

import numpy as np
import pyarrow as pa

from orchestration.sample.business import Business
from orchestration.sample.calendar import DAY_SECONDS
from orchestration.sample.columns import days, hexadecimal, masked, picked
from orchestration.sample.draws import Ints, Keys
from orchestration.sample.records import Scribe
from orchestration.sample.spoiling import Sightings

VENDORS = ("Umoja Data", "Silk Insights")
INTERESTS = (
    "sports",
    "cooking",
    "fashion,beauty",
    "electronics,gaming",
    "family,school",
    "travel",
    "gardening",
)
RELIGIONS = ("christian", "muslim", "buddhist", "none")
AGE_DAYS = 900
DAYS_BETWEEN = 30


def comes_on(day: int) -> bool:
    """Tell whether the vendors deliver on a day: once a month."""
    return day % DAYS_BETWEEN == 1


def sold_by(business: Business, day: int) -> Ints:
    """Return the records that vendors have delivered by a day."""
    latest = day - (day - 1) % DAYS_BETWEEN
    return np.arange(business.registers.thirdparty.upto(latest))


def vendor_names(business: Business, row: Keys) -> pa.Array:
    """Return who sold each record."""
    key = business.registers.thirdparty.key[row]
    return picked(VENDORS, business.world.draws.choice("vendor", (0.6, 0.4), key))


def vendor_record_keys(business: Business, row: Keys) -> pa.Array:
    """Return the vendor's key of each record."""
    return hexadecimal(
        business.world.draws.bits("vendor.record", business.registers.thirdparty.key[row]), 12
    )


def demographics_table(business: Business, day: int) -> pa.Table:
    """Return everything the vendors sell on a day."""
    world, register, draws = business.world, business.registers.thirdparty, business.world.draws
    rows = sold_by(business, day)
    key, person = register.key[rows], register.person[rows]
    age = (draws.uniform("vendor.age", key) * AGE_DAYS).astype(np.int64)
    # A vendor sells in the order of its own keys, which say nothing of the people.
    order = np.argsort(draws.bits("vendor.record", key), kind="stable")
    rows, key, person, age = rows[order], key[order], person[order], age[order]
    collected = world.config.closes(1) - age * DAY_SECONDS
    scribe = Scribe(world, Sightings("thirdparty", person, key, collected))
    address = scribe.address()
    birth, missing = scribe.birth_days()
    year = np.floor(1970 + birth / 365.2425).astype(np.int64)
    size = 1 + draws.below("vendor.household", 6, key)
    return pa.table(
        {
            "vendor": vendor_names(business, rows),
            "vendor_record_id": vendor_record_keys(business, rows),
            "full_name": scribe.full_name(),
            "birth_year": masked(pa.array(year), missing),
            "phone": scribe.phone(),
            "street": address["street"],
            "city": address["city"],
            "postcode": address["postcode"],
            "country": scribe.country(),
            "income_band": picked(
                ("low", "middle", "high", None),
                draws.choice("vendor.income", (0.3, 0.35, 0.15, 0.2), key),
            ),
            "household_size": masked(pa.array(size), draws.chance("vendor.no_size", 0.3, key)),
            "interests": picked((*INTERESTS, None), draws.below("vendor.interests", 8, key)),
            "collected_on": days(collected // DAY_SECONDS),
            "religion": picked(RELIGIONS, draws.below("vendor.religion", 4, key)),
        }
    )
