"""Read birth dates part by part; a date that a system fills in by default is no information."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pyarrow as pa

from orchestration.identity.normalise.distinct import TextColumn, as_text
from orchestration.identity.normalise.text import clean

# What systems write when nobody told them the birthday: the dates of the seed
# `default_birth_dates`, which a test compares, because a spec is resolved without the dbt project.
DEFAULT_DATES = frozenset(
    {
        (1, 1, 1),
        (1753, 1, 1),
        (1899, 12, 30),
        (1899, 12, 31),
        (1900, 1, 1),
        (1970, 1, 1),
        (9999, 12, 31),
    }
)
EARLIEST_YEAR = 1880
_PARTS = {
    "Y": "year",
    "y": "short_year",
    "m": "month",
    "d": "day",
    "b": "month_name",
    "B": "month_name",
}
_WIDTHS = {
    "Y": r"[^\W_]{4}",
    "y": r"[^\W_]{2}",
    "m": r"[^\W_]{1,2}",
    "d": r"[^\W_]{1,2}",
    "b": r"[^\W\d_]{3,4}",
    "B": r"[^\W\d_]+",
}
_TIME = re.compile(r"[ t]\d{1,2}:\d{2}.*$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class BirthDate:
    """Year, month and day; a part that is missing or cannot be is 0."""

    year: int = 0
    month: int = 0
    day: int = 0


def parse_birth_dates(
    column: TextColumn, date_format: str = "%Y-%m-%d", latest_year: int = 9999
) -> pa.Array:
    """Return structs of year, month and day for dates in one format; unreadable ones are null."""
    encoded = as_text(column).dictionary_encode()
    parts = [
        parse_birth_date(value, date_format, latest_year)
        for value in encoded.dictionary.to_pylist()
    ]
    kind = pa.struct([("year", pa.int32()), ("month", pa.int32()), ("day", pa.int32())])
    read = [
        None if part is None else {"year": part.year, "month": part.month, "day": part.day}
        for part in parts
    ]
    return pa.array(read, kind).take(encoded.indices)


@lru_cache(maxsize=100_000)
def parse_birth_date(text: str, date_format: str, latest_year: int = 9999) -> BirthDate | None:
    """Return the parts of a date that can be read, or None if none can or the date is a default.

    A damaged part (a letter where a digit belongs, month 17) costs only itself: the rest is
    evidence still.
    """
    found = _match(text, date_format)
    if found is None:
        return None
    groups = found.groupdict()
    year = _number(groups.get("year")) or _full_year(groups.get("short_year"), latest_year)
    month = _month_number(groups.get("month_name")) or _number(groups.get("month"))
    return usable_birth_date(year, month, _number(groups.get("day")), latest_year)


def has_form(text: str, date_format: str) -> bool:
    """Tell whether a text has the form of a date, whatever can be read of it."""
    return _match(text, date_format) is not None


def usable_birth_date(year: int, month: int, day: int, latest_year: int = 9999) -> BirthDate | None:
    """Return the date with impossible parts set to 0, or None if nothing is left of it."""
    if (year, month, day) in DEFAULT_DATES:
        return None
    year = year if EARLIEST_YEAR <= year <= latest_year else 0
    month = month if 1 <= month <= 12 else 0
    day = day if 1 <= day <= 31 else 0
    if year and month and day and not _exists(year, month, day):
        day = 0
    return BirthDate(year, month, day) if year or month or day else None


@lru_cache(maxsize=64)
def date_pattern(date_format: str) -> re.Pattern[str]:
    """Return the pattern of a strftime format of year, month and day.

    Raises:
        ValueError: the format has a directive that is no part of a date, or a part twice.
    """
    # Parts that touch ("%m%d%Y") can only be told apart by their full width.
    touching = re.search(r"%[YymdbB]%", date_format) is not None
    pattern, position = "", 0
    while position < len(date_format):
        sign = date_format[position]
        if sign != "%":
            pattern += r"\s+" if sign == " " else re.escape(sign.lower())
            position += 1
            continue
        directive = date_format[position + 1 : position + 2]
        if directive not in _PARTS:
            raise ValueError(
                f"date format {date_format!r}: %{directive} is not one of %Y %y %m %d %b %B"
            )
        if f"<{_PARTS[directive]}>" in pattern:
            raise ValueError(f"date format {date_format!r}: %{directive} is there twice")
        width = _WIDTHS[directive].replace("{1,2}", "{2}") if touching else _WIDTHS[directive]
        pattern += f"(?P<{_PARTS[directive]}>{width})"
        position += 2
    return re.compile(pattern + r"\s*$")


def _match(text: str, date_format: str) -> re.Match[str] | None:
    return date_pattern(date_format).match(_TIME.sub("", clean(text)))


def separate_part(text: str, directive: str) -> str | None:
    """Return a part of a date that has a column of its own, as `date_pattern` reads it.

    None for what is no such part: it must not cost the other two.
    """
    typed = clean(text).removesuffix(".0")  # a figure that was kept as a decimal number
    if directive == "m" and (month := _month_number(typed)):
        return str(month)
    return typed if re.fullmatch(_WIDTHS[directive], typed) else None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0


def _full_year(text: str | None, latest_year: int) -> int:
    if not text or not (text.isascii() and text.isdigit()):
        return 0
    short = int(text)
    return 2000 + short if 2000 + short <= min(latest_year, 2099) and short < 30 else 1900 + short


def _month_number(text: str | None) -> int:
    return _MONTHS.index(text[:3]) + 1 if text and text[:3] in _MONTHS else 0


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
