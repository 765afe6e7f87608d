"""Functions are applied to distinct values, and rows do not notice."""

import pyarrow as pa

from orchestration.identity.normalise.distinct import map_distinct, map_distinct_pairs


def test_each_distinct_value_is_worked_on_once() -> None:
    seen: list[str] = []

    def shout(value: str) -> str:
        seen.append(value)
        return value.upper()

    mapped = map_distinct(pa.array(["a", "b", None, "a", "a"]), shout)
    assert mapped.to_pylist() == ["A", "B", None, "A", "A"]
    assert seen == ["a", "b"]


def test_pairs_of_columns_are_told_apart() -> None:
    left, right = pa.array(["a", "a", None, "a"]), pa.array(["x", None, "x", "x"])
    joined = map_distinct_pairs(left, right, lambda one, other: f"{one}{other}")
    assert joined.to_pylist() == ["ax", "aNone", None, "ax"]


def test_an_empty_column_stays_empty() -> None:
    assert map_distinct(pa.array([], pa.string()), str.upper).to_pylist() == []
