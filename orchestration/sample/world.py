"""The world every source system looks at: who lives where and is reached how, day by day.

Built anew from the configuration each time; nothing else is kept from day to day.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from orchestration.sample.addresses import Addresses
from orchestration.sample.calendar import DAY_SECONDS, HISTORY_DAYS, SampleConfig
from orchestration.sample.columns import Column
from orchestration.sample.dirt import Dirt, load_dirt
from orchestration.sample.draws import Draws, Flags, Ints
from orchestration.sample.emails import make_emails
from orchestration.sample.lexicon import Lexicon, load_lexicon
from orchestration.sample.people import CODE, People, changes, make_people
from orchestration.sample.personal_changes import PersonalChanges
from orchestration.sample.phones import Telephones
from orchestration.sample.places import Places, load_places
from orchestration.sample.spellbook import LATIN, NATIVE, RUSSIAN

SCRIPTED = ("gulf", "uzbek", "russian", "vietnamese")


@dataclass
class World:
    """Truth and chance of one sample up to its last day."""

    config: SampleConfig
    draws: Draws
    places: Places
    lexicon: Lexicon
    dirt: Dirt
    people: People
    email: Column
    old_email: Column

    @cached_property
    def has_email(self) -> Flags:
        """Who has an e-mail address at all."""
        return self.draws.chance("person.has_email", 0.86, np.arange(self.people.count))

    @cached_property
    def shares_phone(self) -> Flags:
        """Who lives in a household where one number is given for all."""
        return self.draws.chance("household.one_phone", 0.12, self.people.household)

    @cached_property
    def shares_email(self) -> Flags:
        """Who lives in a household where one address is given for all."""
        return self.draws.chance("household.one_email", 0.06, self.people.household)

    @cached_property
    def is_test(self) -> Flags:
        """Who is nobody: somebody of the staff trying the systems, always in a household of one."""
        household = self.people.household
        alone = np.bincount(household)[household] == 1
        struck = self.dirt.strikes(self.draws, "test_account", "people", np.arange(len(household)))
        return np.asarray(struck & alone)

    @cached_property
    def has_script(self) -> Flags:
        """Whose name has a spelling other than plain Latin letters."""
        return np.isin(self.people.culture, [CODE[name] for name in SCRIPTED])

    @cached_property
    def phone_changes(self) -> PersonalChanges:
        """When people changed their number."""
        person = np.arange(self.people.count)
        return PersonalChanges(changes(self.config, self.draws, "phone.change", person, 0.3))

    @cached_property
    def moves(self) -> PersonalChanges:
        """When people moved house: households move together."""
        return PersonalChanges(
            changes(self.config, self.draws, "household.move", self.people.household, 0.35)
        )

    @cached_property
    def addresses(self) -> Addresses:
        """Where people live."""
        return Addresses(self.draws, self.places, self.people, self.moves)

    @cached_property
    def phones(self) -> Telephones:
        """Who has which telephone number."""
        return Telephones(self.draws, self.places)

    def mobile_of(self, person: Ints, moments: Ints) -> Ints:
        """Return the mobile number each person had at a moment."""
        people = self.people
        slot = self.phone_changes.slot_of(person, moments)
        return self.phones.mobile(people.country[person], people.country_rank[person], slot)

    def manner(self, person: Ints, is_native: Flags) -> Ints:
        """Return the script each record is written in; Uzbeks write Russian letters at times."""
        russian = self.draws.chance("person.writes_russian", 0.4, person)
        native = np.where(russian & (self.people.culture[person] == CODE["uzbek"]), RUSSIAN, NATIVE)
        return np.where(is_native, native, LATIN)

    def moment_in(self, stream: str, day: Ints, key: Ints) -> Ints:
        """Return a moment within the window of each delivery day."""
        config = self.config
        opens = np.where(day == 1, config.opens(1), config.closes(1) + (day - 2) * DAY_SECONDS)
        length = np.where(day == 1, HISTORY_DAYS, 1) * DAY_SECONDS
        return np.asarray(opens + (self.draws.uniform(stream, key, day) * length).astype(np.int64))


def build_world(config: SampleConfig) -> World:
    """Make the people of a configuration."""
    draws, places, lexicon = Draws(config.seed), load_places(), load_lexicon()
    people = make_people(config, draws, places, lexicon)
    email, old_email = make_emails(draws, places, lexicon, people)
    return World(config, draws, places, lexicon, load_dirt(), people, email, old_email)
