"""Splink with the settings of somebody who knows it well, on the records that our engine gets.

Run as a program of its own, so that its memory is its own: RECORDS.parquet OUT_FOLDER RULES [TASK].
Prints one JSON object; writes clusters. Splink is in the dependency group `bench` only.
"""

import json
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.internals.duckdb.database_api import DuckDBAPI
from splink.internals.splink_dataframe import SplinkDataFrame

from orchestration.bench.measured import peak_rss_mb
from orchestration.bench.splink_rules import RULE_SETS, Part, as_sql
from orchestration.bench.truth_figures import THRESHOLDS
from orchestration.identity.linkage import components
from orchestration.identity.records import PERSON_RECORDS

_SURE: tuple[tuple[Part, ...], ...] = (
    (("email", 0),),
    (("national_id", 0),),
    (("given_name", 0), ("family_name", 0), ("birth_year", 0)),
)
_TRAINING: tuple[tuple[Part, ...], ...] = (
    (("given_name", 0), ("family_name", 0)),
    (("birth_date", 0),),
    (("email", 0),),
    (("postcode", 0),),
    (("street", 0),),
)
# More tell EM nothing more; without term frequencies it counts patterns instead of weighing pairs.
_MOST_TRAINING_PAIRS = 1e6
DEFAULT_THRESHOLD = 0.95
_COLUMNS = ("birth_date", *PERSON_RECORDS.names)


def telling_records(path: Path) -> pa.Table:
    """Return the records with a birth date as text, without columns that tell nothing."""
    columns = ", ".join(f'"{name}"' for name in PERSON_RECORDS.names)
    records = duckdb.sql(
        f"select {columns}, printf('%04d-%02d-%02d', birth_year, birth_month, birth_day)"
        f" as birth_date, source_record_id as unique_id from read_parquet('{path}')"
    ).to_arrow_table()
    counts = duckdb.sql(
        "select " + ", ".join(f'count(distinct "{name}")' for name in _COLUMNS) + " from records"
    ).fetchall()[0]
    silent = [name for name, count in zip(_COLUMNS, counts, strict=True) if count < 2]
    return records.drop_columns([name for name in silent if name in records.column_names])


def _by_source(records: pa.Table) -> list[pa.Table]:
    sources = sorted(set(records["source_system"].to_pylist()))
    return [records.filter(pc.equal(records["source_system"], source)) for source in sources]


def comparisons(columns: set[str]) -> list[Any]:
    """Return graded comparisons with term frequencies, as an expert would choose them."""
    numbers = [
        cl.LevenshteinAtThresholds(name, [1, 2]).configure(term_frequency_adjustments=True)
        for name in ("phone", "national_id", "loyalty_id")
        if name in columns
    ]
    names = [
        cl.NameComparison(name).configure(term_frequency_adjustments=True)
        for name in ("given_name", "family_name", "middle_name")
        if name in columns
    ]
    others = {
        "birth_date": cl.DateOfBirthComparison("birth_date", input_is_string=True),
        "email": cl.EmailComparison("email").configure(term_frequency_adjustments=True),
        "sex": cl.ExactMatch("sex"),
        "generation": cl.ExactMatch("generation"),
    }
    chosen = [comparison for name, comparison in others.items() if name in columns]
    return [*names, *numbers, *chosen, *_address(columns)]


def _address(columns: set[str]) -> list[Any]:
    areas = [name for name in ("postcode", "city") if name in columns]
    if "street" not in columns:
        return [cl.ExactMatch(name) for name in areas]
    same_area = " or ".join(f"{name}_l = {name}_r" for name in areas) or "true"
    alike = "jaro_winkler_similarity(street_l, street_r) >= 0.9"
    levels: list[Any] = [
        cll.NullLevel("street"),
        cll.CustomLevel(f"street_l = street_r and ({same_area})", "same address"),
        cll.CustomLevel(f"{alike} and ({same_area})", "address alike"),
        *[cll.CustomLevel(f"{name}_l = {name}_r", f"same {name}") for name in areas],
        cll.ElseLevel(),
    ]
    return [cl.CustomComparison(output_column_name="address", comparison_levels=levels)]


def _rules(rules: Sequence[tuple[Part, ...]], columns: set[str]) -> list[Any]:
    usable = [rule for rule in rules if all(name in columns for name, _ in rule)]
    return [block_on(*as_sql(rule)) for rule in usable]


class SplinkRun:
    """One run from records to clusters, timed stage by stage."""

    def __init__(self, path: Path, rules: str, task: str) -> None:
        """Read the records and set the linker up."""
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()
        table = telling_records(path)
        self._ids = table["unique_id"]
        self._columns = set(table.column_names)
        self._api = DuckDBAPI()
        settings = SettingsCreator(
            link_type="link_only" if task == "link" else "dedupe_only",
            comparisons=comparisons(self._columns),
            blocking_rules_to_generate_predictions=_rules(RULE_SETS[rules], self._columns),
            retain_matching_columns=False,
            retain_intermediate_calculation_columns=False,
        )
        tables = _by_source(table) if task == "link" else [table]
        registered = [self._api.register(part) for part in tables]
        self.linker = Linker(registered, settings, log_level=logging.ERROR)
        self._done("load")

    def fit(self) -> None:
        """Estimate the prior from sure matches, u from random pairs and m on three blocks."""
        training = self.linker.training
        rules = _rules(_SURE, self._columns)
        if rules:
            training.estimate_probability_two_random_records_match(rules, recall=0.7)
        training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        self._done("estimate u")
        for rule in _rules(_TRAINING, self._columns)[:3]:
            training.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True, max_pairs=_MOST_TRAINING_PAIRS
            )
        self._done("estimate m")

    def score(self) -> SplinkDataFrame:
        """Return the scored pairs, after clustering them at the default threshold."""
        scored = self.linker.inference.predict()
        self._done("predict")
        self.linker.clustering.cluster_pairwise_predictions_at_threshold(
            scored, threshold_match_probability=DEFAULT_THRESHOLD
        )
        self._done("cluster")
        return scored

    def clusters(self, scored: SplinkDataFrame) -> tuple[pa.Table, int]:
        """Return the clusters at each threshold, which nobody times, and the number of pairs."""
        pairs = self._api.duckdb_con.sql(
            "select unique_id_l, unique_id_r, match_probability from " + scored.physical_name
        ).to_arrow_table()
        ids = pd.Index(self._ids.to_pylist())
        left, right = (ids.get_indexer(pairs[name].to_pylist()) for name in pairs.column_names[:2])
        probability = pairs["match_probability"].to_numpy()
        columns = {"source_record_id": self._ids}
        for name, threshold in [("default", DEFAULT_THRESHOLD), *[(str(t), t) for t in THRESHOLDS]]:
            kept = probability >= threshold
            columns[name] = pa.array(components(len(ids), left[kept], right[kept]))
        return pa.table(columns), len(pairs)

    def _done(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._last, 3)
        self._last = now


def main(records: str, folder: str, rules: str, task: str = "dedupe") -> None:
    """Run Splink and print its figures."""
    started = time.process_time()
    run = SplinkRun(Path(records), rules, task)
    run.fit()
    scored = run.score()
    processor, peak = time.process_time() - started, peak_rss_mb()
    clusters, pairs = run.clusters(scored)
    pq.write_table(clusters, Path(folder) / "clusters.parquet")
    figures = {
        "rules": rules,
        "seconds": round(sum(run.seconds.values()), 2),
        "processor_seconds": round(processor, 2),
        "stages": run.seconds,
        "pairs": pairs,
        "peak_rss_mb": peak,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
