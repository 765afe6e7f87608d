"""Offer the items of an HTTP API to dlt: page by page, cut down to the declared columns as text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from dlt.sources.rest_api import rest_api_resources
from dlt.sources.rest_api.typing import ClientConfig, Endpoint, EndpointResource, PaginatorConfig

from orchestration.landing.contract import Contract
from orchestration.landing.contract_parts import HttpEndpoint
from orchestration.landing.offers import CURSOR, Offer, end_of_cursors
from orchestration.landing.placeholders import fill

MOST_NAMES = 50


def api_items(
    contract: Contract, endpoint: HttpEndpoint, inbox_dir: Path, as_of: datetime
) -> Offer:
    """Offer what an endpoint returns, from the last cursor on where the API can be asked so."""
    cut = _Cut(contract, end_of_cursors(as_of))
    resource: EndpointResource = {
        "name": contract.table,
        "endpoint": _described(endpoint, inbox_dir),
        "columns": {name: {"data_type": "text"} for name in contract.columns},
        "processing_steps": [{"map": cut}],
    }
    headers = {name: fill(value, inbox_dir) for name, value in endpoint.headers.items()}
    client: ClientConfig = {"base_url": fill(endpoint.base_url, inbox_dir), "headers": headers}
    resources = rest_api_resources({"client": client, "resources": [resource]})
    return Offer(resource=resources[0], undeclared=cut.undeclared)


def _described(endpoint: HttpEndpoint, inbox_dir: Path) -> Endpoint:
    """Return the endpoint in the words of dlt."""
    parameters: dict[str, Any] = {**endpoint.parameters}
    described: Endpoint = {"path": fill(endpoint.path, inbox_dir), "params": parameters}
    if endpoint.items is not None:
        described["data_selector"] = endpoint.items
    if endpoint.paginator is not None:
        described["paginator"] = cast("PaginatorConfig", dict(endpoint.paginator))
    if endpoint.cursor_parameter is not None:
        parameters[endpoint.cursor_parameter] = "{incremental.start_value}"
        described["incremental"] = {
            "cursor_path": CURSOR,
            "initial_value": endpoint.initial_cursor,
            "on_cursor_value_missing": "include",
        }
    return described


@dataclass
class _Cut:
    """Cut an item down to the declared columns: the rest is not even written to a working file."""

    contract: Contract
    end: str
    undeclared: set[str] = field(default_factory=set)

    def __call__(self, item: object) -> dict[str, str | int | None]:
        """Return the declared values of one item as text, and its cursor."""
        content = item if isinstance(item, Mapping) else {}
        paths = {name: column.path or name for name, column in self.contract.columns.items()}
        row: dict[str, str | int | None] = {
            name: _text(_reach(content, path)) for name, path in paths.items()
        }
        if self.contract.cursor is not None:
            row[CURSOR] = self._cursor(_reach(content, paths[self.contract.cursor]))
        self._note(content, "", frozenset(paths.values()))
        return row

    def _cursor(self, value: object) -> str | int | None:
        if isinstance(value, int):
            return value
        is_time = isinstance(value, str) and "0" <= value < self.end
        return value if isinstance(value, str) and is_time else None

    def _note(self, content: Mapping[str, object], prefix: str, declared: frozenset[str]) -> None:
        for key, value in content.items():
            path = f"{prefix}{key}"
            if path in declared or len(self.undeclared) >= MOST_NAMES:
                continue
            if isinstance(value, Mapping) and any(name.startswith(f"{path}.") for name in declared):
                self._note(value, f"{path}.", declared)
            else:
                self.undeclared.add(path)


def _reach(content: object, path: str) -> object:
    for step in path.split("."):
        if not isinstance(content, Mapping):
            return None
        content = content.get(step)
    return content


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
