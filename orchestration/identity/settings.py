"""Typed settings of the engine, read from `settings.yml` beside this file."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from orchestration.identity.errors import SpecError

SETTINGS_FILE = Path(__file__).with_name("settings.yml")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlaceholderSettings(_Section):
    """When a value is carried by too many to be evidence."""

    different_names: int
    records: int


class BlockingSettings(_Section):
    """How many candidate pairs rules may bring."""

    pairs_per_record_per_rule: float
    pairs_per_record: float
    rules: int
    block_records: int
    oversized_share: float
    tighter: tuple[float, ...]
    pairs_before_choosing: float
    pairs_per_record_beyond: float
    tried_pairs: int
    least_true_share: float


class PilotSettings(_Section):
    """On how many records rules are chosen and the model is fitted."""

    records: int
    seed: int


class ComparisonSettings(_Section):
    """How many pairs are compared at once."""

    chunk_pairs: int


class ChanceSettings(_Section):
    """How chance agreement is measured."""

    random_pairs: int
    pairs_per_rule: int
    seed: int


class ScoringSettings(_Section):
    """How the model is fitted and what its match class may look like."""

    fitted_pairs: int
    iterations: int
    tolerance: float
    smoothing: float
    prior_pairs: float
    weak_share_stable: float
    weak_share_changing: float
    equal_share_stable: float
    equal_share_changing: float
    junk_classes: int
    junk_from_pairs: float
    structures: tuple[str, ...]
    structure_gain: float


class ClusteringSettings(_Section):
    """When linked records become one cluster, and when a steward should look."""

    threshold: float
    component_records: int
    cluster_records: int
    strong_from: float
    review_from: float
    review_to: float
    review_pairs: int
    kept_from: float


class RetrainingSettings(_Section):
    """How often the model is fitted anew, and how much a new one may change."""

    days: int
    most_changed: float


class EngineSettings(_Section):
    """All settings of the identity engine."""

    placeholders: PlaceholderSettings
    pilot: PilotSettings
    blocking: BlockingSettings
    comparison: ComparisonSettings
    chance: ChanceSettings
    scoring: ScoringSettings
    clustering: ClusteringSettings
    retraining: RetrainingSettings


def read_settings(own: Path | None) -> EngineSettings:
    """Return the settings that the package ships, with what a file of one's own says otherwise.

    Raises:
        SpecError: the file cannot be read, or names a setting that there is not.
    """
    if own is None:
        return engine_settings()
    shipped = engine_settings().model_dump(mode="json")
    try:
        said = yaml.safe_load(own.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SpecError(str(own), "the file", f"cannot be read: {type(error).__name__}") from error
    if not isinstance(said, dict):
        raise SpecError(str(own), "the file", "holds no sections such as clustering:")
    for section, values in said.items():
        if section not in shipped or not isinstance(values, dict):
            raise SpecError(str(own), str(section), "is no section of the engine's settings")
        shipped[section] |= values
    try:
        return EngineSettings.model_validate(shipped)
    except ValidationError as error:
        wrong = error.errors()[0]
        key = ".".join(str(part) for part in wrong["loc"])
        raise SpecError(str(own), key, wrong["msg"]) from error


@cache
def engine_settings() -> EngineSettings:
    """Return the settings that the package ships."""
    return EngineSettings.model_validate(yaml.safe_load(SETTINGS_FILE.read_text(encoding="utf-8")))
