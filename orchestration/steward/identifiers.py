"""Identifier values that a steward has blocked: a shop's telephone number, a default address.

A value is named by its kind and a hash of its normalised form, so that a decision, a message or a
table never shows it: `phone-4be1...`. The conformed layer takes blocked values off every record
(macro `unless_blocked`); the raw value stays beside it.

Kinds of decisions: `identifier.block` and `identifier.unblock`; the subject is the identifier's
id, the payload is empty.
"""

import hashlib
import re

from orchestration.identity.normalise.email import normalise_email
from orchestration.identity.normalise.phone import normalise_phone
from orchestration.steward.errors import InvalidDecisionError

KINDS = ("email", "phone")
BLOCK, UNBLOCK = "identifier.block", "identifier.unblock"
HASH_DIGITS = 16
IDENTIFIER_ID = re.compile(rf"(?:{'|'.join(KINDS)})-[0-9a-f]{{{HASH_DIGITS}}}\Z")


def identifier_id(kind: str, normalised: str) -> str:
    """Return the id of a normalised value; the macro of the same name computes it in SQL."""
    digest = hashlib.sha256(f"{kind}:{normalised}".encode()).hexdigest()
    return f"{kind}-{digest[:HASH_DIGITS]}"


def identifier_of(text: str, country: str | None = None) -> str:
    """Return the id that a steward means: an id as the gates tell it, or a value as typed.

    Raises:
        InvalidDecisionError: it is neither; the message does not repeat what was typed.
    """
    if IDENTIFIER_ID.match(text):
        return text
    if "@" in text:
        email = normalise_email(text)
        if email:
            return identifier_id("email", email)
    else:
        phone = normalise_phone(text, country)
        if phone:
            return identifier_id("phone", phone)
    raise InvalidDecisionError(
        "this is no e-mail address, no telephone number (give its country, or write it with +), "
        "and no id such as phone-0123456789abcdef"
    )
