"""Normalise e-mail addresses by the rules of their providers, so that one mailbox has one form."""

import re
from functools import lru_cache

import pyarrow as pa

from orchestration.identity.normalise.distinct import TextColumn, map_distinct
from orchestration.identity.normalise.text import clean
from orchestration.identity.normalise.vocabulary import vocabulary

_WRAPPED = re.compile(r"^.*<([^<>]+)>\s*$")
_ADDRESS = re.compile(
    r"^[^\s@,;()<>\"]+@[^\s@,;()<>\"]+\.[^\W\d_]{2,}$|^[^\s@]+@[^\s@]+\.xn--[a-z0-9-]+$"
)
_SEPARATORS = re.compile(r"[@.+]")
LONGEST_EMAIL = 254
SHORTEST_TYPED_EMAIL = 6


def normalise_emails(column: TextColumn) -> pa.Array:
    """Return a column of e-mail addresses in normalised form; what is no address becomes null."""
    return map_distinct(column, normalise_email)


@lru_cache(maxsize=100_000)
def comparable_email(text: str) -> str | None:
    """Return the normalised address, or the text as typed where it is an address with a slip in it.

    Such text reaches nobody, but it still resembles the address it was meant to be.
    """
    if len(text) > LONGEST_EMAIL or _address_in(text) is not None:
        return normalise_email(text)  # None for a placeholder, however well formed
    typed = "".join(clean(text).split())
    words = _SEPARATORS.split(typed)
    is_address_like = len(typed) >= SHORTEST_TYPED_EMAIL and len(words) > 1
    is_placeholder = vocabulary().email_placeholder_words & {words[0], typed.partition("@")[0]}
    return typed if is_address_like and not is_placeholder else None


@lru_cache(maxsize=100_000)
def normalise_email(text: str) -> str | None:
    """Return the mailbox an address delivers to; None for a placeholder or no address at all."""
    address = _address_in(text)
    if address is None:
        return None
    local, _, domain = address.rpartition("@")
    known = vocabulary()
    domain = known.email_domain_typos.get(domain, domain)
    domain = known.email_domain_aliases.get(domain, domain)
    if domain in known.email_tag_domains:
        local = local.partition("+")[0]
    if domain == "gmail.com":
        local = local.replace(".", "")
    if domain == "yandex.ru":
        local = local.replace(".", "-")
    local = local.strip(".")
    if (
        not local
        or local in known.email_placeholder_words
        or domain.partition(".")[0] == "example"
        and local == "user"
    ):
        return None
    return f"{local}@{domain}"


def _address_in(text: str) -> str | None:
    """Return what has the form of an address, without what was written around it."""
    if len(text) > 2 * LONGEST_EMAIL:
        return None
    address = _WRAPPED.sub(r"\1", clean(text)).removeprefix("mailto:").strip(" .'\";,")
    return address if len(address) <= LONGEST_EMAIL and _ADDRESS.match(address) else None
