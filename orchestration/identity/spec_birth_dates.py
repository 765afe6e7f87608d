"""Read birth dates by a resolve spec, from a column of dates or from columns of their parts.

A form that fits no date of a file would leave the field out without a word, so it is refused.
"""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.errors import SpecError
from orchestration.identity.normalise.dates import (
    date_pattern,
    has_form,
    parse_birth_dates,
    separate_part,
)
from orchestration.identity.normalise.distinct import map_distinct
from orchestration.identity.resolve_spec import ResolveSpec, Role, SourceSpec
from orchestration.identity.role_values import role_values

_DIRECTIVES = {"year": "Y", "month": "m", "day": "d"}
_UNKNOWN = {"year": "0000", "month": "0", "day": "0"}
_HAS_FIGURE = r"\d"


def birth_date_columns(
    spec: ResolveSpec, key: str, raw: pa.Table, source: SourceSpec
) -> dict[str, pa.Array]:
    """Return year, month and day of birth, where the source has a role for them.

    Raises:
        SpecError: the format of a date cannot be understood.
    """
    role = source.roles.get("birth_date")
    if role is None:
        return {}
    date_format = _format(role)
    try:
        date_pattern(date_format)
    except ValueError as error:
        raise SpecError(spec.path.name, f"{key}.roles.birth_date.format", str(error)) from error
    values = role_values(raw, role)
    if role.date_columns:
        parts = [
            _part(raw, column, part).fill_null(_UNKNOWN[part])
            for part, column in _in_order(role.date_columns)
        ]
        values = pc.binary_join_element_wise(*parts, "-")
    found = parse_birth_dates(values, date_format, spec.latest_year)
    return {f"birth_{part}": pc.struct_field(found, part) for part in _DIRECTIVES}


def refuse_unreadable_dates(
    spec: ResolveSpec, key: str, raw: pa.Table, source: SourceSpec, found: pa.Table
) -> None:
    """Refuse a source in which figures stand for dates, and not one of them is read.

    `found` holds what was read of `raw`. Dates that systems fill in by default are read.

    Raises:
        SpecError: the format fits none of the dates, or a column holds no part of a date.
    """
    role = source.roles.get("birth_date")
    if role is None:
        return
    place = f"{key}.roles.birth_date"
    for part, column in _in_order(role.date_columns or {}):
        if _are_unread(raw[column], _part(raw, column, part)):
            raise SpecError(spec.path.name, f"{place}.{part}", f"{column!r} holds no {part}")
    if role.date_columns or found["birth_year"].null_count < found.num_rows:
        return
    date_format, values = _format(role), role_values(raw, role)
    fitting = map_distinct(values, lambda value: value if has_form(value, date_format) else None)
    if _are_unread(values, fitting):
        problem = f"no date in {source.file.name} has the form {date_format!r}"
        raise SpecError(spec.path.name, f"{place}.format", problem)


def _are_unread(typed: pa.ChunkedArray | pa.Array, read: pa.Array) -> bool:
    """Tell whether nothing was read although there are figures to read."""
    if read.null_count < len(read):
        return False
    return bool(pc.any(pc.match_substring_regex(typed, _HAS_FIGURE)).as_py())


def _format(role: Role) -> str:
    if role.date_columns:
        return "-".join(f"%{_DIRECTIVES[part]}" for part, _ in _in_order(role.date_columns))
    return role.date_format or "%Y-%m-%d"


def _in_order(columns: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(part, columns[part]) for part in _DIRECTIVES if part in columns]


def _part(raw: pa.Table, column: str, part: str) -> pa.Array:
    directive = _DIRECTIVES[part]
    return map_distinct(raw[column], lambda value: separate_part(value, directive))
