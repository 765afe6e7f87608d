"""Two sexes differ only where both are known."""

import pyarrow as pa
import pytest

from orchestration.identity.normalise.sex import recorded_sexes


@pytest.mark.parametrize(
    "unknown",
    ["Unknown", "u", "N/A", "not stated", "X", "other", "missing", "0", "9", "-", "?", " "],
)
def test_what_is_not_known_is_no_sex(unknown: str) -> None:
    assert recorded_sexes(pa.array(["Male", unknown, "F"])).to_pylist() == ["m", None, "f"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["1", "2", "9", None], ["m", "f", None, None]),
        (["1.0", "2.0", "0.0", "1.0"], ["m", "f", None, "m"]),
        (["0", "1"], [None, None]),
        (["1", "2", "m"], [None, None, "m"]),
        (["W", "männlich"], ["w", "m"]),
    ],
)
def test_figures_are_read_where_they_can_only_be_those_of_the_norm(
    typed: list[str | None], expected: list[str | None]
) -> None:
    assert recorded_sexes(pa.array(typed, pa.string())).to_pylist() == expected
