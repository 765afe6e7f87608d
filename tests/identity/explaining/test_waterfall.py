"""The waterfall adds up, and is drawn without a network."""

from pathlib import Path

import pytest

from orchestration.identity.explaining.explanation import (
    Explanation,
    FieldEvidence,
    Verdict,
)
from orchestration.identity.explaining.waterfall import waterfall_steps, write_waterfall

FOUND = Explanation(
    left_record_id="crm:1",
    right_record_id="web:2",
    left_customer_id="Ca",
    right_customer_id="Cb",
    verdict=Verdict.SCORED_TOO_LOW,
    probability=0.2,
    match_weight=-2.0,
    threshold=0.3,
    evidence=(
        FieldEvidence("given_name", "different", -4.0),
        FieldEvidence("email", "equal", 14.0),
        FieldEvidence("sex", "missing", 0.0, ("crm:1",)),
    ),
    other_weight=-12.0,
    rules=(),
)


def test_each_bar_starts_where_the_one_before_ended() -> None:
    steps = waterfall_steps(FOUND)
    assert [step.step for step in steps] == [
        "everything else",
        "email: equal",
        "given name: different",
        "together",
    ]
    for before, after in zip(steps, steps[1:-1], strict=False):
        assert after.begins == before.ends
    assert (steps[-1].begins, steps[-1].ends) == (0.0, FOUND.match_weight)


@pytest.mark.parametrize(("ending", "begins"), [(".svg", b"<svg"), (".png", b"\x89PNG")])
def test_the_chart_is_written_as_a_picture(tmp_path: Path, ending: str, begins: bytes) -> None:
    path = tmp_path / "charts" / f"why{ending}"
    write_waterfall(FOUND, path)
    assert path.read_bytes().startswith(begins)
