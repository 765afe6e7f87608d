"""The people of the sample: households, names, dates of birth, when they move and change numbers.

Everything here is the truth; what the source systems make of it stands in records.py.
"""

from dataclasses import dataclass, fields

import numpy as np

from orchestration.sample.calendar import DAY_SECONDS, SampleConfig
from orchestration.sample.draws import Draws, Flags, Ints, Keys
from orchestration.sample.lexicon import CULTURES, Lexicon
from orchestration.sample.places import Places

MALE, FEMALE = 0, 1
NO_SUFFIX, SENIOR, JUNIOR = 0, 1, 2
NEVER = np.int64(2**62)
DAILY_GROWTH = 0.003
DAILY_MOVES = 0.001
SIZES = (0.5, 0.27, 0.11, 0.08, 0.04)
CODE = {name: number for number, name in enumerate(CULTURES)}
FATHER_AS_MIDDLE = ("tanzanian", "gulf")
NAMED_AFTER_FATHER = ("kenyan", "tanzanian", "english", "south_asian", "gulf")
KEEPS_MAIDEN_NAME = ("vietnamese", "gulf", "tanzanian")


@dataclass(slots=True)
class People:
    """One row per person, in the order they came; names are entries of the lexicon, -1 is none."""

    day: Ints
    household: Ints
    position: Ints
    head: Ints
    country: Ints
    culture: Ints
    sex: Ints
    birth: Ints
    given: Ints
    middle: Ints
    third: Ints
    family: Ints
    suffix: Ints
    is_twin: Flags
    country_rank: Ints

    @property
    def count(self) -> int:
        """Number of people."""
        return len(self.day)


def cohort_size(config: SampleConfig, day: int) -> int:
    """Return how many people come on a day."""
    return config.customers if day == 1 else max(2, round(config.customers * DAILY_GROWTH))


def make_people(config: SampleConfig, draws: Draws, places: Places, lexicon: Lexicon) -> People:
    """Make everybody who has come by the last day."""
    cohorts = []
    persons = households = 0
    for day in range(1, config.days + 1):
        cohort = _cohort(
            draws, places, lexicon, (day, cohort_size(config, day), persons, households)
        )
        cohorts.append(cohort)
        persons += cohort.count
        households = int(cohort.household[-1]) + 1
    columns = {
        one.name: np.concatenate([getattr(cohort, one.name) for cohort in cohorts])
        for one in fields(People)
    }
    people = People(**columns)
    people.country_rank = _ranks(people.country, len(places.countries))
    return people


def _ranks(groups: Keys, count: int) -> Ints:
    """Return the position of each row among the rows of its group."""
    rank = np.zeros(len(groups), dtype=np.int64)
    for group in range(count):
        where = np.flatnonzero(groups == group)
        rank[where] = np.arange(len(where))
    return rank


def _cohort(
    draws: Draws, places: Places, lexicon: Lexicon, batch: tuple[int, int, int, int]
) -> People:
    """Make the people of one day, household by household."""
    day, count, first_person, first_household = batch
    sizes = 1 + draws.choice("household.size", SIZES, first_household + np.arange(count))
    index = np.repeat(np.arange(count), sizes)[:count]
    start = np.concatenate([[0], np.cumsum(sizes)])[index]
    position = np.arange(count) - start
    household = first_household + index
    size = np.minimum(sizes[index], count - start)
    shares = [country.share for country in places.countries]
    country = draws.choice("household.country", shares, household)
    culture = np.zeros(count, dtype=np.int64)
    for number, one in enumerate(places.countries):
        where = np.flatnonzero(country == number)
        culture[where] = draws.choice("household.culture", one.cultures, household[where])
    person = first_person + np.arange(count)
    head_sex = draws.choice("household.head_sex", (0.56, 0.44), household)
    sex = np.where(position == 0, head_sex, draws.below("person.sex", 2, person))
    sex = np.where(position == 1, 1 - head_sex, sex)
    is_twin = (
        draws.chance("household.twins", 0.12, household) & (size >= 4) & np.isin(position, (2, 3))
    )
    people = People(
        day=np.full(count, day), household=household, position=position, head=first_person + start,
        country=country, culture=culture, sex=sex,
        birth=_births(draws, (household, person, position, size), is_twin),
        given=lexicon.pick(draws, "name.given.male", culture, "male", person),
        middle=np.full(count, -1), third=np.full(count, -1), family=np.full(count, -1),
        suffix=np.zeros(count, dtype=np.int64), is_twin=is_twin,
        country_rank=np.zeros(count, dtype=np.int64),
    )  # fmt: skip
    women = lexicon.pick(draws, "name.given.female", culture, "female", person)
    people.given = np.where(sex == MALE, people.given, women)
    _name_children(draws, lexicon, people, (start, person))
    return people


def _births(draws: Draws, keys: tuple[Ints, Ints, Ints, Ints], is_twin: Flags) -> Ints:
    """Return days of birth: couples of like age, children 19 to 32 years after the head."""
    household, person, position, size = keys
    years = 365.25
    has_children = size >= 3
    span = np.where(has_children, 32.0, 61.0)
    head = -9500.0 + draws.uniform("household.head_birth", household) * span * years
    spouse = head + (draws.uniform("person.birth_gap", person) - 0.4) * 9 * years
    child_key = np.where(is_twin, household + (1 << 40), person)
    child = head + (19 + 9 * draws.uniform("person.child_birth", child_key)) * years
    birth = np.where(position == 0, head, np.where(position == 1, spouse, child))
    return np.minimum(birth, 14_600).astype(np.int64)  # born by 2009: everybody is of age to shop


def _name_children(draws: Draws, lexicon: Lexicon, people: People, keys: tuple[Ints, Ints]) -> None:
    """Give family, middle and father's names; sons may carry their father's given name."""
    start, person = keys
    culture, sex, position = people.culture, people.sex, people.position
    is_child = position >= 2
    spouse = np.minimum(start + 1, people.count - 1)
    father_row = np.where(sex[start] == MALE, start, spouse)
    own_father = lexicon.pick(draws, "name.father", culture, "male", person)
    namesake = (
        is_child & (sex == MALE) & draws.chance("person.namesake", 0.06, person)
        & np.isin(culture, [CODE[name] for name in NAMED_AFTER_FATHER])
        & ~people.is_twin
    )  # fmt: skip
    # One son at most is named after the father.
    rows = np.flatnonzero(namesake)
    first = np.zeros(people.count, dtype=np.bool_)
    _tell_siblings_apart(draws, lexicon, people, person)
    first[rows[np.unique(start[rows], return_index=True)[1]]] = True
    people.given = np.where(first, people.given[father_row], people.given)
    people.suffix = np.where(first, JUNIOR, people.suffix)
    people.suffix[father_row[first]] = SENIOR
    father = np.where(is_child, people.given[father_row], own_father)
    grandfather = np.where(
        is_child,
        own_father[father_row],
        lexicon.pick(draws, "name.grandfather", culture, "male", person),
    )
    people.family = _families(draws, lexicon, people, person)
    middle = lexicon.pick(draws, "name.middle.male", culture, "middle_male", person)
    other = lexicon.pick(draws, "name.middle.female", culture, "middle_female", person)
    middle = np.where(sex == MALE, middle, other)
    patronymic = lexicon.patronymic_of[father, sex]
    middle = np.where(patronymic >= 0, patronymic, middle)
    takes_father = np.isin(culture, [CODE[name] for name in FATHER_AS_MIDDLE])
    people.middle = np.where(takes_father, father, middle)
    people.middle = np.where(people.middle == people.family, -1, people.middle)
    people.third = np.where(culture == CODE["gulf"], grandfather, -1)


def _tell_siblings_apart(draws: Draws, lexicon: Lexicon, people: People, person: Ints) -> None:
    """Give children of one household different given names, twins above all."""
    for attempt in range(4):
        clash = np.zeros(people.count, dtype=np.bool_)
        for back in (1, 2):
            same = (people.given[back:] == people.given[:-back]) & (
                people.position[back:] >= 2 + back
            )
            clash[back:] |= same
        where = np.flatnonzero(clash)
        role = np.where(people.sex == MALE, 0, 1)[where]
        for number, pool in enumerate(("male", "female")):
            some = where[role == number]
            again = lexicon.pick(
                draws, f"name.given.again.{attempt}", people.culture[some], pool, person[some]
            )
            people.given[some] = again


def _families(draws: Draws, lexicon: Lexicon, people: People, person: Ints) -> Ints:
    """Return family names: shared in the household, a wife's own where it is the custom."""
    culture, household = people.culture, people.household
    shared = lexicon.pick(draws, "name.family", culture, "family", household)
    own = lexicon.pick(draws, "name.family.own", culture, "family", person)
    custom = np.isin(culture, [CODE[name] for name in KEEPS_MAIDEN_NAME])
    keeps = np.where(custom, 0.9, 0.25)
    by_marriage = (people.position == 1) & draws.chance("name.maiden", keeps, person)
    family = np.where(by_marriage, own, shared)
    return np.where(people.sex == FEMALE, lexicon.feminine_of[family], family)


@dataclass(slots=True)
class Changes:
    """When a household (or person) changed: once in the past for some, once in the days to come."""

    before: Ints
    after: Ints

    def slot(self, moments: Keys) -> Ints:
        """Return how many changes had happened by each moment, counted so that 1 is today's state.

        0 is the state of the past, 2 the state after a change on a later day.
        """
        return np.where(moments < self.before, 0, np.where(moments < self.after, 1, 2))


def changes(
    config: SampleConfig, draws: Draws, stream: str, keys: Keys, past_share: float
) -> Changes:
    """Draw the changes of each key: in the five years before the first day, and on later days."""
    span = 5 * 365 * DAY_SECONDS
    ago = (draws.uniform(f"{stream}.ago", keys) ** 1.5 * span).astype(np.int64)
    happened = draws.chance(f"{stream}.past", past_share, keys)
    before = np.where(happened, config.closes(1) - 1 - ago, 0)
    later = (draws.uniform(f"{stream}.later", keys) / DAILY_MOVES * DAY_SECONDS).astype(np.int64)
    return Changes(before, config.closes(1) + later)
