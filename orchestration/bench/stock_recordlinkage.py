"""recordlinkage with its own classes, as its documentation shows them, on the records ours gets.

A program of its own: RECORDS.parquet OUT_FOLDER RULES [TASK]. Prints one JSON object.
"""

import json
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import recordlinkage

from orchestration.bench.measured import peak_rss_mb
from orchestration.bench.splink_rules import RULE_SETS
from orchestration.identity.linkage import components

_TEXTS = ("given_name", "family_name", "street")
_EXACT = ("birth_date", "email", "phone", "postcode", "city", "national_id", "loyalty_id")
_ALIKE_FROM = 0.85


def blocked(frame: pd.DataFrame, rules: str) -> pd.MultiIndex:
    """Return the pairs of Splink's rules, joined as the library joins indexes."""
    indexer = recordlinkage.Index()
    for rule in RULE_SETS[rules]:
        keys = []
        for name, letters in rule:
            key = f"{name}_{letters}"
            frame[key] = frame[name].str[:letters] if letters else frame[name]
            keys.append(key)
        indexer.add(recordlinkage.index.Block(keys))
    pairs: pd.MultiIndex = indexer.index(frame)
    return pairs


def main(records: str, folder: str, rules: str, _task: str = "dedupe") -> None:
    """Block, compare, classify, cluster and print the figures."""
    started, started_processor = time.perf_counter(), time.process_time()
    frame = pq.read_table(records).to_pandas()
    parts = ("birth_year", "birth_month", "birth_day")
    dates = frame[list(parts)].astype("Int64").astype("string")
    frame["birth_date"] = dates.birth_year + "-" + dates.birth_month + "-" + dates.birth_day
    pairs = blocked(frame, rules)
    compare = recordlinkage.Compare()
    for name in _TEXTS:
        compare.string(name, name, method="jarowinkler", threshold=_ALIKE_FROM, label=name)
    for name in _EXACT:
        compare.exact(name, name, label=name)
    features = compare.compute(pairs, frame)
    matches = recordlinkage.ECMClassifier().fit_predict(features)
    left, right = (matches.get_level_values(level).to_numpy() for level in (0, 1))
    labels = components(len(frame), left, right)
    ended, processor, peak = time.perf_counter(), time.process_time(), peak_rss_mb()
    clusters = {"source_record_id": frame["source_record_id"], "default": labels}
    pq.write_table(pa.table(clusters), Path(folder) / "clusters.parquet")
    found = {
        "seconds": round(ended - started, 2),
        "processor_seconds": round(processor - started_processor, 2),
        "pairs": len(pairs),
        "peak_rss_mb": peak,
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
