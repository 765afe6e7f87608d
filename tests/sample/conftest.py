from datetime import date

import pytest

from orchestration.sample.company import make_sample
from tests.sample.delivered import database

END_DATE = date(2026, 11, 21)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory):
    """A small company of three days."""
    home = tmp_path_factory.mktemp("duka")
    make_sample(home, customers=3_000, days=3, seed=11, end_date=END_DATE)
    return home


@pytest.fixture(scope="session")
def duka(sample_home):
    """The small company as a database."""
    return database(sample_home)
