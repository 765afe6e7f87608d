import hashlib
import sqlite3
from datetime import date

import pytest

from orchestration.sample.calendar import SampleConfig
from orchestration.sample.company import add_day, make_sample
from orchestration.sample.errors import SampleConfigError

END_DATE = date(2026, 11, 21)
SIZE = 400


def contents(home):
    """Return a digest of every file, of the database its rows."""
    found = {}
    for path in sorted(home.rglob("*")):
        if path.suffix == ".sqlite":
            with sqlite3.connect(path) as connection:
                content = "\n".join(connection.iterdump()).encode()
        elif path.is_file():
            content = path.read_bytes()
        else:
            continue
        found[path.relative_to(home).as_posix()] = hashlib.sha256(content).hexdigest()
    return found


@pytest.fixture(scope="module")
def three_days(tmp_path_factory):
    home = tmp_path_factory.mktemp("three_days")
    make_sample(home, customers=SIZE, days=3, seed=5, end_date=END_DATE)
    return contents(home)


def test_the_same_seed_gives_the_same_bytes(three_days, tmp_path):
    make_sample(tmp_path, customers=SIZE, days=3, seed=5, end_date=END_DATE)
    assert contents(tmp_path) == three_days


def test_another_seed_gives_other_people(three_days, tmp_path):
    make_sample(tmp_path, customers=SIZE, days=3, seed=6, end_date=END_DATE)
    same = {name for name, digest in contents(tmp_path).items() if three_days.get(name) == digest}
    assert same == set()


def test_two_days_and_one_more_equal_three_at_once(three_days, tmp_path):
    make_sample(tmp_path, customers=SIZE, days=2, seed=5, end_date=date(2026, 11, 20))
    add_day(tmp_path)
    assert contents(tmp_path) == three_days


def test_one_day_and_two_more_equal_three_at_once(three_days, tmp_path):
    make_sample(tmp_path, customers=SIZE, days=1, seed=5, end_date=date(2026, 11, 19))
    add_day(tmp_path)
    add_day(tmp_path)
    assert contents(tmp_path) == three_days


def test_a_day_cut_short_is_made_again(three_days, tmp_path):
    make_sample(tmp_path, customers=SIZE, days=2, seed=5, end_date=date(2026, 11, 20))
    before = SampleConfig.read(tmp_path)
    add_day(tmp_path)
    before.write(tmp_path)  # as if the program had been killed just before the end
    add_day(tmp_path)
    assert contents(tmp_path) == three_days


def test_making_a_sample_again_replaces_it(three_days, tmp_path):
    make_sample(tmp_path, customers=SIZE, days=4, seed=9, end_date=END_DATE)
    make_sample(tmp_path, customers=SIZE, days=3, seed=5, end_date=END_DATE)
    assert contents(tmp_path) == three_days


def test_a_real_inbox_is_never_replaced(tmp_path):
    real = tmp_path / "inbox" / "webshop" / "customers.csv"
    real.parent.mkdir(parents=True)
    real.write_text("customer_no\n1\n", encoding="utf-8")
    with pytest.raises(SampleConfigError, match="no sample's"):
        make_sample(tmp_path, customers=SIZE, days=1, seed=5, end_date=END_DATE)
    assert real.exists()


def test_a_day_cannot_be_added_where_there_is_no_sample(tmp_path):
    with pytest.raises(SampleConfigError, match="no sample company"):
        add_day(tmp_path)


@pytest.mark.parametrize(("customers", "days"), [(49, 3), (100, 0)])
def test_a_company_without_people_or_days_is_refused(tmp_path, customers, days):
    with pytest.raises(SampleConfigError):
        make_sample(tmp_path, customers=customers, days=days, seed=1, end_date=END_DATE)


def test_a_company_of_fifty_lives_through_two_weeks(tmp_path):
    summary = make_sample(tmp_path, customers=50, days=14, seed=1, end_date=END_DATE)
    assert summary.first_day == date(2026, 11, 8)
    assert summary.customers == 50 + 13 * 2
