"""What a source system makes of a person: every field as typed there, dirt included.

A record is known by its key: the same key gives the same slips, in whatever order records come.
"""

import numpy as np
import pyarrow.compute as pc

from orchestration.sample.columns import Column, blend, days, gathered, joined, masked, picked
from orchestration.sample.draws import Flags, Ints
from orchestration.sample.emails import retyped
from orchestration.sample.fullnames import FullNames
from orchestration.sample.people import MALE
from orchestration.sample.phones import HOUSEHOLD_LINE, SHOP_LINE
from orchestration.sample.spellbook import NICKNAME
from orchestration.sample.spoiling import Spoiler

TEST_NAMES = (("Test", "Test"), ("QA", "Tester"), ("Test", "Account"), ("Asdf", "Asdf"))
TEST_EMAILS = ("qa@duka.example", "test@duka.example", "qa+shop@duka.example")
DEFAULT_EMAILS = ("none@none.com", "noemail@duka.example", "na@na.na", "test@test.com")
DEFAULT_PHONES = ("0000000000", "1234567890", "0700000000", "999999999")
DEFAULT_BIRTHS = (-25_567, 0)  # 1900-01-01 and 1970-01-01
SHOP_COUNTRY, SHOP_RANK = "KE", 0
STALE_SECONDS = 4 * 365 * 86_400


class Scribe(Spoiler):
    """Writes the fields of a batch of records, each on demand."""

    def names(self) -> FullNames:
        """Return the parts of the name as this source has them, before they are laid out."""
        world, person = self.world, self.batch.person
        people, spell = world.people, world.lexicon.spellbook.spell
        respelled, native = self.struck("respelled"), self.struck("native_script")
        own = world.draws.uniform("person.spelling", person)
        fresh = 0.5 + world.draws.uniform(f"spelling.{self.batch.source}", self.batch.key) / 2
        variant = np.where(respelled, fresh, own)
        manner = world.manner(person, native)
        self.note("respelled", respelled & ~native)
        self.note("native_script", native & world.has_script[person])
        given = spell(people.given[person], manner, variant)
        given = self._given(given, spell(people.given[person], NICKNAME, fresh), native)
        family = spell(people.family[person], manner, variant)
        nobody = world.is_test[person]
        names = FullNames(
            given=given,
            middle=spell(np.where(nobody, -1, people.middle[person]), manner, variant),
            third=spell(np.where(nobody, -1, people.third[person]), manner, variant),
            family=self.with_slips("typo", "family", family),
            culture=people.culture[person],
            is_male=people.sex[person] == MALE,
            is_latin=manner == 0,
            suffix=people.suffix[person],
        )
        self._name_nobody(names, nobody)
        return names

    def _given(self, given: Column, nickname: Column, native: Flags) -> Column:
        """Return given names with nicknames, slips and initials."""
        struck = self.struck("nickname") & ~native & np.asarray(pc.not_equal(nickname, given))
        self.note("nickname", struck)
        given = blend(struck, nickname, given)
        initial = joined(pc.utf8_slice_codeunits(given, 0, 1), ".")
        return self.spoiled("initial", self.with_slips("typo", "given", given), initial)

    def _name_nobody(self, names: FullNames, nobody: Flags) -> None:
        """Give test accounts the names that staff type."""
        self.note("test_account", nobody)
        index = self.world.draws.below("test.name", len(TEST_NAMES), self.batch.person)
        first, last = (picked([name[part] for name in TEST_NAMES], index) for part in (0, 1))
        names.given = blend(nobody, first, names.given)
        names.family = blend(nobody, last, names.family)

    def name_columns(self) -> tuple[Column, Column]:
        """Return given and family name, for sources that ask for them apart."""
        draws, source, key = self.world.draws, self.batch.source, self.batch.key
        first, last = self.names().in_parts(draws, source, key)
        last = self.spoiled("missing_name", last)
        swapped = self.struck("swapped_name") & ~np.asarray(last.is_null())
        self.note("swapped_name", swapped)
        return blend(swapped, last, first), blend(swapped, first, last)

    def full_name(self) -> Column:
        """Return the whole name in the order people of the culture write it."""
        draws, source, key = self.world.draws, self.batch.source, self.batch.key
        names = self.names()
        names.family = self.spoiled("missing_name", names.family)
        swapped = self.struck("swapped_name")
        self.note("swapped_name", swapped)
        return names.in_one(draws, source, key, swapped)

    def email(self) -> Column:
        """Return the e-mail address as typed, or none."""
        world, batch = self.world, self.batch
        head = world.people.head[batch.person]
        address = gathered(world.email, batch.person)
        address = self.spoiled("old_email", address, gathered(world.old_email, batch.person))
        shares = world.shares_email[batch.person] & (head != batch.person)
        shares &= self.struck("shared_email")
        self.note("shared_email", shares)
        address = blend(shares, gathered(world.email, head), address)
        address = retyped(world.draws, f"email.{batch.source}", address, batch.key)
        address = self.with_slips("typo_contact", "email", address)
        address = masked(address, ~world.has_email[batch.person])
        address = self.spoiled("missing_email", address)
        trial = picked(TEST_EMAILS, world.draws.below("test.email", len(TEST_EMAILS), batch.person))
        address = blend(world.is_test[batch.person], trial, address)
        struck = self.struck("default_email")
        self.note("default_email", struck)
        index = world.draws.below("default.email", len(DEFAULT_EMAILS), batch.key)
        return blend(struck, picked(DEFAULT_EMAILS, index), address)

    def _seen_at(self) -> Ints:
        """Return when the record's details were true: for stale records years before."""
        confirmed_at = self.batch.confirmed_at
        return np.where(self.struck("stale"), confirmed_at - STALE_SECONDS, confirmed_at)

    def phone(self) -> Column:
        """Return the mobile number as typed, or none."""
        world, batch = self.world, self.batch
        head = world.people.head[batch.person]
        country = world.people.country[batch.person]
        shares = world.shares_phone[batch.person] & (head != batch.person)
        shares &= self.struck("shared_phone")
        self.note("shared_phone", shares)
        self.note("stale", self.struck("stale"))
        number = world.mobile_of(np.where(shares, head, batch.person), self._seen_at())
        text = world.phones.typed(f"phone.{batch.source}", country, number, batch.key)
        text = self._shop_phone(self.spoiled("missing_phone", text), country)
        index = world.draws.below("default.phone", len(DEFAULT_PHONES), batch.key)
        return self.spoiled("default_phone", text, picked(DEFAULT_PHONES, index))

    def _shop_phone(self, text: Column, country: Ints) -> Column:
        """Put the number of one shop in the place of its customers' numbers."""
        world = self.world
        struck = self.struck("shop_phone") & (country == world.places.codes.index(SHOP_COUNTRY))
        self.note("shop_phone", struck)
        shop = world.phones.landline(country, np.full(len(country), SHOP_RANK), SHOP_LINE)
        return blend(struck, world.phones.typed("phone.shop", country, shop, country), text)

    def landline(self, share: float) -> Column:
        """Return the household's landline as typed; only a share of the records has it."""
        world, batch = self.world, self.batch
        people = world.people
        country = people.country[batch.person]
        rank = people.country_rank[people.head[batch.person]]
        number = world.phones.landline(country, rank, HOUSEHOLD_LINE)
        text = world.phones.typed(f"landline.{batch.source}", country, number, batch.key)
        return masked(text, ~world.draws.chance("landline.known", share, batch.key))

    def address(self) -> dict[str, Column]:
        """Return street, city, region, postcode as typed."""
        world, batch = self.world, self.batch
        columns = world.addresses.lines(batch.person, self._seen_at(), batch.source, batch.key)
        columns["street"] = self.with_slips("typo_contact", "street", columns["street"])
        columns["street"] = self.spoiled("missing_address", columns["street"])
        return columns

    def birth_days(self) -> tuple[Ints, Flags]:
        """Return days of birth and which are missing."""
        world, batch = self.world, self.batch
        struck = self.struck("default_birth_date")
        self.note("default_birth_date", struck)
        index = world.draws.below("default.birth", len(DEFAULT_BIRTHS), batch.key)
        birth = np.where(struck, np.array(DEFAULT_BIRTHS)[index], world.people.birth[batch.person])
        missing = self.struck("missing_birth_date") & ~struck
        self.note("missing_birth_date", missing)
        return birth, missing

    def birth_date(self) -> Column:
        """Return the date of birth, or none."""
        birth, missing = self.birth_days()
        return masked(days(birth), missing)

    def sex(self) -> Column:
        """Return M or F, or none."""
        return self.spoiled(
            "missing_sex", picked(("M", "F"), self.world.people.sex[self.batch.person])
        )

    def country(self) -> Column:
        """Return the two-letter country code."""
        return picked(self.world.places.codes, self.world.people.country[self.batch.person])

    def salutation(self) -> Column:
        """Return a form of address."""
        draws, batch = self.world.draws, self.batch
        index = self.world.people.sex[batch.person] * 3 + draws.below("salutation", 3, batch.key)
        chosen = picked(("Mr", "Mr.", "Dr", "Ms", "Mrs", "Dr"), index)
        return masked(chosen, draws.chance("salutation.none", 0.4, batch.key))
