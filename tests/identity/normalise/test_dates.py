"""Birth dates are read part by part."""

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from orchestration.identity.normalise.dates import (
    DEFAULT_DATES,
    BirthDate,
    date_pattern,
    parse_birth_date,
    parse_birth_dates,
)


@pytest.mark.parametrize(
    ("typed", "date_format", "expected"),
    [
        ("1985-03-17", "%Y-%m-%d", BirthDate(1985, 3, 17)),
        ("17/03/1985", "%d/%m/%Y", BirthDate(1985, 3, 17)),
        ("4/8/1966", "%m/%d/%Y", BirthDate(1966, 4, 8)),
        ("19850317", "%Y%m%d", BirthDate(1985, 3, 17)),
        ("03171985", "%m%d%Y", BirthDate(1985, 3, 17)),
        ("17 Mar 1985", "%d %b %Y", BirthDate(1985, 3, 17)),
        ("1985-03-17 00:00:00", "%Y-%m-%d", BirthDate(1985, 3, 17)),
        ("17.3.85", "%d.%m.%y", BirthDate(1985, 3, 17)),
        ("17.3.00", "%d.%m.%y", BirthDate(2000, 3, 17)),
        ("17.3.0o", "%d.%m.%y", BirthDate(0, 3, 17)),
        ("19851717", "%Y%m%d", BirthDate(1985, 0, 17)),
        ("1985-o3-17", "%Y-%m-%d", BirthDate(1985, 0, 17)),
        ("1985-02-30", "%Y-%m-%d", BirthDate(1985, 2, 0)),
    ],
)
def test_what_can_be_read_of_a_date_is_kept(
    typed: str, date_format: str, expected: BirthDate
) -> None:
    assert parse_birth_date(typed, date_format) == expected


@pytest.mark.parametrize("default", ["1900-01-01", "1970-01-01", "0001-01-01", "", "soon"])
def test_a_default_date_is_no_information(default: str) -> None:
    assert parse_birth_date(default, "%Y-%m-%d") is None


def test_nobody_is_born_after_the_latest_year() -> None:
    assert parse_birth_date("17.3.27", "%d.%m.%y", 2026) == BirthDate(1927, 3, 17)
    assert parse_birth_date("17.3.26", "%d.%m.%y", 2026) == BirthDate(2026, 3, 17)


@pytest.mark.parametrize(
    ("date_format", "problem"),
    [("%Y-%m-%d %H", "%H is not one of"), ("%Y %Y", "%Y is there twice")],
)
def test_a_format_that_is_no_date_is_refused(date_format: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        date_pattern(date_format)


def test_a_column_of_dates_keeps_its_nulls() -> None:
    parsed = parse_birth_dates(pa.array(["1985-03-17", None]))
    assert parsed.to_pylist() == [{"year": 1985, "month": 3, "day": 17}, None]


def test_the_dates_that_systems_fill_in_are_the_same_here_and_in_the_seed() -> None:
    seed = Path(__file__).parents[3] / "dbt_project" / "seeds" / "default_birth_dates.csv"
    with seed.open(encoding="utf-8", newline="") as file:
        dates = {
            tuple(int(part) for part in row["birth_date"].split("-"))
            for row in csv.DictReader(file)
        }
    assert dates == DEFAULT_DATES
