"""Bring what somebody types about one person into the engine's shape of records."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from orchestration.identity.errors import RecordsError
from orchestration.identity.records import person_records
from orchestration.identity.resolve_spec import ROLES, ResolveSpec, Role, SourceSpec
from orchestration.identity.spec_tables import normalised_records

# The record that is asked about; no source has an id without a name.
ASKED = ":asked"
_ID = "record_id"


def typed_person(values: Mapping[str, object]) -> pa.Table:
    """Return one record from values by role (given_name, full_name, birth_date as 1980-12-31 ...).

    Raises:
        RecordsError: a role is not known, or nothing is said about the person.
    """
    if unknown := sorted(set(values) - set(ROLES)):
        known = ", ".join(sorted(ROLES))
        raise RecordsError(f"unknown: {', '.join(unknown)}; a record may have {known}")
    typed = {name: str(value or "").strip() for name, value in values.items()}
    said = {name: value for name, value in typed.items() if value}
    if not said:
        raise RecordsError("a record needs at least one value")
    roles = {name: Role((name,)) for name in said}
    file = Path("record")
    source = SourceSpec("", file, table=None, record_id=_ID, roles=roles, delimiter=None)
    raw = pa.table({_ID: ["asked"], **{name: [value] for name, value in said.items()}})
    spec = ResolveSpec(file, "dedupe", (source,))
    return person_records(normalised_records(spec, "record", source, raw))
