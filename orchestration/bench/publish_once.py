"""Compute and publish one run of `c360 bench bi` in a process of its own, as every run is.

Arguments: the folder of the benchmark, the tables, the number of the run. Prints one JSON object;
may be killed in the middle.
"""

import json
import sys
import time
from pathlib import Path

from orchestration.bench.marked_runs import bench_warehouse, publish_marked, write_marks
from orchestration.priority import give_way

if __name__ == "__main__":
    place, *tables, number = sys.argv[1:]
    give_way()
    warehouse = bench_warehouse(Path(place))
    begun = time.perf_counter()
    write_marks(warehouse, int(number))
    computed = time.perf_counter()
    snapshot = publish_marked(warehouse, Path(place) / "serving", tables, int(number))
    seconds = {
        "computing": computed - begun,
        "publishing": time.perf_counter() - computed,
    }
    sys.stdout.write(json.dumps({"file": str(snapshot.path), **seconds}))
