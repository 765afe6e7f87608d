"""Assemble the customer-360 code location. Policies only; definitions live under defs/."""

from pathlib import Path

import dagster as dg

from orchestration.defs.event_storage import keep_event_log_open


@dg.definitions
def defs() -> dg.Definitions:
    """Load every definition below defs/; each step runs in the process of its run (D7)."""
    keep_event_log_open()
    loaded = dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
    return dg.Definitions.merge(loaded, dg.Definitions(executor=dg.in_process_executor))
