"""A segment as data: one YAML file says who is in it and what it is for.

A segment without a purpose is refused, since people may only be sorted for a stated reason. Who is
in it is decided in `condition.py` and in the marts.
"""

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from orchestration.segments.errors import SegmentError
from orchestration.settings import PACKAGE_DIR

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Segment(BaseModel):
    """Who is in a segment, whose it is and what it is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    segment: Name
    description: Text
    owner: Text
    purpose: Literal["marketing", "service", "analytics", "finance"]
    refresh: Literal["daily"] = "daily"
    condition: Text


def segment_folders(company_dir: Path | None) -> tuple[Path, ...]:
    """Return where segments are written: the company's own folder if there is one, else ours."""
    if company_dir and (company_dir / "segments").is_dir():
        return (company_dir / "segments",)
    return (PACKAGE_DIR / "segments" / "definitions",)


def load_segment(path: Path) -> Segment:
    """Read one file.

    Raises:
        SegmentError: a key is missing, unknown or empty; the message names file and key.
    """
    try:
        segment = Segment.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise SegmentError(f"{path.name}: {_reason(error)}") from error
    if segment.segment != path.stem:
        raise SegmentError(f"{path.name}: it calls itself {segment.segment}")
    return segment


def segment_files(company_dir: Path | None) -> list[Path]:
    """Return all files that define a segment, in order of their names."""
    return sorted(
        (path for folder in segment_folders(company_dir) for path in folder.glob("*.yml")),
        key=lambda path: path.name,
    )


def _reason(error: ValidationError | yaml.YAMLError) -> str:
    if isinstance(error, yaml.YAMLError):
        return "not readable as YAML"
    found = error.errors()[0]
    return f"{'.'.join(str(part) for part in found['loc']) or 'file'}: {found['msg']}"
