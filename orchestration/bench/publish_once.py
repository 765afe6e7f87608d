"""Publish one run of `c360 bench bi` in a process of its own, to be killed in the middle.

Arguments: the folder of the benchmark, the tables, the number of the run.
"""

import sys
from pathlib import Path

from orchestration.bench.business_intelligence import publish_run
from orchestration.warehouse import Warehouse

if __name__ == "__main__":
    place, *tables, number = sys.argv[1:]
    home = Path(place)
    publish_run(
        Warehouse(home / "warehouse.duckdb", home / "tmp", "4GB", 2),
        home / "serving",
        tables,
        int(number),
    )
