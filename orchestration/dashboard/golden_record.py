"""Lay a row of `customer_360` out as golden values, each with the record it came from."""

from collections.abc import Mapping, Sequence

import pandas as pd

from orchestration.dashboard.wording import country, day, is_missing, words

# label, columns of the value, prefix of the columns that say where it came from
VALUES: tuple[tuple[str, Sequence[str], str], ...] = (
    ("name", ("display_name",), "name"),
    ("e-mail", ("email_raw",), "email"),
    ("phone", ("phone",), "phone"),
    ("address", ("street_raw", "postcode", "city_raw"), "address"),
    ("country", ("country_code",), "country"),
    ("born", ("birth_date",), "birth_date"),
    ("sex", ("sex",), "sex"),
    ("account", ("account_id",), "account"),
    ("household", ("household_size",), "household_size"),
    ("income", ("income_band",), "income_band"),
    ("interests", ("interests",), "interests"),
)


def golden_values(person: pd.Series, freshness: Mapping[str, object]) -> pd.DataFrame:
    """Return what is known, one row a value: what, value, source, since, record, belief.

    Belief is how far a value may still be believed, in percent; some values do not grow old.
    """
    rows = []
    for label, columns, prefix in VALUES:
        parts = [_said(label, person.get(column)) for column in columns]
        value = ", ".join(part for part in parts if part)
        if value:
            rows.append(
                {
                    "what": label,
                    "value": value,
                    "source": words(person.get(f"{prefix}_source")),
                    "since": person.get(f"{prefix}_updated_at"),
                    "record": person.get(f"{prefix}_source_record_id"),
                    "belief": _belief(freshness.get(f"{prefix}_confidence")),
                }
            )
    return pd.DataFrame(rows, columns=["what", "value", "source", "since", "record", "belief"])


def _belief(confidence: object) -> float | None:
    return None if is_missing(confidence) else 100 * float(str(confidence))


def _said(label: str, value: object) -> str:
    if is_missing(value):
        return ""
    if label == "country":
        return country(value)
    if label == "born":
        return day(value)
    if label == "household":
        return f"{float(str(value)):.0f} people"
    return str(value)
