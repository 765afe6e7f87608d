"""What the pages share: the open snapshot, and answers that are kept as long as it is current.

An answer belongs to a version and its parameters; a new version has a new name, so nothing that
was kept can be shown for it.
"""

from pathlib import Path

import pandas as pd
import streamlit as st

from orchestration.dashboard.errors import MissingFromSnapshotError
from orchestration.dashboard.snapshot_reader import ReadSnapshot, current_database, open_snapshot
from orchestration.settings import Settings

READER_MEMORY = "2GB"  # a run may be at work beside


def snapshot() -> ReadSnapshot:
    """Return the snapshot that readers see now.

    Raises:
        SnapshotUnavailableError: there is none that can be read.
    """
    settings = Settings()
    database = current_database(settings.serving_dir)
    return _opened(str(database), database.stat().st_mtime_ns, settings.threads)


def answer(page: str, name: str, **parameters: object) -> pd.DataFrame:
    """Return the answer to a query, from memory when it was asked before.

    Raises:
        MissingFromSnapshotError: the snapshot is older than what the query asks for.
    """
    open_one = snapshot()
    return _answered(open_one, open_one.version, page, name, parameters)


def answer_or_say_why(page: str, name: str, **parameters: object) -> pd.DataFrame | None:
    """Return the answer; say it on the page, and return nothing, when the snapshot has none."""
    try:
        return answer(page, name, **parameters)
    except MissingFromSnapshotError as missing:
        st.info(str(missing), icon=":material/history:")
        return None


@st.cache_resource(max_entries=3, show_spinner=False)
def _opened(database: str, changed: int, threads: int) -> ReadSnapshot:
    return open_snapshot(Path(database), threads=threads, memory_limit=READER_MEMORY)


@st.cache_data(max_entries=1000, show_spinner=False)
def _answered(
    _snapshot: ReadSnapshot, version: str, page: str, name: str, parameters: dict[str, object]
) -> pd.DataFrame:
    del version  # part of the key alone
    return _snapshot.answer(page, name, parameters)
