"""Compare two models: what levels are worth under each, and which links they make of one data set.

A link is a pair at or above the threshold of clusters. Figures and names of levels only, no values
of persons.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.identity.arrays import Floats, Integers
from orchestration.identity.edges import Edges
from orchestration.identity.fields import Field
from orchestration.identity.patterns import offsets
from orchestration.identity.scoring import PairScorer

_LEAST = 1e-6  # what a level is worth is not told from rarer ones


@dataclass(frozen=True, slots=True)
class Judge:
    """A model as far as it is compared: what it is called, looks at, and says of levels."""

    version: str
    rules: tuple[str, ...]
    bits: dict[tuple[str, str], float]  # field and level -> bits for one person

    @classmethod
    def of(
        cls, version: str, rules: Sequence[str], scorer: PairScorer, fields: Sequence[Field]
    ) -> "Judge":
        """Take a model from what scores with it."""
        match, chance = scorer.mixture.parameters[0], scorer.chance.overall
        return cls(version, tuple(rules), level_bits(match, chance, fields))


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """How far a model differs from one before it."""

    model_version: str
    previous_version: str
    fields_added: tuple[str, ...]
    fields_gone: tuple[str, ...]
    rules_added: tuple[str, ...]
    rules_gone: tuple[str, ...]
    largest_weight_change: float  # bits
    changed_level: str
    links: int
    previous_links: int
    links_kept: int
    share_changed: float  # of all links that either makes


def level_bits(
    match: Floats, chance: Floats, fields: Sequence[Field]
) -> dict[tuple[str, str], float]:
    """Return by field and level the bits for one person, without the level for missing."""
    bits = np.log2(np.maximum(match, _LEAST) / np.maximum(chance, _LEAST))
    starts = offsets([len(field.levels) for field in fields])
    return {
        (field.name, level): float(bits[starts[place] + number])
        for place, field in enumerate(fields)
        for number, level in enumerate(field.levels)
        if number
    }


def links_of(edges: Edges, threshold: float, size: int) -> Integers:
    """Return the links among edges as one number each."""
    linked = edges.probability >= threshold
    return edges.left[linked].astype(np.int64) * size + edges.right[linked]


def compare_models(
    model: Judge, previous: Judge, links: Integers, previous_links: Integers
) -> ModelComparison:
    """Return what changed from the previous model; links are distinct numbers of pairs."""
    both = sorted(model.bits.keys() & previous.bits.keys())
    changes = [abs(model.bits[level] - previous.bits[level]) for level in both]
    largest = int(np.argmax(changes)) if changes else -1
    kept = len(np.intersect1d(links, previous_links, assume_unique=True))
    either = len(links) + len(previous_links) - kept
    fields, before = ({name for name, _ in one.bits} for one in (model, previous))
    return ModelComparison(
        model_version=model.version,
        previous_version=previous.version,
        fields_added=tuple(sorted(fields - before)),
        fields_gone=tuple(sorted(before - fields)),
        rules_added=tuple(sorted(set(model.rules) - set(previous.rules))),
        rules_gone=tuple(sorted(set(previous.rules) - set(model.rules))),
        largest_weight_change=round(changes[largest], 3) if changes else 0.0,
        changed_level=": ".join(both[largest]) if changes else "",
        links=len(links),
        previous_links=len(previous_links),
        links_kept=kept,
        share_changed=round(1 - kept / either, 6) if either else 0.0,
    )
