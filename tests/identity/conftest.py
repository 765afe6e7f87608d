"""A warehouse with a crowd in its conformed layer."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.identity.people import Record, crowd
from tests.identity.warehouses import fill_conformed


@pytest.fixture(scope="session")
def people() -> list[Record]:
    return crowd()


@pytest.fixture
def warehouse(people: list[Record]) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        fill_conformed(connection, people)
        yield connection
