"""A use case as data: which data a purpose needs, how complete, how fresh and for how long back.

One YAML file a use case. Whether the data are there is measured in `measurement.py`.
"""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from orchestration.requirements.errors import UseCaseError
from orchestration.settings import PACKAGE_DIR

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
MartColumn = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")]
LandedColumn = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+\.[a-z0-9_]+$")]


class Need(BaseModel):
    """One attribute that a use case needs.

    `among` chooses the rows that count, `valid_when` is what is true of a row whose value can be
    used: both are conditions on the columns of the mart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    attribute: MartColumn
    kind: Literal["attribute", "identifier", "history"] = "attribute"
    coverage: float = Field(gt=0, le=1)
    dated_by: Name | None = None
    freshness_days: int | None = Field(default=None, gt=0)
    history_days: int | None = Field(default=None, gt=0)
    among: Text | None = None
    valid_when: Text | None = None
    from_columns: tuple[LandedColumn, ...]


class UseCase(BaseModel):
    """What somebody wants to do, and what it takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    use_case: Name
    description: Text
    owner: Text
    needs: tuple[Need, ...] = Field(min_length=1)


def use_case_folder(company_dir: Path | None) -> Path:
    """Return where use cases are written: the company's own folder if there is one, else ours."""
    if company_dir and (company_dir / "use_cases").is_dir():
        return company_dir / "use_cases"
    return PACKAGE_DIR / "requirements" / "use_cases"


def load_use_cases(folder: Path) -> list[UseCase]:
    """Read every use case, in order of its name.

    Raises:
        UseCaseError: a file is not a use case; the message names file and key.
    """
    found = []
    for path in sorted(folder.glob("*.yml")):
        try:
            use_case = UseCase.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except yaml.YAMLError as error:
            raise UseCaseError(f"{path.name}: not readable as YAML") from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "file"
            raise UseCaseError(f"{path.name}: {place}: {first['msg']}") from error
        if use_case.use_case != path.stem:
            raise UseCaseError(f"{path.name}: it calls itself {use_case.use_case}")
        found.append(use_case)
    return found
