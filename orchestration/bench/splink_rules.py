"""The blocking rules that a Splink user would write, for Splink and for our engine alike.

Strict ones, a wider set with names alone, and a loose one for few records; the best counts. Needs
no Splink, so that our engine can be measured on the same pairs where Splink is not installed.
"""

import numpy as np
import pandas as pd

from orchestration.identity.arrays import MISSING
from orchestration.identity.blocking import Rule
from orchestration.identity.blocking_keys import EXACT, Key, blocking_key
from orchestration.identity.encoding import EncodedRecords

# column -> how many of its first letters a rule takes; 0 takes the whole value
Part = tuple[str, int]
_STRICT: tuple[tuple[Part, ...], ...] = (
    (("email", 0),),
    (("phone", 0),),
    (("national_id", 0),),
    (("loyalty_id", 0),),
    (("given_name", 0), ("family_name", 0), ("city", 0)),
    (("given_name", 0), ("family_name", 0), ("birth_year", 0)),
    (("postcode", 0), ("given_name", 2)),
    (("postcode", 0), ("family_name", 3), ("birth_year", 0)),
    (("birth_date", 0), ("family_name", 3)),
    (("birth_date", 0), ("given_name", 3)),
)
_WIDE = (*_STRICT, (("given_name", 0), ("family_name", 0)))
# Where records are few nobody has to be strict: every field alone.
_LOOSE: tuple[tuple[Part, ...], ...] = tuple(
    ((name, 0),)
    for name in (
        "given_name",
        "family_name",
        "birth_date",
        "email",
        "phone",
        "postcode",
        "street",
        "national_id",
    )
)
RULE_SETS = {"narrow": _STRICT, "wide": _WIDE, "loose": _LOOSE}
FOR_MANY, FOR_FEW = ("narrow", "wide"), ("narrow", "wide", "loose")


def as_sql(rule: tuple[Part, ...]) -> tuple[str, ...]:
    """Return the expressions of a rule, for Splink's `block_on`."""
    return tuple(f"substr({name}, 1, {letters})" if letters else name for name, letters in rule)


def as_rules(name: str, records: EncodedRecords) -> tuple[Rule, ...]:
    """Return a set of rules with their keys made for our engine's records."""
    telling = records.telling_columns
    usable = [
        rule for rule in RULE_SETS[name] if all(_column(column) in telling for column, _ in rule)
    ]
    return tuple(Rule(tuple(_key(records, *part) for part in rule), 0) for rule in usable)


def _column(name: str) -> str:
    return "birth_date" if name == "birth_year" else name


def _key(records: EncodedRecords, name: str, letters: int) -> Key:
    if name == "birth_year":
        return blocking_key(records, "birth_date", "year")
    if not letters:
        return blocking_key(records, name, EXACT)
    column = records.columns[name]
    made = np.array([value[:letters] for value in column.values.tolist()], dtype=object)
    codes = np.append(pd.factorize(made)[0], MISSING).astype(np.int32)[column.codes]
    return Key(name, f"first {letters}", codes)
