"""Hold clusters against the truth: pairwise figures at the default threshold and at the best."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as pq

Labels = npt.NDArray[np.int64]
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


def _pairs(labels: npt.NDArray[np.intp]) -> float:
    sizes = np.bincount(labels, minlength=1).astype(np.float64)
    return float((sizes * (sizes - 1)).sum() / 2)
