"""Stand-ins for dbt's cross-database macros, so that sqlfluff can render a model without dbt."""


def datediff(first_date: str, second_date: str, datepart: str) -> str:
    """Return SQL in the shape of a difference of two dates."""
    return f"date_diff('{datepart}', {first_date}, {second_date})"


def dateadd(datepart: str, interval: int, from_date_or_timestamp: str) -> str:
    """Return SQL in the shape of a date moved by an interval."""
    return f"date_add({from_date_or_timestamp}, interval ({interval}) {datepart})"


def listagg(measure: str, delimiter_text: str = "','", order_by_clause: str = "") -> str:
    """Return SQL in the shape of a list of values in order."""
    return f"string_agg({measure}, {delimiter_text} {order_by_clause})"


def date_trunc(datepart: str, date: str) -> str:
    """Return SQL in the shape of the first moment of a part of a date."""
    return f"date_trunc('{datepart}', {date})"


def type_string() -> str:
    """Return the type of text."""
    return "varchar"


def date_spine(datepart: str, start_date: str, end_date: str) -> str:
    """Return SQL in the shape of one row per date."""
    return f"select unnest(range({start_date}, {end_date}, interval 1 {datepart})) as date_day"


def hash(field: str) -> str:  # noqa: A001  the name is dbt's
    """Return SQL in the shape of a text that stands for a value."""
    return f"md5({field})"
