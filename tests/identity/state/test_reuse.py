"""A kept model decides about a table of others, and sees what only a whole table can tell."""

import pytest

from orchestration.identity.engine import resolve_records
from orchestration.identity.settings import engine_settings
from orchestration.identity.state.frozen_model import freeze
from orchestration.identity.state.model_store import ModelInUse
from orchestration.identity.state.reuse import resolve_under
from tests.identity.people import Record, as_table, crowd

KNOWN, NEW = "+254700000000", "+254200000001"


@pytest.fixture(scope="module")
def monday() -> ModelInUse:
    """A model that met one placeholder."""
    found = resolve_records(as_table(sharing(crowd(300, seed=8), KNOWN, 120)), engine_settings())
    assert found.records.placeholders == {"phone": 1}
    frozen = freeze(found, "monday")
    assert frozen is not None
    return ModelInUse(frozen, engine_settings(), "")


def sharing(people: list[Record], number: str, count: int) -> list[Record]:
    return [person | {"phone": number} if n < count else person for n, person in enumerate(people)]


def test_a_number_that_all_share_is_no_evidence_under_a_model_that_never_met_it(
    monday: ModelInUse,
) -> None:
    people = sharing(crowd(120, seed=9), NEW, 180)
    people[-1] |= {"phone": None, "secondary_phone": KNOWN}
    found = resolve_under(monday, as_table(people))
    assert sorted(found.records.placeholder_values["phone"]) == sorted([KNOWN, NEW])
    assert found.records.placeholders == {"phone": 2}
    for name in ("phone", "secondary_phone"):
        column = found.records.columns[name]
        assert not {KNOWN, NEW} & {column.values[code] for code in column.codes if code >= 0}
