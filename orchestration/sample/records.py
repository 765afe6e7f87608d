"""What a source system makes of a person: every field as typed there, dirt included.

A record is known by its key; the same key gives the same slips in whatever order records are written.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from orchestration.sample.columns import Column, blend, days, gathered, joined, masked, picked
from orchestration.sample.draws import Flags, Ints
from orchestration.sample.emails import retyped
from orchestration.sample.fullnames import FullNames
from orchestration.sample.people import MALE
from orchestration.sample.phones import landline_numbers, mobile_numbers, typed
from orchestration.sample.typos import with_slips
from orchestration.sample.world import World

DEFAULT_EMAILS = ("none@none.com", "noemail@duka.example", "na@na.na", "test@test.com")
DEFAULT_PHONES = ("0000000000", "1234567890", "0700000000", "999999999")
TEST_NAMES = (("Test", "Test"), ("QA", "Tester"), ("Test", "Account"), ("Asdf", "Asdf"))
TEST_EMAILS = ("qa@duka.example", "test@duka.example", "qa+shop@duka.example")
DEFAULT_BIRTHS = (-25_567, 0)  # 1900-01-01 and 1970-01-01
SHOP_PHONE_RANK = 4_242
YEAR_SECONDS = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Sightings:
    """Records of one source to be written: whom, under which key, and when the details were last confirmed."""

    source: str
    person: Ints
    key: Ints
    confirmed_at: Ints


@dataclass(slots=True)
class Scribe:
    """Writes the fields of a batch of records, each on demand, and notes the dirt it puts in."""

    world: World
    batch: Sightings

    def _struck(self, kind: str) -> Flags:
        return self.world.dirt.strikes(self.world.draws, kind, self.batch.source, self.batch.key)

    def _spoil(self, kind: str, column: Column, replacement: Column | None = None) -> Column:
        """Strike a column with a kind of dirt; without a replacement the value goes missing."""
        struck = self._struck(kind) & ~np.asarray(column.is_null())
        self.world.dirt.note(kind, self.batch.source, struck)
        if replacement is None:
            return masked(column, struck)
        return blend(struck, replacement, column)

    def _slips(self, kind: str, name: str, column: Column) -> Column:
        """Put slips of a kind into a column."""
        draws, batch = self.world.draws, self.batch
        rate = self.world.dirt.kinds[kind].rate_in(batch.source)
        struck = draws.chance(f"dirt.{kind}.{batch.source}.{name}", rate, batch.key)
        self.world.dirt.note(kind, batch.source, struck & ~np.asarray(column.is_null()))
        return with_slips(draws, f"slip.{batch.source}.{name}", column, struck, batch.key)

    def names(self) -> FullNames:
        """Return the parts of the name as this source has them, before they are laid out."""
        world, batch = self.world, self.batch
        people, person, source = world.people, batch.person, batch.source
        respelled, native = self._struck("respelled"), self._struck("native_script")
        own = world.draws.uniform("person.spelling", person)
        fresh = 0.5 + world.draws.uniform(f"spelling.{source}", batch.key) / 2
        variant = np.where(respelled, fresh, own)
        manner = world.manner(person, native)
        nickname = self._struck("nickname") & ~native
        world.dirt.note("respelled", source, respelled & ~native)
        world.dirt.note("native_script", source, native & world.has_script[person])
        spell = world.lexicon.spellbook.spell
        given = spell(people.given[person], manner, variant)
        nick = spell(people.given[person], 3, fresh)
        world.dirt.note("nickname", source, nickname & np.asarray(pc.not_equal(nick, given)))
        given = blend(nickname, nick, given)
        initial = joined(pc.utf8_slice_codeunits(given, 0, 1), ".")
        nobody = world.is_test[person]
        world.dirt.note("test_account", source, nobody)
        index = world.draws.below("test.name", len(TEST_NAMES), person)
        first, last = (picked([name[part] for name in TEST_NAMES], index) for part in (0, 1))
        middle = spell(np.where(nobody, -1, people.middle[person]), manner, variant)
        third = spell(np.where(nobody, -1, people.third[person]), manner, variant)
        return FullNames(
            given=blend(
                nobody, first, self._spoil("initial", self._slips("typo", "given", given), initial)
            ),
            middle=middle,
            third=third,
            family=blend(
                nobody,
                last,
                self._slips("typo", "family", spell(people.family[person], manner, variant)),
            ),
            culture=people.culture[person],
            is_male=people.sex[person] == MALE,
            is_latin=manner == 0,
            suffix=people.suffix[person],
        )

    def name_columns(self) -> tuple[Column, Column]:
        """Return given and family name, for sources that ask for them apart."""
        draws, source, key = self.world.draws, self.batch.source, self.batch.key
        first, last = self.names().in_parts(draws, source, key)
        last = self._spoil("missing_name", last)
        swapped = self._struck("swapped_name") & ~np.asarray(last.is_null())
        self.world.dirt.note("swapped_name", source, swapped)
        return blend(swapped, last, first), blend(swapped, first, last)

    def full_name(self) -> Column:
        """Return the whole name in the order people of the culture write it."""
        draws, source, key = self.world.draws, self.batch.source, self.batch.key
        names = self.names()
        names.family = self._spoil("missing_name", names.family)
        swapped = self._struck("swapped_name")
        self.world.dirt.note("swapped_name", source, swapped)
        return names.in_one(draws, source, key, swapped)

    def email(self) -> Column:
        """Return the e-mail address as typed, or none."""
        world, batch = self.world, self.batch
        head = world.people.head[batch.person]
        address = gathered(world.email, batch.person)
        shares = world.shares_email[batch.person] & (head != batch.person)
        shares &= self._struck("shared_email")
        world.dirt.note("shared_email", batch.source, shares)
        address = self._spoil("old_email", address, gathered(world.old_email, batch.person))
        address = blend(shares, gathered(world.email, head), address)
        address = retyped(world.draws, f"email.{batch.source}", address, batch.key)
        address = self._slips("typo_contact", "email", address)
        address = masked(address, ~world.has_email[batch.person])
        address = self._spoil("missing_email", address)
        nobody = world.is_test[batch.person]
        trial = picked(TEST_EMAILS, world.draws.below("test.email", len(TEST_EMAILS), batch.person))
        address = blend(nobody, trial, address)
        index = world.draws.below("default.email", len(DEFAULT_EMAILS), batch.key)
        struck = self._struck("default_email")
        world.dirt.note("default_email", batch.source, struck)
        return blend(struck, picked(DEFAULT_EMAILS, index), address)

    def _seen_at(self) -> Ints:
        """Return when the record's details were true: for stale records years before."""
        stale = self._struck("stale")
        self.world.dirt.note("stale", self.batch.source, stale)
        return np.where(stale, self.batch.confirmed_at - 4 * YEAR_SECONDS, self.batch.confirmed_at)

    def phone_numbers(self) -> Ints:
        """Return the national mobile number the record holds."""
        world, batch = self.world, self.batch
        people, person = world.people, batch.person
        head = people.head[person]
        shares = world.shares_phone[person] & (head != person) & self._struck("shared_phone")
        world.dirt.note("shared_phone", batch.source, shares)
        owner = np.where(shares, head, person)
        slot = world.phone_changes.slot_of(owner, self._seen_at())
        return mobile_numbers(world.places, people.country[owner], people.country_rank[owner], slot)

    def phone(self) -> Column:
        """Return the mobile number as typed, or none."""
        world, batch = self.world, self.batch
        country = world.people.country[batch.person]
        number = self.phone_numbers()
        text = typed(world.draws, f"phone.{batch.source}", world.places, country, number, batch.key)
        text = self._spoil("missing_phone", text)
        shop = landline_numbers(world.places, country, np.full(len(country), SHOP_PHONE_RANK))
        text = self._spoil(
            "shop_phone",
            text,
            typed(world.draws, "phone.shop", world.places, country, shop, country),
        )
        index = world.draws.below("default.phone", len(DEFAULT_PHONES), batch.key)
        return self._spoil("default_phone", text, picked(DEFAULT_PHONES, index))

    def landline(self, share: float) -> Column:
        """Return the household's landline as typed; only a share of the records has it."""
        world, batch = self.world, self.batch
        country = world.people.country[batch.person]
        number = landline_numbers(world.places, country, world.people.household[batch.person])
        text = typed(
            world.draws, f"landline.{batch.source}", world.places, country, number, batch.key
        )
        return masked(text, ~world.draws.chance("landline.known", share, batch.key))

    def address(self) -> dict[str, Column]:
        """Return street, city, region, postcode as typed."""
        world, batch = self.world, self.batch
        columns = world.addresses.lines(batch.person, self._seen_at(), batch.source, batch.key)
        columns["street"] = self._slips("typo_contact", "street", columns["street"])
        columns["street"] = self._spoil("missing_address", columns["street"])
        return columns

    def birth_days(self) -> tuple[Ints, Flags]:
        """Return days of birth and which are missing."""
        world, batch = self.world, self.batch
        birth = world.people.birth[batch.person]
        struck = self._struck("default_birth_date")
        world.dirt.note("default_birth_date", batch.source, struck)
        index = world.draws.below("default.birth", len(DEFAULT_BIRTHS), batch.key)
        birth = np.where(struck, np.array(DEFAULT_BIRTHS)[index], birth)
        missing = self._struck("missing_birth_date") & ~struck
        world.dirt.note("missing_birth_date", batch.source, missing)
        return birth, missing

    def birth_date(self) -> Column:
        """Return the date of birth, or none."""
        birth, missing = self.birth_days()
        return masked(days(birth), missing)

    def sex(self) -> Column:
        """Return M or F, or none."""
        sex = picked(("M", "F"), self.world.people.sex[self.batch.person])
        return self._spoil("missing_sex", sex)

    def country(self) -> Column:
        """Return the two-letter country code."""
        return picked(self.world.places.codes, self.world.people.country[self.batch.person])

    def salutation(self) -> Column:
        """Return a form of address."""
        draws, batch = self.world.draws, self.batch
        index = self.world.people.sex[batch.person] * 3 + draws.below("salutation", 3, batch.key)
        chosen = picked(("Mr", "Mr.", "Dr", "Ms", "Mrs", "Dr"), index)
        return masked(chosen, draws.chance("salutation.none", 0.4, batch.key))
