"""Our engine on a file of records, as a program of its own, so that its memory is its own.

RECORDS.parquet OUT_FOLDER RULES [TASK]: rules are `chosen`, or one of Splink's sets. Prints one
JSON object; writes a cluster per record at the default threshold and at others.
"""

import json
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.bench.measured import peak_rss_mb
from orchestration.bench.splink_rules import as_rules
from orchestration.bench.truth_figures import THRESHOLDS, edges_calibration_error
from orchestration.identity.clustering import cluster_records
from orchestration.identity.edge_table import cluster_edges
from orchestration.identity.engine import resolve_records
from orchestration.identity.records import PERSON_RECORDS
from orchestration.identity.settings import engine_settings

CHOSEN = "chosen"


def main(records: str, folder: str, rules: str, task: str = "dedupe") -> None:
    """Resolve the records and print the figures."""
    settings = engine_settings()
    started, started_processor = time.perf_counter(), time.process_time()
    tables = [pq.read_table(records, columns=PERSON_RECORDS.names)]
    loaded = time.perf_counter()
    found = resolve_records(
        tables.pop(),
        settings,
        are_sources_clean=task == "link",
        rules=None if rules == CHOSEN else lambda encoded: as_rules(rules, encoded),
    )
    edges = cluster_edges(found.edges, found.comparer.fields)
    clean = found.records.sources if task == "link" else None
    size, resolved = found.records.size, time.perf_counter()
    clusters = cluster_records(size, edges, settings.clustering, clean_sources=clean)
    ended, ended_processor = time.perf_counter(), time.process_time()
    peak = peak_rss_mb()
    columns = {"source_record_id": found.records.ids, "default": pa.array(clusters.labels)}
    for threshold in THRESHOLDS:
        other = settings.clustering.model_copy(update={"threshold": threshold})
        labels = cluster_records(size, edges, other, clean_sources=clean).labels
        columns[str(threshold)] = pa.array(labels)
    pq.write_table(pa.table(columns), Path(folder) / "clusters.parquet")
    figures = {
        "seconds": round(ended - started, 2),
        "processor_seconds": round(ended_processor - started_processor, 2),
        "stages": {
            "load": round(loaded - started, 3),
            **found.seconds,
            "cluster": round(ended - resolved, 3),
        },
        "pairs": found.candidate_pairs,
        "peak_rss_mb": peak,
        "structure": found.model.structure if found.model else None,
        "share_missed": round(found.share_missed, 4),
        "rules_used": [rule.label for rule in found.rules],
        "calibration_error": edges_calibration_error(Path(records), found),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
