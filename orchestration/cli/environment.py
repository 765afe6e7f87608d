"""Prepare the home folder and the environment variables of the tools that the command line starts.

Settings are read in `orchestration/settings.py`; this module only passes them on.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from orchestration.settings import PROJECT_DIR, Settings

# People's data is in here: nothing phones home.
TELEMETRY_OFF = {
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
}


def switch_telemetry_off() -> None:
    """Tell every tool of this process that nothing phones home."""
    os.environ.update(TELEMETRY_OFF)


def tool_environment(settings: Settings, inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that Dagster, dbt, Great Expectations and dlt need.

    Folders become absolute, since each tool works in a folder of its own.
    """
    programs = str(Path(sys.executable).parent)
    searched = inherited.get("PATH", os.defpath).split(os.pathsep)
    variables = {
        **TELEMETRY_OFF,
        "PATH": os.pathsep.join([programs, *(path for path in searched if path != programs)]),
        # Its debug log costs a sixth of a build; errors are kept, and set by hand this wins.
        "DBT_LOG_LEVEL_FILE": inherited.get("DBT_LOG_LEVEL_FILE", "warn"),
        "DAGSTER_HOME": str(settings.dagster_dir),
        "C360_HOME": str(settings.home_dir),
        "C360_INBOX": str(settings.inbox_dir),
        "C360_MEMORY_LIMIT": settings.memory_limit,
        "C360_THREADS": str(settings.threads),
    }
    if settings.company_dir:
        variables["C360_COMPANY"] = str(settings.company_dir)
        variables["C360_DBT_PACKAGE"] = str(PROJECT_DIR / "dbt_project")
    return variables


def prepare_home(settings: Settings) -> None:
    """Make the folders of all state, and hand the tools their environment.

    The settings of the Dagster instance are the repository's: its file is copied on every start,
    so that command line, UI and daemon agree.
    """
    for folder in (settings.home_dir, settings.inbox_dir, settings.dagster_dir, settings.temp_dir):
        folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PROJECT_DIR / "dagster.yaml", settings.dagster_dir / "dagster.yaml")
    os.environ.update(tool_environment(settings, os.environ))
