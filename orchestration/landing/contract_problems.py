"""Say what is wrong with a contract: the file, the key, the allowed values, the nearest name."""

import difflib
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from orchestration.landing import contract_parts
from orchestration.landing.errors import ContractError

CONTRACT_KEYS = (
    *("source", "table", "description", "owner", "location", "format", "delivery", "key", "cursor"),
    *("deleted_when", "change_type", "freshness_hours", "retention_days", "fold", "columns"),
)


class _StrictLoader(yaml.SafeLoader):
    """YAML in which a key given twice is an error instead of the last one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                problem = f"the key {key.value} is given twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path, name: str) -> Mapping[str, Any]:
    """Read a YAML file that must hold a mapping.

    Raises:
        ContractError: it is not YAML, gives a key twice, or holds something else.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ContractError(
            (f"{name}, line {line}: not well-formed YAML: {error.problem}",)
        ) from None
    except UnicodeDecodeError:
        raise ContractError((f"{name}: not UTF-8 text",)) from None
    if not isinstance(content, Mapping):
        raise ContractError((f"{name}: must hold the keys of a contract",))
    return content


def problems_of(error: ValidationError, content: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return one sentence for each problem that pydantic found."""
    return tuple(f"{name}: {_sentence(detail, content)}" for detail in error.errors())


def _sentence(detail: ErrorDetails, content: Mapping[str, Any]) -> str:
    place = _place(detail["loc"], content)
    match detail["type"]:
        case "extra_forbidden":
            wrong = str(detail["loc"][-1])
            return f"{place}: unknown key{_nearest(wrong, _keys_beside(detail['loc']))}"
        case "missing":
            return f"{place}: missing"
        case "literal_error":
            return f"{place}: {detail['input']!r} is not one of {detail['ctx']['expected']}"
        case "string_pattern_mismatch":
            return (
                f"{place}: {detail['input']!r} must be lower-case letters, digits and underscores"
            )
        case "value_error":
            message = detail["msg"].removeprefix("Value error, ")
            return f"{place}: {message}" if place else message
        case _:
            return f"{place}: {detail['msg']}"


def _place(location: tuple[int | str, ...], content: Mapping[str, Any]) -> str:
    """Return the keys that lead to a value, without pydantic's names for the kinds of a part."""
    branches = {"files", "database", "http", "csv", "jsonl", "parquet"}
    steps: list[str] = []
    for position, step in enumerate(location):
        is_branch = position == 1 and location[0] in ("location", "format") and step in branches
        if not is_branch and step != "[key]":
            steps.append(str(step))
    return ".".join(steps)


def _nearest(wrong: str, allowed: tuple[str, ...]) -> str:
    found = difflib.get_close_matches(wrong, allowed, n=1)
    return f"; did you mean {found[0]}?" if found else f"; allowed are {', '.join(allowed)}"


def _keys_beside(location: tuple[int | str, ...]) -> tuple[str, ...]:
    """Return the keys that are allowed where an unknown one was found."""
    if location[0] == "columns":
        return tuple(contract_parts.Column.model_fields)
    if location[0] in ("location", "format") and len(location) > 1:
        return tuple(_keys_of_branch(str(location[1]), len(location)))
    if location[0] == "change_type":
        return ("column", "deletes")
    if location[0] == "fold":
        return ("at", "by")
    return CONTRACT_KEYS


def _keys_of_branch(branch: str, depth: int) -> Iterator[str]:
    parts: dict[str, type[BaseModel]] = {
        "files": contract_parts.FilesLocation,
        "database": contract_parts.DatabaseLocation,
        "http": contract_parts.HttpEndpoint if depth > 3 else contract_parts.HttpLocation,
        "csv": contract_parts.CsvFormat,
        "jsonl": contract_parts.JsonLinesFormat,
        "parquet": contract_parts.ParquetFormat,
    }
    for key, field in parts[branch].model_fields.items():
        yield field.alias or key
