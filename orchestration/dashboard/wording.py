"""How figures and names are written for people: short, rounded, and never `nan`."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

NOTHING = "–"
COUNTRIES: Mapping[str, str] = {
    "KE": "Kenya",
    "TZ": "Tanzania",
    "VN": "Viet Nam",
    "UZ": "Uzbekistan",
    "AE": "United Arab Emirates",
    "SA": "Saudi Arabia",
    "KW": "Kuwait",
    "OM": "Oman",
    "QA": "Qatar",
    "?": "not known",
}
STATES: Mapping[str, str] = {
    "new": "first purchase within 90 days",
    "active": "last purchase within 180 days",
    "lapsing": "last purchase 181 to 365 days ago",
    "lost": "last purchase more than a year ago",
    "prospect": "no purchase yet",
}


def words(name: object) -> str:
    """Return a name of the warehouse as words: `never_bought` becomes `never bought`."""
    return NOTHING if is_missing(name) else str(name).replace("_", " ")


def country(code: object) -> str:
    """Return a country's name, or its code when we have no name for it."""
    return COUNTRIES.get(str(code), str(code)) if not is_missing(code) else NOTHING


def count(value: object) -> str:
    """Return a whole number, with separators."""
    return NOTHING if is_missing(value) else f"{float(str(value)):,.0f}"


def short(value: object, unit: str = "") -> str:
    """Return a number as it is said: 12.4 k, 3.1 M."""
    if is_missing(value):
        return NOTHING
    number = float(str(value))
    for size, letter in ((1e9, " bn"), (1e6, " M"), (1e3, " k")):
        if abs(number) >= (1e4 if size == 1e3 else size):
            return f"{unit}{_three_digits(number / size)}{letter}"
    return f"{unit}{number:,.0f}"


def _three_digits(number: float) -> str:
    places = 2 if abs(number) < 10 else 1 if abs(number) < 100 else 0
    return f"{number:,.{places}f}"


def usd(value: object) -> str:
    """Return an amount in US dollars."""
    return short(value, "$")


def signed_usd(value: object) -> str:
    """Return a difference in US dollars, with its sign before the unit."""
    if is_missing(value):
        return NOTHING
    number = float(str(value))
    return ("−" if number < 0 else "+") + usd(abs(number))


def exact_usd(value: object) -> str:
    """Return an amount in US dollars to the cent."""
    return NOTHING if is_missing(value) else f"${float(str(value)):,.2f}"


def share(value: object) -> str:
    """Return a share of one as a percentage."""
    return NOTHING if is_missing(value) else f"{float(str(value)):.0%}"


def change(now: object, before: object) -> str | None:
    """Return how much more it is than before; nothing when there was nothing before."""
    if is_missing(now) or is_missing(before) or not float(str(before)):
        return None
    return f"{float(str(now)) / float(str(before)) - 1:+.0%}"


def day(value: object) -> str:
    """Return a date as people write it."""
    if is_missing(value) or not isinstance(value, date):
        return NOTHING
    return f"{value.day} {value:%b %Y}"


def is_missing(value: object) -> bool:
    """Return whether there is no value."""
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]
