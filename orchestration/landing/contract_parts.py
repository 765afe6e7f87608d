"""The parts a contract is made of: columns, locations, formats, and the rules of each alone.

The contract itself, and the rules that tie its parts together, are in `contract`; how a value is
read is in `column_types`.
"""

import codecs
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)

Purpose = Literal[
    "identity", "service", "analytics", "marketing", "finance", "operations", "consent"
]
Sensitivity = Literal["none", "internal", "pseudonymous", "personal", "contact", "sensitive"]

PERSONAL_SENSITIVITIES: frozenset[str] = frozenset({"personal", "contact", "sensitive"})
DECIMAL_TYPE = re.compile(r"^decimal\((\d{1,2}),\s*(\d{1,2})\)$")
NUMBER_PATTERN = re.compile(
    r"^(?P<prefix>[^#0]*)#(?P<group>[^#0])##0(?:(?P<decimal>[^#0])0+)?(?P<suffix>[^#0]*)$"
)
PLAIN_TYPES = ("text", "integer", "date", "timestamp", "boolean")
LARGEST_PRECISION = 38


class ContractPart(BaseModel):
    """A frozen part of a contract that knows all its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(ContractPart):
    """One declared column: its type, where it stands in the delivery, and why it may be kept."""

    type: str
    purpose: Purpose
    sensitivity: Sensitivity
    meaning: str = Field(min_length=1)
    required: bool = False
    format: str | tuple[str, ...] | None = None
    path: str | None = Field(default=None, min_length=1)
    retention_days: int | None = Field(default=None, gt=0)

    @field_validator("type")
    @classmethod
    def _known_type(cls, value: str) -> str:
        if value in PLAIN_TYPES:
            return value
        found = DECIMAL_TYPE.match(value)
        if found is None:
            raise ValueError(f"allowed are {', '.join(PLAIN_TYPES)} and decimal(digits,decimals)")
        precision, scale = int(found[1]), int(found[2])
        if not 0 < precision <= LARGEST_PRECISION or scale > precision:
            raise ValueError(
                f"a decimal has 1 to {LARGEST_PRECISION} digits and no more decimals than digits"
            )
        return f"decimal({precision},{scale})"

    @model_validator(mode="after")
    def _format_fits_type(self) -> Self:
        forms = (self.format,) if isinstance(self.format, str) else self.format or ()
        for form in forms:
            problem = _form_problem(self.type, form)
            if problem:
                raise ValueError(f"format: {form!r} is not a form of a {self.type}; {problem}")
        return self

    @property
    def is_personal(self) -> bool:
        """Whether the column holds personal data."""
        return self.sensitivity in PERSONAL_SENSITIVITIES


def _form_problem(column_type: str, form: str) -> str | None:
    """Return what a form of this type looks like, if this isn't one."""
    if column_type in ("date", "timestamp"):
        known = "%" in form or form in ("epoch_seconds", "epoch_milliseconds")
        return None if known else "write it like %d/%m/%Y, or epoch_seconds, epoch_milliseconds"
    if column_type == "boolean":
        return None if form.count("/") == 1 else "write the words for true and false, like yes/no"
    if column_type == "text":
        return "a text has none"
    return None if NUMBER_PATTERN.match(form) else "write it like $#,##0.00"


class FilesLocation(ContractPart):
    """Files below the inbox."""

    files: str = Field(min_length=1)

    @field_validator("files")
    @classmethod
    def _below_the_inbox(cls, value: str) -> str:
        if value.startswith(("/", "~")) or ".." in Path(value).parts:
            raise ValueError("a pattern of files below the inbox, without '..' and not absolute")
        return value


class DatabaseLocation(ContractPart):
    """A table of a database; its SQLAlchemy URL may hold `{inbox}` and `{env:NAME}`."""

    database: str = Field(min_length=1)
    table: str = Field(min_length=1)
    db_schema: str | None = Field(default=None, alias="schema")

    @property
    def files(self) -> None:
        """A database has no files in the inbox."""
        return


class HttpEndpoint(ContractPart):
    """An HTTP API that returns JSON: where its items are, how it pages, how to ask for news.

    `paginator` is dlt's own description of one; `headers` may hold `{env:NAME}`.
    """

    base_url: str = Field(min_length=1)
    path: str = Field(min_length=1)
    items: str | None = None
    parameters: dict[str, str | int] = Field(default_factory=dict)
    paginator: dict[str, str | int | bool | None] | None = None
    cursor_parameter: str | None = None
    initial_cursor: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _cursor_has_a_start(self) -> Self:
        if (self.cursor_parameter is None) != (self.initial_cursor is None):
            raise ValueError("cursor_parameter and initial_cursor go together")
        return self


class HttpLocation(ContractPart):
    """An endpoint of an HTTP API."""

    http: HttpEndpoint

    @property
    def files(self) -> None:
        """An API has no files in the inbox."""
        return


def _kind_of_location(value: object) -> str | None:
    keys = value.keys() if isinstance(value, Mapping) else {type(value).__name__}
    kinds = {"files": "files", "FilesLocation": "files", "database": "database"}
    kinds |= {"DatabaseLocation": "database", "http": "http", "HttpLocation": "http"}
    return next((kind for key, kind in kinds.items() if key in keys), None)


Location = Annotated[
    Annotated[FilesLocation, Tag("files")]
    | Annotated[DatabaseLocation, Tag("database")]
    | Annotated[HttpLocation, Tag("http")],
    Discriminator(
        _kind_of_location,
        custom_error_type="location_kind",
        custom_error_message="give one of files, database (with table) or http",
    ),
]


class CsvFormat(ContractPart):
    """Delimited text; without a header the order is that of `physical_columns` or the contract.

    With `line_breaks`, a record without quotes goes on over the next lines until it has its fields.
    """

    type: Literal["csv"]
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    encoding: str = "utf-8"
    quote: str = Field(default='"', max_length=1)
    decimal: Literal[".", ","] = "."
    header: bool = True
    physical_columns: tuple[str, ...] | None = None
    line_breaks: bool = False

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            codecs.lookup(value)
        except LookupError:
            raise ValueError(
                "not an encoding Python knows, such as utf-8, utf-16, latin-1, cp1251"
            ) from None
        return value

    @model_validator(mode="after")
    def _header_or_names(self) -> Self:
        if self.header and self.physical_columns is not None:
            raise ValueError(
                "physical_columns names the columns of a file without a header: add header: false"
            )
        if self.delimiter in ('"', "\n", "\r", self.quote):
            raise ValueError("delimiter: another sign than the quote and the end of a line")
        if self.line_breaks and self.quote:
            raise ValueError('line_breaks is for fields that have no quotes around them: quote: ""')
        return self


class JsonLinesFormat(ContractPart):
    """One JSON object a line; a column's `path` reaches into nested objects with dots."""

    type: Literal["jsonl"]
    encoding: Literal["utf-8"] = "utf-8"


class ParquetFormat(ContractPart):
    """Parquet."""

    type: Literal["parquet"]


Format = Annotated[CsvFormat | JsonLinesFormat | ParquetFormat, Field(discriminator="type")]
