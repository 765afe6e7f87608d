"""Make person records for tests: a crowd with duplicates, and single people to put into it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from orchestration.identity.clustering import cluster_records
from orchestration.identity.edge_table import cluster_edges
from orchestration.identity.engine import Resolution, resolve_records
from orchestration.identity.fields import Holding
from orchestration.identity.records import PERSON_RECORDS, person_records
from orchestration.identity.settings import engine_settings

GIVEN = "amina brian carol daudi esther farid grace hassan imani joseph khadija lucas mary neema omar peter rehema samuel tatu usha victor wanjiru yusuf zawadi".split()  # noqa: E501, SIM905
FAMILY = "abdi barasa chebet dar emanuel fundi gathoni hamisi irungu juma kamau lyimo mwangi njoroge otieno pendo rashid said temu ulaya vundi were yego zuberi".split()  # noqa: E501, SIM905

Record = dict[str, Any]


def record(source: str, key: str, **values: Any) -> Record:
    """Return one record; what is not given is missing."""
    return {"source_record_id": f"{source}:{key}", "source_system": source, **values}


def crowd(people: int = 400, seed: int = 5) -> list[Record]:
    """Return people who each stand in two sources, written slightly differently."""
    random = np.random.default_rng(seed)
    records: list[Record] = []
    for number in range(people):
        given, family = str(random.choice(GIVEN)), str(random.choice(FAMILY))
        person: Record = {
            "given_name": given,
            "family_name": family,
            "birth_year": int(random.integers(1940, 2005)),
            "birth_month": int(random.integers(1, 13)),
            "birth_day": int(random.integers(1, 29)),
            "sex": str(random.choice(["f", "m"])),
            "email": f"{given}.{family}{number}@mail.org",
            "phone": f"+2547{random.integers(10_000_000, 99_999_999)}",
            "street": f"{random.integers(1, 900)} {random.choice(FAMILY)} rd",
            "city": str(random.choice(["arusha", "mombasa", "nairobi", "thika"])),
        }
        records.append(record("crm", f"P{number:05d}", **person))
        other = person | {"family_name": _slip(family, random)} if number % 4 == 0 else person
        left_out = random.choice(["phone", "email", "street", "sex"])
        kept = {name: value for name, value in other.items() if name != left_out}
        records.append(record("webshop", f"P{number:05d}", **kept))
    return records


def as_table(records: list[Record]) -> pa.Table:
    """Return records in the engine's shape and order."""
    columns = {
        field.name: pa.array([row.get(field.name) for row in records], field.type)
        for field in PERSON_RECORDS
    }
    return person_records(pa.table(columns))


def resolved(records: list[Record], holdings: Mapping[str, Holding] | None = None) -> Resolution:
    """Return the resolution of records."""
    return resolve_records(as_table(records), engine_settings(), holdings=holdings)


def clusters_of(
    records: list[Record], holdings: Mapping[str, Holding] | None = None
) -> dict[str, int]:
    """Return the cluster of each record id."""
    found = resolved(records, holdings)
    clusters = cluster_records(
        found.records.size,
        cluster_edges(found.edges, found.comparer.fields),
        engine_settings().clustering,
    )
    return dict(zip(found.records.ids.to_pylist(), clusters.labels.tolist(), strict=True))


def _slip(word: str, random: np.random.Generator) -> str:
    place = int(random.integers(1, len(word) - 1))
    return word[:place] + word[place + 1 :]
