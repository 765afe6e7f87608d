"""Publish one generation of the small marts in a process of its own, to be killed or starved.

Arguments: folder, number of the generation, largest file the process may write (0 = any).
"""

import resource
import signal
import sys
from pathlib import Path

from orchestration.publishing.errors import PublishingError
from orchestration.publishing.snapshot_file import marts_contents
from orchestration.publishing.snapshots import publish
from orchestration.warehouse import Warehouse
from tests.publishing.conftest import AS_OF, TABLES


def main(folder: Path, generation: int, largest_file: int) -> None:
    warehouse = Warehouse(folder / "warehouse.duckdb", folder / "tmp", "1GB", 1)
    with warehouse.connect() as connection:
        marts_contents(
            connection, TABLES
        )  # loads what is loaded late, so that kills hit publishing
    if largest_file:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    sys.stdout.write("begins\n")
    sys.stdout.flush()
    try:
        publish(
            warehouse,
            serving_dir=folder / "serving",
            run_id=f"run-{generation}",
            as_of=AS_OF,
            kept=3,
            tables=TABLES,
        )
    except PublishingError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
