from datetime import date

import numpy as np
import phonenumbers
import pytest

from orchestration.sample.calendar import SampleConfig
from orchestration.sample.draws import Draws
from orchestration.sample.phones import Telephones
from orchestration.sample.places import load_places
from orchestration.sample.world import build_world


@pytest.fixture(scope="module")
def phones():
    return Telephones(Draws(7), load_places())


@pytest.fixture(scope="module")
def world():
    config = SampleConfig.ending(date(2026, 11, 21), customers=30_000, days=3, seed=7)
    return build_world(config)


@pytest.mark.parametrize("country", range(9))
def test_no_two_people_of_a_country_share_a_number_by_chance(phones, country):
    rank = np.arange(150_000).repeat(3)
    slot = np.tile(np.arange(3), 150_000)
    numbers = phones.mobile(np.full(len(rank), country), rank, slot)
    assert len(np.unique(numbers)) == len(numbers)


@pytest.mark.parametrize("country", range(9))
def test_numbers_are_valid(phones, country):
    rank = np.arange(0, 100_000, 97)
    place = np.full(len(rank), country)
    code = phones.places.codes[country]
    for number in (phones.mobile(place, rank, rank % 3), phones.landline(place, rank, 0)):
        for text in phones.international(place, number).to_pylist():
            parsed = phonenumbers.parse(text)
            assert phonenumbers.is_valid_number(parsed)
            assert phonenumbers.region_code_for_number(parsed) == code


def test_the_next_number_of_a_person_does_not_follow_from_the_last(phones):
    rank, place = np.arange(2_000), np.zeros(2_000, dtype=np.int64)
    steps = phones.mobile(place, rank, place + 1) - phones.mobile(place, rank, place)
    assert len(np.unique(steps)) > 1_900


def test_one_number_is_typed_in_many_ways(phones):
    number = np.full(300, 712345678)
    typed = phones.typed("trial", np.zeros(300, dtype=np.int64), number, np.arange(300))
    assert {"+254712345678", "0712345678", "00254712345678", "071 234 5678"} <= set(
        typed.to_pylist()
    )


def test_no_two_people_share_an_address_by_chance(world):
    addresses = world.email.to_pylist() + world.old_email.to_pylist()
    assert len(set(addresses)) == len(addresses)


def test_addresses_are_plain_and_small(world):
    assert all(
        address.isascii() and address.count("@") == 1 and address == address.lower()
        for address in world.email.to_pylist()
    )


def test_addresses_stay_when_more_people_come(world):
    later = build_world(SampleConfig.ending(date(2026, 11, 23), customers=30_000, days=5, seed=7))
    assert later.email.slice(0, len(world.email)).equals(world.email)


def test_people_are_spread_over_the_countries_as_planned(world):
    shares = np.bincount(world.people.country) / world.people.count
    planned = [country.share for country in world.places.countries]
    assert shares == pytest.approx(planned, abs=0.015)


def test_children_are_younger_than_the_head_of_the_household(world):
    people = world.people
    child = people.position >= 2
    assert (people.birth[child] > people.birth[people.head[child]] + 18 * 365).all()
