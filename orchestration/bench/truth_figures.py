"""Hold clusters against the truth: pairwise figures at the default threshold and at the best."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.identity.arrays import Flags, Floats
from orchestration.identity.engine import Resolution

Labels = npt.NDArray[np.int64]
_BINS, _SOME_PROBABILITY = 10, 0.05
THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)


@dataclass(frozen=True, slots=True)
class Pairwise:
    """How many pairs were made that are true (precision), and found of those that are (recall)."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def pairwise(clusters: Labels, truth: Labels) -> Pairwise:
    """Return the figures of clusters, record by record beside the truth."""
    both = _pairs(pd.factorize(clusters * (int(truth.max(initial=0)) + 1) + truth)[0])
    made, wanted = _pairs(pd.factorize(clusters)[0]), _pairs(pd.factorize(truth)[0])
    return Pairwise(both / made if made else 1.0, both / wanted if wanted else 1.0)


def figures(records: Path, clusters: Path) -> dict[str, Any]:
    """Return f1_default, precision, recall and f1_best of a file of clusters, by threshold."""
    found = pq.read_table(clusters).to_pandas()
    names = ["source_record_id", "entity_id"]
    known = pq.read_table(records, columns=names).to_pandas()
    together = found.merge(known, on="source_record_id")
    truth = together["entity_id"].to_numpy(dtype=np.int64)
    by_threshold = {
        name: pairwise(together[name].to_numpy(dtype=np.int64), truth)
        for name in found.columns
        if name != "source_record_id"
    }
    usual = by_threshold["default"]
    best = max(by_threshold, key=lambda name: by_threshold[name].f1)
    return {
        "f1_default": round(usual.f1, 4),
        "precision": round(usual.precision, 4),
        "recall": round(usual.recall, 4),
        "f1_best": round(by_threshold[best].f1, 4),
        "best_threshold": best,
    }


def edges_calibration_error(records: Path, found: Resolution) -> float:
    """Return the calibration error of the edges of a resolution of a file of records.

    Over pairs with some probability: over all candidates nearly everything is rightly near 0.
    """
    known = pq.read_table(records, columns=["source_record_id", "entity_id"])
    places = pc.index_in(found.records.ids, known["source_record_id"].combine_chunks())
    truth = known["entity_id"].to_numpy()[places.to_numpy()]
    kept = found.edges.probability >= _SOME_PROBABILITY
    is_true = truth[found.edges.left[kept]] == truth[found.edges.right[kept]]
    return round(calibration_error(found.edges.probability[kept], is_true), 4)


def calibration_error(said: Floats, is_true: Flags) -> float:
    """Return how far probabilities are from the share that is true: in ten bins, by pairs."""
    bins = np.minimum((said * _BINS).astype(np.int64), _BINS - 1)
    gaps = np.bincount(bins, weights=said - is_true)
    return float(np.abs(gaps).sum() / max(len(said), 1))


def _pairs(labels: npt.NDArray[np.intp]) -> float:
    sizes = np.bincount(labels, minlength=1).astype(np.float64)
    return float((sizes * (sizes - 1)).sum() / 2)
