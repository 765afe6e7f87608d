"""The queries behind the dashboard's figures: one SQL file each, `queries/<page>/<name>.sql`.

They are files, so that column lineage reaches every figure on a page and a test can hold each of
them to the contracts of the marts.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True)
class DashboardQuery:
    """One query of one page; `$name` in its SQL is a parameter."""

    page: str
    name: str
    sql: str


@cache
def dashboard_queries() -> tuple[DashboardQuery, ...]:
    """Return every query, by page and name."""
    return tuple(
        DashboardQuery(path.parent.name, path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(FOLDER.glob("*/*.sql"))
    )


def dashboard_sql(page: str, name: str) -> str:
    """Return the SQL of one query."""
    return (FOLDER / page / f"{name}.sql").read_text(encoding="utf-8")
