"""The contract of one source table: what may be landed from it, why, and in what form it comes.

Contracts are data (`sources/<source>/<table>.yml`). This module holds the contract, the rules that
tie its parts together, and the reading of a folder of them. The parts are in `contract_parts`, the
wording of what is wrong with one in `contract_problems`.
"""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from orchestration.landing.contract_parts import (
    Column,
    ContractPart,
    CsvFormat,
    DatabaseLocation,
    FilesLocation,
    Format,
    HttpLocation,
    Location,
    ParquetFormat,
)
from orchestration.landing.contract_problems import problems_of, read_yaml
from orchestration.landing.errors import ContractError

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Delivery = Literal["full", "incremental", "append", "cdc"]


class ChangeType(ContractPart):
    """Which column of a change feed says what happened, and which of its words mean a delete."""

    column: str
    deletes: tuple[str, ...] = Field(min_length=1)


class Fold(ContractPart):
    """By which columns rows past their retention are counted by day, instead of being kept."""

    at: str
    by: tuple[str, ...] = Field(min_length=1)


class Contract(ContractPart):
    """What one source table delivers."""

    source: Name
    table: Name
    description: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    location: Location
    format: Format | None = None
    delivery: Delivery
    key: tuple[str, ...] = ()
    cursor: str | None = None
    deleted_when: str | None = None
    change_type: ChangeType | None = None
    freshness_hours: float = Field(gt=0)
    retention_days: int = Field(gt=0)
    fold: Fold | None = None
    columns: dict[Name, Column] = Field(min_length=1)

    @property
    def landing_name(self) -> str:
        """Name of the landing table."""
        return f"{self.source}_{self.table}"

    @property
    def folded_name(self) -> str:
        """Name of the table with the daily signals of rows past their retention."""
        return f"{self.landing_name}_daily"

    @property
    def label(self) -> str:
        """Name of the source table in messages."""
        return f"{self.source}.{self.table}"

    def place(self, file: str) -> str:
        """Return what a message names as the place of a row: file, table or endpoint."""
        location = self.location
        if isinstance(location, DatabaseLocation):
            return f"{self.label}, table {location.table}"
        if isinstance(location, HttpLocation):
            return f"{self.label}, {location.http.path}"
        return f"{self.label}, {file}"

    def physical_name(self, column: str) -> str:
        """Return the name a column has in the files that reach the door.

        An extract of a database or an API comes under the names of the contract.
        """
        if isinstance(self.location, FilesLocation):
            return self.columns[column].path or column
        return column

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        rules = (
            self._format_problem,
            self._path_problem,
            self._delivery_problem,
            self._order_problem,
            self._fold_problem,
        )
        for rule in rules:
            problem = rule()
            if problem:
                raise ValueError(problem)
        return self

    def _format_problem(self) -> str | None:
        if isinstance(self.location, FilesLocation):
            return None if self.format else "format: files need one (csv, jsonl or parquet)"
        return "format: a database or an API has none; leave it out" if self.format else None

    def _path_problem(self) -> str | None:
        """Two columns can't come from the same place, nor one from inside another."""
        paths = sorted((column.path or name) for name, column in self.columns.items())
        nested = not isinstance(self.format, CsvFormat | ParquetFormat)
        for path, following in zip(paths, paths[1:], strict=False):
            if path == following or (nested and following.startswith(f"{path}.")):
                return f"columns: {following} is read twice: as {path} and as {following}"
        physical = self.format.physical_columns if isinstance(self.format, CsvFormat) else None
        unnamed = [path for path in paths if physical is not None and path not in physical]
        if unnamed:
            return f"format.physical_columns: {', '.join(unnamed)} is declared and not among them"
        return None

    def _delivery_problem(self) -> str | None:
        if self.delivery != "full" and not self.key:
            return (
                f"key: a table delivered as {self.delivery} needs a key; only full may go without"
            )
        if self.delivery in ("incremental", "cdc") and self.cursor is None:
            return f"cursor: a table delivered as {self.delivery} needs one"
        if (self.delivery == "cdc") != (self.change_type is not None):
            return "change_type: given for cdc, and only for cdc"
        return None

    def _order_problem(self) -> str | None:
        named = [("key", name) for name in self.key]
        named += [("cursor", self.cursor)] if self.cursor else []
        named += [("deleted_when", self.deleted_when)] if self.deleted_when else []
        named += [("change_type", self.change_type.column)] if self.change_type else []
        for place, name in named:
            if name not in self.columns:
                return f"{place}: {name} is not a column of the contract"
            if place != "deleted_when" and not self.columns[name].required:
                return f"{place}: the column {name} must be required"
        if self.deleted_when and self.columns[self.deleted_when].type != "boolean":
            return f"deleted_when: {self.deleted_when} must be a boolean column"
        return None

    def _fold_problem(self) -> str | None:
        if self.fold is None:
            return None
        if self.delivery != "append":
            return "fold: only rows that never change (append) can be counted and let go"
        unknown = [name for name in (self.fold.at, *self.fold.by) if name not in self.columns]
        if unknown:
            return f"fold: {unknown[0]} is not a column of the contract"
        at = self.columns[self.fold.at]
        if at.type != "timestamp" or not at.required:
            return f"fold: {self.fold.at} must be a required timestamp"
        return None


def load_contracts(sources_dir: Path) -> tuple[Contract, ...]:
    """Read every `<source>/<table>.yml` below a folder, sorted by source and table.

    Raises:
        ContractError: at least one is not well formed; the error lists every problem of every file.
    """
    contracts: list[Contract] = []
    problems: list[str] = []
    for path in sorted(sources_dir.glob("*/*.yml")):
        try:
            contracts.append(read_contract(path))
        except ContractError as error:
            problems.extend(error.problems)
    if problems:
        raise ContractError(tuple(problems))
    return tuple(sorted(contracts, key=lambda contract: (contract.source, contract.table)))


def read_contract(path: Path) -> Contract:
    """Read one contract; its folder and file name are its source and table.

    Raises:
        ContractError: the file is not a well-formed contract.
    """
    name = f"{path.parent.name}/{path.name}"
    content = read_yaml(path, name)
    try:
        contract = Contract.model_validate(content)
    except ValidationError as error:
        raise ContractError(problems_of(error, content, name)) from None
    if (contract.source, contract.table) != (path.parent.name, path.stem):
        message = (
            f"{name}: source and table say {contract.label}; the place of the file says otherwise"
        )
        raise ContractError((message,))
    return contract
