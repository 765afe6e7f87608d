"""Business accounts: who they are, who works for them, and how the CRM keeps them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample.calendar import DAY_SECONDS, HISTORY_DAYS
from orchestration.sample.columns import Column, joined, masked, moments, nothing, numbered, picked
from orchestration.sample.draws import Ints, Keys
from orchestration.sample.phones import ACCOUNT_LINE
from orchestration.sample.registers import Register
from orchestration.sample.world import World

FIRST_WORDS = (
    "Baraka", "Savanna", "Kilimanjaro", "Lotus", "Oasis", "Silk Road", "Simba", "Pearl",
    "Blue Nile", "Harbour", "Golden Star", "Coastal", "Highland", "Sunrise", "Crescent",
    "Falcon", "Delta", "Registan", "Mekong", "Zanzibar",
)  # fmt: skip
SECOND_WORDS = (
    "Traders", "Supplies", "Hotels", "Logistics", "Foods", "Textiles", "Builders", "Clinics",
    "Schools", "Motors", "Electronics", "Catering", "Farms", "Printers", "Pharmacies",
)  # fmt: skip
INDUSTRIES = (
    "retail", "wholesale", "hospitality", "logistics", "food", "textiles", "construction",
    "health", "education", "automotive", "electronics", "hospitality", "agriculture", "printing",
    "health",
)  # fmt: skip
FORMS = {
    "KE": "Ltd",
    "TZ": "Ltd",
    "VN": "TNHH",
    "UZ": "MCHJ",
    "AE": "LLC",
    "SA": "LLC",
    "KW": "WLL",
    "QA": "WLL",
    "OM": "LLC",
}
ACCOUNT_SHARE = 0.01
CONTACT_SHARE = 0.25
DAILY_CHANGES = 0.01
ACCOUNT_DWELLINGS = 1 << 41  # beyond the dwellings of households


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts by index, and the account of each CRM contact (-1 is none)."""

    country: Ints
    first_word: Ints
    second_word: Ints
    parent: Ints
    created_at: Ints
    of_contact: Ints

    @property
    def count(self) -> int:
        """Number of accounts."""
        return len(self.country)


def make_accounts(world: World, crm: Register) -> Accounts:
    """Make the accounts and give them to contacts of their country."""
    draws, places = world.draws, world.places
    count = max(len(places.countries) * 2, round(world.config.customers * ACCOUNT_SHARE))
    account = np.arange(count)
    shares = [country.share for country in places.countries]
    drawn = draws.choice("account.country", shares, account)
    country = np.where(account < len(shares), account, drawn)
    has_parent = draws.chance("account.parent", 0.08, account) & (account >= 10)
    parent = np.where(
        has_parent, draws.below("account.parent_of", np.maximum(account, 1), account), -1
    )
    linked = draws.chance("account.contact", CONTACT_SHARE, crm.key)
    of_contact = np.full(len(crm.key), -1, dtype=np.int64)
    for number in range(len(shares)):
        own = np.flatnonzero(country == number)
        where = np.flatnonzero(linked & (world.people.country[crm.person] == number))
        of_contact[where] = own[draws.below("account.of_contact", len(own), crm.key[where])]
    age = draws.uniform("account.created", account) * HISTORY_DAYS * DAY_SECONDS
    return Accounts(
        country=country,
        first_word=draws.below("account.first", len(FIRST_WORDS), account),
        second_word=draws.below("account.second", len(SECOND_WORDS), account),
        parent=parent,
        created_at=world.config.opens(1) + age.astype(np.int64),
        of_contact=of_contact,
    )


def account_keys(account: Keys) -> pa.Array:
    """Return the keys of accounts."""
    return numbered("AC", np.where(account < 0, -1, account + 1), 6)


def contact_keys(row: Keys) -> pa.Array:
    """Return the keys of contacts, by their row in the CRM register."""
    return numbered("CT", np.where(row < 0, -1, row + 1), 8)


def accounts_table(world: World, accounts: Accounts, day: int) -> pa.Table:
    """Return the accounts that are new or changed on a day."""
    draws = world.draws
    account = np.arange(accounts.count)
    updated = accounts.created_at
    if day > 1:
        days = np.full(accounts.count, day)
        updated = world.moment_in("account.changed", days, account)
        account = account[draws.chance("account.change", DAILY_CHANGES, account, days)]
    country = accounts.country[account]
    form = picked([FORMS[code] for code in world.places.codes], country)
    tax = numbered("", 100_000_000 + draws.below("account.tax", 899_999_999, account), 9)
    return pa.table(
        {
            "account_id": account_keys(account),
            "account_name": joined(_names(accounts, account), form, separator=" "),
            "legal_form": form,
            "tax_number": masked(tax, draws.chance("account.no_tax", 0.1, account)),
            "industry": picked(INDUSTRIES, accounts.second_word[account]),
            **_reached(world, accounts, account),
            "country": picked(world.places.codes, country),
            "parent_account_id": account_keys(accounts.parent[account]),
            "created_at": moments(accounts.created_at[account]),
            "updated_at": moments(updated[account]),
        }
    )


def _names(accounts: Accounts, account: Ints) -> Column:
    """Return business names; a number keeps those of a large company apart."""
    number = pc.cast(pa.array(account // 300 + 1), pa.string())
    return joined(
        picked(FIRST_WORDS, accounts.first_word[account]),
        picked(SECOND_WORDS, accounts.second_word[account]),
        masked(number, account < 300),
        separator=" ",
    )


def _reached(world: World, accounts: Accounts, account: Ints) -> dict[str, Column]:
    """Return web address, telephone number and address of accounts."""
    places, draws, country = world.places, world.draws, accounts.country[account]
    named = pc.replace_substring(pc.utf8_lower(_names(accounts, account)), " ", "-")
    codes = picked([code.lower() for code in places.codes], country)
    dwelling = account + ACCOUNT_DWELLINGS
    usual = np.zeros(len(account))
    city = places.spell(places.city_of(draws, country, dwelling), usual > 0, usual)
    street = places.spell(places.street_of(draws, country, dwelling), usual > 0, usual)
    number = pc.cast(pa.array(1 + draws.below("account.number", 200, account)), pa.string())
    phone = world.phones.landline(country, account, ACCOUNT_LINE)
    return {
        "website": joined("www.", named, ".", codes, ".example"),
        "phone": world.phones.typed("account.phone", country, phone, account),
        "street": places.street_line(country, street, number, nothing(len(account))),
        "city": city,
    }
