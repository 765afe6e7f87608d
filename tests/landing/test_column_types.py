"""How texts and typed values of a delivery are read; nothing is rounded, cut or guessed."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from orchestration.landing import column_types
from orchestration.landing.contract_parts import Column


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def read(column: dict[str, Any], value: str | None, *, decimal: str = ".") -> tuple[Any, bool]:
    """Return the value that is read, and whether one was there and could not be read."""
    described = {"purpose": "analytics", "sensitivity": "none", "meaning": "x", **column}
    parsed = Column.model_validate(described)
    typed = column_types.typed(parsed, "raw", decimal=decimal)
    unreadable = column_types.unreadable(parsed, "raw", typed)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        query = f"select {typed}, {unreadable} from (select cast(? as varchar) as raw)"
        return connection.execute(query, [value]).fetchall()[0]


READABLE = [
    ("text", " a ", " a "),
    ("integer", "12", 12),
    ("integer", " 12 ", 12),
    ("integer", "-7", -7),
    ("integer", "12.0", 12),
    ("integer", "9223372036854775807", 9223372036854775807),
    ("decimal(18,2)", "12.5", Decimal("12.50")),
    ("decimal(18,2)", "40000.0000", Decimal("40000.00")),
    ("decimal(18,2)", "0.30000000000000004", Decimal("0.30")),
    ("decimal(18,2)", "9999999999999999.99", Decimal("9999999999999999.99")),
    ("date", "2026-01-05", date(2026, 1, 5)),
    ("date", " 2026-01-05 ", date(2026, 1, 5)),
    ("date", "2026-01-05 00:00:00.000", date(2026, 1, 5)),
    ("timestamp", "2026-01-05 10:00:00", moment("2026-01-05 10:00:00")),
    ("timestamp", "2026-01-05T10:00:00Z", moment("2026-01-05 10:00:00")),
    ("timestamp", "2026-01-05T10:00:00.250Z", moment("2026-01-05 10:00:00.250")),
    ("timestamp", "2026-01-05 10:00:00+03", moment("2026-01-05 07:00:00")),
    ("timestamp", "2026-01-05T10:00:00-03:30", moment("2026-01-05 13:30:00")),
    ("timestamp", "2026-01-05", moment("2026-01-05 00:00:00")),
    ("boolean", "true", True),
    ("boolean", " Y ", True),
    ("boolean", "0", False),
    ("boolean", "No", False),
]
UNREADABLE = [
    ("integer", "12.5"),
    ("integer", "0x10"),
    ("integer", "12a"),
    ("integer", "1,200"),
    ("integer", "9223372036854775808"),
    ("decimal(18,2)", "12.345"),
    ("decimal(4,2)", "100.00"),
    ("decimal(18,2)", "NaN"),
    ("decimal(18,2)", "$5"),
    ("date", "05/01/2026"),
    ("date", "2026-02-30"),
    ("date", "2026-01-05x"),
    ("date", "infinity"),
    ("date", "-infinity"),
    ("date", "today"),
    ("timestamp", "epoch"),
    ("timestamp", "2026-01-05 25:00:00"),
    ("timestamp", "2026-01-05 10:00:00 x"),
    ("boolean", "maybe"),
    ("boolean", "2"),
]


@pytest.mark.parametrize(("kind", "text", "value"), READABLE)
def test_text_is_read_as_its_type(kind: str, text: str, value: object) -> None:
    assert read({"type": kind}, text) == (value, False)


@pytest.mark.parametrize(("kind", "text"), UNREADABLE)
def test_text_that_is_not_of_the_type_is_unreadable(kind: str, text: str) -> None:
    assert read({"type": kind}, text) == (None, True)


@pytest.mark.parametrize("kind", ["integer", "decimal(18,2)", "date", "timestamp", "boolean"])
@pytest.mark.parametrize("text", [None, "", "   ", "\t"])
def test_nothing_is_null_and_not_unreadable(kind: str, text: str | None) -> None:
    assert read({"type": kind}, text) == (None, False)


@pytest.mark.parametrize(
    ("kind", "form", "text", "value"),
    [
        ("date", "%d/%m/%Y", "05/02/2026", date(2026, 2, 5)),
        ("date", "%d/%m/%Y", "5/2/2026 ", date(2026, 2, 5)),
        ("date", "%m/%d/%Y", "9/21/2001", date(2001, 9, 21)),
        ("date", ["%d.%m.%Y", "%Y-%m-%d"], "2026-02-05", date(2026, 2, 5)),
        ("timestamp", "%Y%m%d%H%M%S", "20260105100000", moment("2026-01-05 10:00:00")),
        ("timestamp", "%Y-%m-%d %H:%M %z", "2026-01-05 10:00 +0300", moment("2026-01-05 07:00")),
        ("timestamp", "epoch_seconds", "1767607200", moment("2026-01-05 10:00:00")),
        ("timestamp", "epoch_milliseconds", "1767607200500", moment("2026-01-05 10:00:00.500")),
        ("integer", "$#,##0", "$90,000 ", 90_000),
        ("decimal(18,2)", "#.##0,00 EUR", "1.234,50 EUR", Decimal("1234.50")),
        ("decimal(18,2)", "#'##0.00", "1'234.50", Decimal("1234.50")),
        ("boolean", "ja/nein", "Nein", False),
    ],
)
def test_form_of_the_contract_is_followed(
    kind: str, form: object, text: str, value: object
) -> None:
    assert read({"type": kind, "format": form}, text) == (value, False)


@pytest.mark.parametrize(
    ("kind", "form", "text"),
    [
        ("date", "%d/%m/%Y", "05/13/2026"),
        ("date", "%d/%m/%Y", "2026-02-05"),
        ("timestamp", "epoch_seconds", "99999999999999999999"),
        ("timestamp", "epoch_seconds", "99999999999999"),
        ("boolean", "ja/nein", "yes"),
    ],
)
def test_another_form_is_unreadable(kind: str, form: str, text: str) -> None:
    assert read({"type": kind, "format": form}, text) == (None, True)


def test_point_is_no_digit_where_the_decimal_mark_is_a_comma() -> None:
    column = {"type": "decimal(18,3)"}
    assert read(column, "1,5", decimal=",") == (Decimal("1.500"), False)
    assert read(column, "1.234", decimal=",") == (None, True)


def read_native(kind: str, expression: str) -> tuple[Any, ...]:
    parsed = Column.model_validate(
        {"type": kind, "purpose": "analytics", "sensitivity": "none", "meaning": "x"}
    )
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"create table typed as select {expression} as raw")
        ((_, physical, *_),) = connection.execute("describe typed").fetchall()
        typed = column_types.typed(parsed, "raw", physical)
        unreadable = column_types.unreadable(parsed, "raw", typed, physical)
        found = connection.execute(f"select {typed}, {unreadable} from typed").fetchall()[0]
    return (column_types.readable_from(parsed, physical), *found)


@pytest.mark.parametrize(
    ("kind", "expression", "value"),
    [
        ("text", "12", "12"),
        ("text", "{'a': 1}", '{"a":1}'),
        ("integer", "12.0::double", 12),
        ("integer", "7::utinyint", 7),
        ("decimal(18,2)", "19.99::float", Decimal("19.99")),
        ("decimal(18,2)", "100000.33::float", Decimal("100000.33")),
        ("decimal(18,2)", "5::hugeint", Decimal("5.00")),
        ("date", "timestamp '2026-01-05 10:00:00'", date(2026, 1, 5)),
        ("timestamp", "timestamptz '2026-01-05 10:00:00+03'", moment("2026-01-05 07:00:00")),
        ("timestamp", "'2026-01-05 10:00:00'::timestamp_ns", moment("2026-01-05 10:00:00")),
        ("boolean", "1", True),
    ],
)
def test_typed_value_of_parquet_is_read(kind: str, expression: str, value: object) -> None:
    assert read_native(kind, expression) == (True, value, False)


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        ("integer", "12.5::double"),
        ("integer", "'nan'::double"),
        ("decimal(4,2)", "100"),
        ("decimal(18,2)", "1.234::decimal(9,3)"),
        ("boolean", "2"),
    ],
)
def test_typed_value_that_does_not_fit_is_unreadable(kind: str, expression: str) -> None:
    assert read_native(kind, expression) == (True, None, True)


@pytest.mark.parametrize(
    ("kind", "expression"),
    [("date", "5"), ("integer", "true"), ("text", "'x'::blob"), ("timestamp", "time '10:00'")],
)
def test_column_of_another_family_can_not_be_read(kind: str, expression: str) -> None:
    parsed = {"type": kind, "purpose": "analytics", "sensitivity": "none", "meaning": "x"}
    with duckdb.connect() as connection:
        described = connection.execute(f"describe select {expression} as raw").fetchall()
    assert not column_types.readable_from(Column.model_validate(parsed), described[0][1])
