"""A number is the same number on whichever telephone of a person it stands."""

import numpy as np
import pytest

from orchestration.identity.chance import frequency_factors
from orchestration.identity.comparison import Comparer
from orchestration.identity.encoding import encode
from orchestration.identity.settings import engine_settings
from tests.identity.people import Record, as_table, crowd, record, resolved

DESK, OWN = "+254200000001", "+254733000007"


def numbered(count: int, column: str, key: str = "n") -> list[Record]:
    """Return people of as many names who all have the desk's number in a column."""
    return [
        record("crm", f"{key}{number}", given_name=f"{key}{number}", **{column: DESK})
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("first", "second"), [(0, 60), (15, 15)], ids=["second telephone only", "some of each"]
)
def test_a_number_of_too_many_names_is_a_placeholder_on_any_telephone(
    first: int, second: int
) -> None:
    people = [*numbered(first, "phone", "a"), *numbered(second, "secondary_phone", "b")]
    people.append(record("crm", "own", given_name="ana", phone=OWN, secondary_phone=DESK))
    records = encode(as_table(people), engine_settings().placeholders)
    assert records.placeholders == {"phone": 1}
    assert (records.columns["secondary_phone"].codes == -1).all()
    assert (records.columns["phone"].codes != -1).sum() == 1


def test_how_common_a_number_is_counts_all_telephones() -> None:
    people = [*numbered(4, "phone", "a"), *numbered(4, "secondary_phone", "b")]
    # Twice on one record is one record that has it.
    people += [
        record("crm", "x", phone=OWN, secondary_phone=OWN),
        record("crm", "y", phone="+2541"),
    ]
    comparer = Comparer.of(encode(as_table(people), engine_settings().placeholders))
    factors = frequency_factors(comparer)["phone"]
    values = comparer.records.columns["phone"].values.tolist()
    assert factors[values.index(DESK)] == pytest.approx(15 * factors[values.index(OWN)])
    assert factors[values.index(OWN)] == factors[values.index("+2541")]


def test_the_number_that_agrees_decides_and_not_the_one_that_stands_first() -> None:
    common = [person | {"phone": DESK} for person in crowd(7, seed=2)]
    pair = [
        record("crm", "A", family_name="juma", phone=DESK, secondary_phone=OWN),
        record("shop", "B", family_name="juma", phone=OWN),
    ]
    people = [*(one | {"source_record_id": one["source_record_id"] + "x"} for one in common), *pair]
    found = resolved([*crowd(300), *people])
    scorer, ids = found.scorer, found.records.ids.to_pylist()
    assert scorer is not None
    one, other = (np.array([ids.index(key)], dtype=np.int32) for key in ("crm:A", "shop:B"))
    assert scorer.log_odds(one, other) == scorer.log_odds(other, one)
    levels = scorer.comparer.levels(one, other)
    weights = scorer.field_weights(levels, one, other), scorer.field_weights(levels, other, one)
    assert weights[0]["phone"] == weights[1]["phone"]
