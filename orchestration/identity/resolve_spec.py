"""Read a resolve spec: which tables hold people, and which of their columns play which role.

Only the form is checked here; whether files and columns exist shows when `spec_tables` reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from orchestration.identity.errors import SpecError
from orchestration.identity.fields import Holding
from orchestration.identity.normalise.phone import region_of

Task = Literal["dedupe", "link", "link_and_dedupe"]
ROLES = frozenset(
    {
        "given_name",
        "middle_name",
        "family_name",
        "full_name",
        "birth_date",
        "sex",
        "email",
        "phone",
        "secondary_phone",
        "street",
        "unit",
        "city",
        "region",
        "postcode",
        "country",
        "national_id",
        "loyalty_id",
    }
)
_ROLE_KEYS = frozenset(
    {"column", "format", "map", "join", "separator", "year", "month", "day", "country", "held"}
)
_HELD_ROLES = ("national_id", "loyalty_id")
_SOURCE_KEYS = frozenset({"source", "file", "table", "record_id", "roles", "delimiter", "encoding"})


@dataclass(frozen=True, slots=True)
class Role:
    """Where the values of one role come from: a column, a join of columns, or parts of a date."""

    columns: tuple[str, ...]
    separator: str = " "
    date_format: str | None = None
    value_map: Mapping[str, str] | None = None
    date_columns: Mapping[str, str] | None = None
    default_country: str | None = None
    holding: Holding | None = None


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One table of people."""

    name: str
    file: Path
    table: str | None
    record_id: str
    roles: Mapping[str, Role]
    delimiter: str | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class ResolveSpec:
    """A checked spec."""

    path: Path
    task: Task
    sources: tuple[SourceSpec, ...]
    latest_year: int = 9999  # in which somebody may be born

    @property
    def holdings(self) -> dict[str, Holding]:
        """What sources say of how people hold an identifier."""
        return {
            name: role.holding
            for source in self.sources
            for name, role in source.roles.items()
            if role.holding is not None
        }


def read_spec(path: Path, latest_year: int = 9999) -> ResolveSpec:
    """Return the spec in a YAML file; files in it are relative to it.

    Years of birth after the latest are not believed, and a year of two figures is none of them.

    Raises:
        SpecError: the file cannot be read or a key in it is wrong.
    """
    name = path.name
    try:
        # All scalars stay text: a column may be called "no", and a country is NO.
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SpecError(name, "file", f"cannot be read as YAML ({type(error).__name__})") from error
    if not isinstance(content, dict):
        raise SpecError(name, "file", "holds no mapping of task and sources")
    _refuse_unknown(name, "", content, frozenset({"task", "sources"}))
    task = content.get("task", "dedupe")
    if task not in get_args(Task):
        raise SpecError(name, "task", f"is {task!r}, not one of {', '.join(get_args(Task))}")
    sources = _sources(path, content.get("sources"))
    if task == "link" and len(sources) < 2:
        raise SpecError(name, "sources", "a link task needs two sources or more")
    return ResolveSpec(path, task, sources, latest_year)


def _sources(path: Path, content: Any) -> tuple[SourceSpec, ...]:  # noqa: ANN401  # YAML is untyped
    if not isinstance(content, list) or not content:
        raise SpecError(path.name, "sources", "must be a list of at least one source")
    sources: list[SourceSpec] = []
    for position, item in enumerate(content):
        source = _source(path, f"sources[{position}]", item)
        if source.name in {other.name for other in sources}:
            raise SpecError(
                path.name, f"sources[{position}].source", f"{source.name!r} is used twice"
            )
        sources.append(source)
    for role in _HELD_ROLES:
        said = {source.roles[role].holding for source in sources if role in source.roles}
        if len(said - {None}) > 1:
            raise SpecError(path.name, f"roles.{role}.held", "sources say different things of it")
    return tuple(sources)


def _source(path: Path, key: str, item: Any) -> SourceSpec:  # noqa: ANN401
    if not isinstance(item, dict):
        raise SpecError(path.name, key, "must be a mapping")
    _refuse_unknown(path.name, key, item, _SOURCE_KEYS)
    for needed in ("source", "file", "record_id", "roles"):
        if not item.get(needed):
            raise SpecError(path.name, f"{key}.{needed}", "is missing")
    _refuse_lists(path.name, key, item, _SOURCE_KEYS - {"roles"})
    if not isinstance(item["roles"], dict):
        raise SpecError(path.name, f"{key}.roles", "must be a mapping of roles to columns")
    roles = {}
    for role, value in item["roles"].items():
        if role not in ROLES:
            known = ", ".join(sorted(ROLES))
            raise SpecError(path.name, f"{key}.roles.{role}", f"is no role; known are {known}")
        roles[role] = _role(path.name, f"{key}.roles.{role}", value)
        if roles[role].holding and role not in _HELD_ROLES:
            problem = f"is only said of {' and '.join(_HELD_ROLES)}"
            raise SpecError(path.name, f"{key}.roles.{role}.held", problem)
    return SourceSpec(
        name=str(item["source"]),
        file=path.parent / str(item["file"]),
        table=item.get("table"),
        record_id=str(item["record_id"]),
        roles=roles,
        delimiter=item.get("delimiter"),
        encoding=item.get("encoding"),
    )


def _role(file: str, key: str, value: Any) -> Role:  # noqa: ANN401
    if isinstance(value, str):
        return Role((value,))
    if not isinstance(value, dict):
        raise SpecError(file, key, "must be a column, or a mapping that names columns")
    _refuse_unknown(file, key, value, _ROLE_KEYS)
    _refuse_lists(file, key, value, _ROLE_KEYS - {"join", "map"})
    dates = {part: str(value[part]) for part in ("year", "month", "day") if part in value}
    joined = value.get("join")
    if joined is not None and not (isinstance(joined, list) and joined):
        raise SpecError(file, f"{key}.join", "must be a list of columns")
    columns = tuple(
        map(str, joined or ([value["column"]] if "column" in value else dates.values()))
    )
    if not columns:
        raise SpecError(file, key, "names no column (use column, join, or year, month and day)")
    mapped = value.get("map")
    if mapped is not None and not isinstance(mapped, dict):
        raise SpecError(file, f"{key}.map", "must be a mapping of values")
    held = value.get("held")
    if held is not None and held not in tuple(Holding):
        raise SpecError(file, f"{key}.held", f"is {held!r}, not one of {', '.join(Holding)}")
    return Role(
        columns,
        separator=str(value.get("separator", " ")),
        date_format=value.get("format"),
        value_map={str(old).lower(): str(new) for old, new in mapped.items()} if mapped else None,
        date_columns=dates or None,
        default_country=_default_country(file, key, value.get("country")),
        holding=Holding(held) if held else None,
    )


def _refuse_unknown(file: str, key: str, content: Mapping[Any, Any], known: frozenset[str]) -> None:
    for name in content:
        if name not in known:
            place = f"{key}.{name}" if key else str(name)
            raise SpecError(file, place, f"is not known here; known are {', '.join(sorted(known))}")


def _refuse_lists(file: str, key: str, content: Mapping[Any, Any], names: frozenset[str]) -> None:
    for name in sorted(names & set(content)):
        if not isinstance(content[name], str):
            raise SpecError(file, f"{key}.{name}", "must be one value, no list or mapping")


def _default_country(file: str, key: str, country: str | None) -> str | None:
    if not country:
        return None
    region = region_of(country)
    if region is None:
        problem = f"{country!r} is not the two letters of a country, such as KE"
        raise SpecError(file, f"{key}.country", problem)
    return region
