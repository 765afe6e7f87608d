"""Publish one run of `c360 bench bi` in a process of its own, to be killed in the middle.

Arguments: the folder of the benchmark, the tables, the number of the run.
"""

import sys
from pathlib import Path

from orchestration.bench.marked_runs import bench_warehouse, publish_run

if __name__ == "__main__":
    place, *tables, number = sys.argv[1:]
    publish_run(bench_warehouse(Path(place)), Path(place) / "serving", tables, int(number))
