"""`c360 bench truth-set`: Senzing's adversarial truth set, test group by test group.

People go through the engine, organisations through the resolution of accounts; each feature of a
record becomes a column in a file, so that the engine reads it by a spec as it would anybody's.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import yaml

from orchestration.identity.accounts.resolution import businesses, resolve_accounts
from orchestration.identity.evaluate import Evaluation, evaluate
from orchestration.identity.evaluate_segments import Segment, evaluate_segments
from orchestration.identity.normalise.addresses import normalise_address
from orchestration.identity.normalise.phone import phone_digits
from orchestration.identity.resolve import resolve
from orchestration.identity.resolve_spec import read_spec
from orchestration.identity.resolved_tables import cluster_table
from orchestration.identity.settings import engine_settings

SOURCES = ("customers", "reference", "watchlist")
_ROLES = {
    "full_name": "name",
    "birth_date": "birth_date",
    "sex": "sex",
    "email": "email",
    "phone": {"column": "phone", "country": "US"},
    "street": "street",
    "city": "city",
    "postcode": "postcode",
    "national_id": "national_id",
    "loyalty_id": "document",
}
_COLUMNS = ("id", *(role["column"] if isinstance(role, dict) else role for role in _ROLES.values()))
Features = dict[str, str]


def measure_truth_set(folder: Path, work: Path) -> tuple[Evaluation, tuple[Segment, ...]]:
    """Return how right the clusters of the truth set are, on the whole and by test group."""
    records = {source: list(_records(folder / f"{source}.jsonl")) for source in SOURCES}
    people = _people(records, work)
    clusters = pd.concat([people, _organisations(records)], ignore_index=True)
    key = duckdb.sql(
        "select lower(DATA_SOURCE) || ':' || RECORD_ID as key, CLUSTER_ID as entity_id,"
        f" TEST_GROUP as test_group from read_csv('{folder}/actual_truthset_key.csv',"
        " all_varchar = true)"
    ).df()
    groups = key[["key", "test_group"]].drop_duplicates("key")
    truth = key[["key", "entity_id"]].drop_duplicates("key")
    segments = evaluate_segments(clusters, truth, groups, ["test_group"])
    return evaluate(clusters, truth), segments


def _records(path: Path) -> Iterable[tuple[str, Features]]:
    """Yield the key of each record and its features, the first of each kind."""
    for line in path.read_text(encoding="utf-8").splitlines():
        record: dict[str, Any] = json.loads(line)
        features: Features = {}
        for feature in record["FEATURES"]:
            is_other_name = feature.get("NAME_TYPE") not in (None, "PRIMARY") and (
                "NAME_ORG" in features
            )
            for name, value in feature.items():
                if name == "NAME_ORG" and is_other_name:
                    features["NAME_ORG"] += f" t/a {value}"
                features.setdefault(name, str(value))
        yield str(record["RECORD_ID"]), features


def _people(records: dict[str, list[tuple[str, Features]]], work: Path) -> pd.DataFrame:
    sources = []
    for source, rows in records.items():
        lines = [
            dict(zip(_COLUMNS, _person(key, features), strict=True))
            for key, features in rows
            if features.get("RECORD_TYPE") != "ORGANIZATION"
        ]
        pd.DataFrame(lines, columns=list(_COLUMNS)).to_csv(work / f"{source}.csv", index=False)
        sources.append(
            {"source": source, "file": f"{source}.csv", "record_id": "id", "roles": _ROLES}
        )
    spec = work / "resolve.yml"
    spec.write_text(yaml.safe_dump({"sources": sources}), encoding="utf-8")
    found = resolve(read_spec(spec), engine_settings())
    table = cluster_table(found.resolution.records, found.clusters).to_pandas()
    return pd.DataFrame(
        {
            "key": table["source"] + ":" + table["record_id"],
            "cluster_id": "P" + table["cluster_id"].astype(str),
        }
    )


def _person(key: str, features: Features) -> tuple[str, ...]:
    parts = (features.get(f"NAME_{part}", "") for part in ("FIRST", "MIDDLE", "LAST"))
    document = features.get("DRIVERS_LICENSE_NUMBER") or features.get("PASSPORT_NUMBER", "")
    return (
        key,
        features.get("NAME_FULL") or " ".join(part for part in parts if part),
        _date(features.get("DATE_OF_BIRTH", "")),
        features.get("GENDER", ""),
        features.get("EMAIL_ADDRESS", ""),
        features.get("PHONE_NUMBER", ""),
        features.get("ADDR_LINE1") or features.get("ADDR_FULL", ""),
        features.get("ADDR_CITY", ""),
        features.get("ADDR_POSTAL_CODE", ""),
        features.get("SSN_NUMBER") or features.get("NATIONAL_ID_NUMBER", ""),
        document,
    )


def _date(text: str) -> str:
    """Return a date of either kind that occurs, year first."""
    parts = text.split("/")
    if len(parts) != 3:
        return text
    month, day, year = parts
    century = "" if len(year) == 4 else "19"
    return f"{century}{year}-{int(month):02d}-{int(day):02d}"


def _organisations(records: dict[str, list[tuple[str, Features]]]) -> pd.DataFrame:
    known = [
        {
            "account_id": f"{source}:{key}",
            "account_name": features.get("NAME_ORG", ""),
            "country_code": features.get("ADDR_COUNTRY", ""),
            "tax_number": features.get("TAX_ID_NUMBER") or features.get("NATIONAL_ID_NUMBER", ""),
            "website_domain": features.get("EMAIL_ADDRESS", "").partition("@")[2],
            "phone": phone_digits(features.get("PHONE_NUMBER", "")) or "",
            "city": features.get("ADDR_CITY", "").lower(),
            "street": normalise_address(features.get("ADDR_LINE1", "")) or "",
            "parent_account_id": "",
        }
        for source, rows in records.items()
        for key, features in rows
        if features.get("RECORD_TYPE") == "ORGANIZATION"
    ]
    found, _ = resolve_accounts(businesses(known), {})
    return pd.DataFrame(
        {
            "key": [one.account_id for one in found],
            "cluster_id": ["O" + one.resolved_account_id for one in found],
        }
    )
