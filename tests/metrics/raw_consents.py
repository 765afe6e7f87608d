"""Who may be contacted, out of the sources' own files about consent, e-mails and complaints.

Given are decisions: who is who, which spellings are one address, who carries it, and which contact
points are golden.
What follows from them by the rule of consent is worked out here anew.
"""

from collections import defaultdict
from dataclasses import dataclass

from orchestration.identity.normalise.email import normalise_email
from tests.metrics.raw_figures import RawFiles

CHANNELS = ("email", "sms", "phone", "post", "push")


@dataclass
class Decided:
    """What is given: carriers of an address, placeholders, and golden contact points."""

    carriers: dict[tuple[str, str], set[str]]
    placeholders: set[tuple[str, str]]
    points: dict[str, dict]  # customer -> email, and whether there is a phone, post or device


def contactable(raw: RawFiles, decided: Decided) -> set[str]:
    """Return the customers that may be contacted by at least one channel."""
    latest = latest_consents(raw, decided)
    held_back = raw.test_accounts | complaining(raw) | wanting_silence(raw, decided)
    bouncing = bouncing_addresses(raw)
    found = set()
    for customer, points in decided.points.items():
        has = {
            "email": points["email"] and points["email"] not in bouncing,
            "sms": points["has_phone"],
            "phone": points["has_phone"],
            "post": points["has_post"],
            "push": points["has_device"],
        }
        may = any(has[one] and latest.get((customer, one)) == "granted" for one in CHANNELS)
        if may and customer not in held_back:
            found.add(customer)
    return found


def latest_consents(raw: RawFiles, decided: Decided) -> dict[tuple[str, str], str]:
    """Return the last word of each customer on each channel; at one moment the no wins."""
    said = defaultdict(list)
    for moment, kind, value, channel, status in consent_events(raw):
        for customer in speaks_for(raw, decided, (kind, value), status):
            said[customer, channel].append((moment, status == "withdrawn", status))
    return {key: max(words)[2] for key, words in said.items()}


def consent_events(raw: RawFiles) -> list[tuple[str, str, str, str, str]]:
    events = []
    for row in raw.table("consent/consents/*.jsonl"):
        if row["consent_purpose"] == "marketing":
            subject, moment = row["subject"], row["changed_at"].replace("T", " ").rstrip("Z")
            events.append(
                (moment, subject["type"], subject["value"], row["channel"], row["consent_status"])
            )
    for row in raw.table("marketing/email_events/*.parquet"):
        if row["event_type"] == "unsubscribe":
            events.append((str(row["occurred_at"]), "email", row["email"], "email", "withdrawn"))
    return events


def speaks_for(raw: RawFiles, decided: Decided, subject: tuple[str, str], status: str) -> set[str]:
    """A yes counts for the one who carries the address, a no for everybody who does."""
    kind, value = subject
    if kind == "customer_no":
        customer = raw.people.get(f"webshop:{value}")
        return {customer} if customer else set()
    key = address_of(kind, value)
    carriers = decided.carriers.get(key, set())
    is_shared = len(carriers) > 1
    return set() if key in decided.placeholders or (is_shared and status == "granted") else carriers


def bouncing_addresses(raw: RawFiles) -> set[str]:
    """Addresses whose last word was that they are not reached."""
    bounced, reached = {}, {}
    for row in raw.table("marketing/email_events/*.parquet"):
        kind = {"bounce": bounced, "open": reached, "click": reached}.get(row["event_type"])
        if kind is not None and row["email"]:
            _, address = address_of("email", row["email"])
            kind[address] = max(kind.get(address, ""), str(row["occurred_at"]))
    return {address for address, moment in bounced.items() if moment >= reached.get(address, "")}


def complaining(raw: RawFiles) -> set[str]:
    return {
        raw.people[f"support:{row['ticket_id']}"]
        for row in raw.table("support/tickets/*.jsonl")
        if row["ticket_status"] in ("open", "pending") and row["category"] == "complaint"
    }


def wanting_silence(raw: RawFiles, decided: Decided) -> set[str]:
    latest = {}
    for row in raw.table("consent/channel_preferences/*.csv"):
        for kind in ("email", "phone"):
            key = address_of(kind, row[kind])
            carriers = decided.carriers.get(key, set())
            if len(carriers) == 1 and key not in decided.placeholders:
                (customer,) = carriers
                moment = (row["updated_at"], row["contact_frequency"])
                latest[customer] = max(latest.get(customer, ("", "")), moment)
                break
    return {customer for customer, (_, frequency) in latest.items() if frequency == "never"}


def address_of(kind: str, value: str) -> tuple[str, str]:
    return kind, (normalise_email(value) or "") if kind == "email" else value.strip()
