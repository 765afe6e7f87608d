"""What `dbt.*` macros look like to the SQL linter, which renders models without dbt."""


def datediff(first: str, second: str, datepart: str) -> str:
    """Return a call in place of dbt's cross-database difference of two dates."""
    return f"datediff('{datepart}', {first}, {second})"


def dateadd(datepart: str, interval: str, moment: str) -> str:
    """Return a call in place of dbt's cross-database shift of a date."""
    return f"date_add({moment}, {interval}, '{datepart}')"


def listagg(measure: str, delimiter: str = "','", order_by: str = "") -> str:
    """Return a call in place of dbt's cross-database list of values."""
    return f"string_agg({measure}, {delimiter})"
