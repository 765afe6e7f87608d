"""What readers see, for the verbs that go on when they see nothing that can be read."""

from dataclasses import dataclass
from pathlib import Path

from orchestration.publishing.errors import SnapshotDamagedError
from orchestration.publishing.published import Snapshot, current_snapshot


@dataclass(frozen=True, slots=True)
class Seen:
    """The snapshot that readers see, or why they see none."""

    snapshot: Snapshot | None
    problem: str | None = None


def seen_by_readers(serving_dir: Path) -> Seen:
    """Look at what is published; damage is something to report, and no reason to stop."""
    try:
        return Seen(current_snapshot(serving_dir))
    except SnapshotDamagedError as error:
        return Seen(None, str(error))
