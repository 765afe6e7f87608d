"""Find a customer by whatever somebody has at hand: a name in any script, e-mail, phone, id.

What was typed is brought into the form in which the warehouse keeps it, by the same functions.
"""

import re
from dataclasses import dataclass

from orchestration.identity.normalise.email import normalise_email
from orchestration.identity.normalise.names import normalise_name

CUSTOMER_ID = re.compile(r"C[a-z2-7]{16}\w*")
RECORD_ID = re.compile(r"[a-z_]+:\S+")
PHONE = re.compile(r"\+?[\d\s().-]{6,}")


@dataclass(frozen=True, slots=True)
class Search:
    """One query of the customer's page, and what it is asked with."""

    query: str
    parameters: dict[str, object]


def searches_for(typed: str) -> list[Search]:
    """Return the queries to try, one after the other until one finds somebody."""
    text = typed.strip()
    if not text:
        return []
    if CUSTOMER_ID.fullmatch(text) or RECORD_ID.fullmatch(text):
        return [Search("by_id", {"wanted": text})]
    if "@" in text:
        return [Search("by_email", {"wanted": normalise_email(text) or text.lower()})]
    if PHONE.fullmatch(text):
        digits = re.sub(r"\D", "", text).lstrip("0")
        return [Search("by_phone", {"wanted": digits})] if digits else []
    name = normalise_name(text)
    if not name:
        return []
    return [
        Search("by_name", {"words": name.split()}),
        Search("by_similar_name", {"wanted": name}),
    ]
