"""The contracts as a writer needs them: where a file goes and how it is laid out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.settings import PACKAGE_DIR


@dataclass(frozen=True, slots=True)
class TableContract:
    """One source table as it is to be delivered."""

    source: str
    table: str
    folder: Path | None
    extension: str
    format: dict[str, Any]
    columns: dict[str, dict[str, Any]]


def read_contracts(folder: Path = PACKAGE_DIR / "sources") -> dict[str, TableContract]:
    """Read every contract, by `<source>/<table>`."""
    contracts = {}
    for path in sorted(folder.glob("*/*.yml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        files = data["location"].get("files")
        pattern = Path(files) if files else None
        contracts[f"{data['source']}/{data['table']}"] = TableContract(
            source=data["source"],
            table=data["table"],
            folder=pattern.parent if pattern else None,
            extension=pattern.suffix if pattern else "",
            format=data.get("format", {}),
            columns=data["columns"],
        )
    return contracts
