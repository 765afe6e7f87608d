"""Publish on a disk that is full, for `c360 bench bi`; started in a mount namespace of its own.

Arguments: the folder of the benchmark, how many readers ask meanwhile, the tables. The disk is a
file system in memory, so that what the kernel says is what it says of a real one. Prints one JSON
object.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from orchestration.bench.marked_runs import bench_warehouse, publish_marked, write_marks
from orchestration.bench.reader_crowd import with_readers
from orchestration.publishing.errors import PublishingError
from orchestration.publishing.versions import PREPARING, VERSIONS, stable_path

ROOMY = 1 << 40
FIRST, SECOND = 9_001, 9_002


def main(folder: Path, readers: int, tables: Sequence[str]) -> None:
    """Publish while there is room, while there is not, and when there is again."""
    disk = folder / "small_disk"
    disk.mkdir()
    _mount(disk, f"size={ROOMY}")
    serving, warehouse = disk / "serving", bench_warehouse(folder)
    write_marks(warehouse, FIRST)
    first = publish_marked(warehouse, serving, tables, FIRST)
    size = first.path.stat().st_size
    _mount(disk, f"remount,size={size + size // 2}")
    write_marks(warehouse, SECOND)
    refusals: list[str] = []

    def publish_without_room() -> None:
        try:
            publish_marked(warehouse, serving, tables, SECOND)
        except PublishingError as error:
            refusals.append(str(error))

    stable = stable_path(serving)
    met = with_readers(stable, folder, readers=readers, pause=0.2, work=publish_without_room)
    rubbish = list((serving / VERSIONS).glob(f"{PREPARING}*"))
    _mount(disk, f"remount,size={ROOMY}")
    second = publish_marked(warehouse, serving, tables, SECOND)
    figures = {
        "full_disk_refusals": sum("the disk is full" in said for said in refusals),
        "full_disk_reader_errors": met.errors + len(rubbish),
        "full_disk_recoveries": int(second.is_new and second.is_current),
    }
    sys.stdout.write(json.dumps(figures))


def _mount(disk: Path, options: str) -> None:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]
    subprocess.run(command, check=True)  # noqa: S603


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
