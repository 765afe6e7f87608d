"""`c360 bench identity`: our engine beside Splink and stock recordlinkage on the same records.

Each runs as a program of its own, one after the other, round after round, so that what else the
machine does falls on all of them; what is timed is from the file of standardised records to
clusters.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

from orchestration.bench.measured import measure
from orchestration.bench.our_engine import CHOSEN
from orchestration.bench.people import person_records_with_truth
from orchestration.bench.splink_rules import FOR_FEW, FOR_MANY
from orchestration.bench.truth_figures import figures
from orchestration.identity.resolve_spec import read_spec
from orchestration.identity.spec_tables import ID_SEPARATOR, read_records
from orchestration.identity.warehouse_records import read_person_records

OURS, SPLINK, STOCK = "our_engine", "splink_peer", "stock_recordlinkage"
Progress = Callable[[str], None]


class PeerRuns:
    """Runs one tool after the other on one file of records with truth."""

    def __init__(
        self, records: Path, environment: Mapping[str, str], progress: Progress, task: str
    ) -> None:
        """Take the records and what the programs find in their environment."""
        self._records = records
        self._environment = environment
        self._progress = progress
        self._task = task

    def run(self, program: str, rules: str) -> dict[str, Any]:
        """Return seconds, memory and F1 of one tool with one set of rules."""
        self._progress(f"{self._records.stem}: {program.replace('_', ' ')}, {rules} rules")
        folder = self._records.parent
        module = f"orchestration.bench.{program}"
        arguments = [str(self._records), str(folder), rules, self._task]
        ran = measure([sys.executable, "-m", module, *arguments], self._environment)
        return ran.printed | figures(self._records, folder / "clusters.parquet")

    def best_of_splink(self, rule_sets: Iterable[str] = FOR_MANY) -> dict[str, Any]:
        """Return Splink with the set of rules that serves it better at its own threshold."""
        runs = [self.run(SPLINK, rules) for rules in rule_sets]
        best = max(runs, key=lambda ran: float(ran["f1_default"]))
        return {**best, "other_rules": [ran for ran in runs if ran is not best]}

    def compared(
        self, *, stock: bool = False, rule_sets: Iterable[str] = FOR_MANY, rounds: int = 1
    ) -> dict[str, Any]:
        """Return ours and Splink's figures, and the ratios of their times.

        The first round finds the rules that serve Splink better, the others run those alone.
        """
        splink_runs = [self.best_of_splink(rule_sets)]
        rules = str(splink_runs[0]["rules"])
        our_runs = [self.run(OURS, CHOSEN)]
        same_pairs_runs = [self.run(OURS, rules)]
        for _ in range(rounds - 1):
            splink_runs.append(self.run(SPLINK, rules))
            our_runs.append(self.run(OURS, CHOSEN))
            same_pairs_runs.append(self.run(OURS, rules))
        splink, ours, same_pairs = map(_least_disturbed, (splink_runs, our_runs, same_pairs_runs))
        found = {
            "ours": ours,
            "ours_same_pairs": same_pairs,
            "splink": splink,
            "ratio": _ratio(ours, splink, "seconds"),
            "ratio_same_pairs": _ratio(same_pairs, splink, "seconds"),
            "ratio_processor": _ratio(ours, splink, "processor_seconds"),
            "ratio_same_pairs_processor": _ratio(same_pairs, splink, "processor_seconds"),
        }
        if stock:
            found["recordlinkage"] = self.run(STOCK, rules)
        return found


def bench_identity(  # noqa: PLR0913  what to measure, on what, and where
    folder: Path,
    *,
    rows: int,
    sets: Path | None,
    home: Path | None = None,
    stock: bool,
    rounds: int = 1,
    rule_sets: Iterable[str] = FOR_MANY,
    environment: Mapping[str, str],
    progress: Progress,
) -> dict[str, Any]:
    """Return the figures at a size, on each public set of a folder, and on a company with truth."""
    found: dict[str, Any] = {"rows": rows}
    if rows:
        progress(f"making {rows:,} records")
        path = folder / f"people_{rows}.parquet"
        pq.write_table(person_records_with_truth(rows), path)
        found |= PeerRuns(path, environment, progress, "dedupe").compared(
            stock=stock, rule_sets=rule_sets, rounds=rounds
        )
    if sets is not None:
        specs = sorted(path for path in sets.glob("*/resolve.yml") if _truth_of(path).is_file())
        found["sets"] = {
            spec.parent.name: _on_few(
                spec.parent.name, records_with_truth(spec), folder, environment, progress
            )
            for spec in specs
        }
    if home is not None:
        company = company_records(home), "dedupe"
        found.setdefault("sets", {})["company"] = _on_few(
            "company", company, folder, environment, progress
        )
    return found


def records_with_truth(spec: Path) -> tuple[pa.Table, str]:
    """Return the records of a public set in the engine's shape with `entity_id`, and its task."""
    read = read_spec(spec)
    truth = csv.read_csv(
        _truth_of(spec), convert_options=csv.ConvertOptions(column_types=_TRUTH)
    ).to_pandas()
    truth["source_record_id"] = truth["source"] + ID_SEPARATOR + truth["record_id"]
    return _with_truth(read_records(read), truth), read.task


def company_records(home: Path) -> pa.Table:
    """Return the people of a home of a sample company with `entity_id`, without test accounts."""
    with closing(duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)) as connection:
        records = read_person_records(connection)
    people = records.filter(pc.invert(pc.fill_null(records["is_test_record"], False)))
    return _with_truth(people, pq.read_table(home / "truth" / "identities.parquet").to_pandas())


def _with_truth(records: pa.Table, truth: pd.DataFrame) -> pa.Table:
    people = records.to_pandas()
    together = people.merge(truth[["source_record_id", "entity_id"]], on="source_record_id")
    entities = pa.array(together["entity_id"].factorize()[0])
    shape = records.schema
    table = pa.Table.from_pandas(together[shape.names], schema=shape, preserve_index=False)
    return table.append_column("entity_id", entities)


_TRUTH = {name: pa.string() for name in ("source", "record_id", "entity_id")}


def _on_few(
    name: str,
    people: tuple[pa.Table, str],
    folder: Path,
    environment: Mapping[str, str],
    progress: Progress,
) -> dict[str, Any]:
    records, task = people
    path = folder / f"{name}.parquet"
    pq.write_table(records, path)
    runs = PeerRuns(path, environment, progress, task)
    return {"ours": runs.run(OURS, CHOSEN), "splink": runs.best_of_splink(FOR_FEW)}


def _truth_of(spec: Path) -> Path:
    return spec.with_name("truth.csv")


def _least_disturbed(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the run that the rest of the machine disturbed least, and the seconds of all."""
    fastest = min(runs, key=lambda ran: float(ran["seconds"]))
    return {
        **fastest,
        "processor_seconds": min(float(ran["processor_seconds"]) for ran in runs),
        "peak_rss_mb": max(int(ran["peak_rss_mb"]) for ran in runs),
        "seconds_of_rounds": [ran["seconds"] for ran in runs],
    }


def _ratio(ours: Mapping[str, Any], theirs: Mapping[str, Any], name: str) -> float:
    return round(float(ours[name]) / max(float(theirs[name]), 1e-9), 3)
