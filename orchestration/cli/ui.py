"""The verb `ui`: Dagster's webserver and daemon over the instance that the command line uses."""

import os
import signal
import subprocess
import sys
from typing import Annotated

import typer

from orchestration.cli.environment import prepare_home
from orchestration.cli.errors import CommandLineError
from orchestration.cli.ports import refuse_taken_port
from orchestration.cli.terminal import print_json, say
from orchestration.run_lock import RunLock, RunLockedError
from orchestration.settings import PROJECT_DIR, Settings


def ui(
    port: Annotated[int, typer.Option(help="Port of the UI.", min=1, max=65535)] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Start Dagster's UI and daemon: lineage, runs, checks, and the schedule of the daily run.

    Reads and writes the Dagster instance below C360_HOME. Schedule and sensor are switched on: the
    daily run starts every night, and when files arrive. Ends with Ctrl-C.
    """
    settings = Settings()
    prepare_home(settings)
    refuse_taken_port(host, port)
    _close_orphans(settings)
    _prepare_manifest()
    url = f"http://{host}:{port}"
    if as_json:
        print_json({"url": url, "dagster_home": settings.dagster_dir})
    else:
        say(f"Dagster's UI is starting on {url} (Ctrl-C ends it).")
    os.chdir(settings.home_dir)
    arguments = ["-m", "dagster", "dev", "--workspace", str(PROJECT_DIR / "workspace.yaml")]
    listening = ["--host", host, "--port", str(port), "--log-level", "warning"]
    sys.stdout.flush()
    # Started in the background by a shell, a process ignores Ctrl-C, and Dagster then ignores the
    # request of a service manager to end as well.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Taking the place of this process passes signals on, and leaves nothing between to be killed.
    os.execv(sys.executable, [sys.executable, "-W", "ignore", *arguments, *listening])  # noqa: S606


def _close_orphans(settings: Settings) -> None:
    """Mark killed runs as failed: the queue of the daemon would wait for them for ever."""
    try:
        with RunLock(settings.home_dir).acquire("ui"):
            from orchestration.cli.dagster_runs import DagsterRuns

            with DagsterRuns(settings.dagster_dir) as runs:
                runs.close_orphans()
    except RunLockedError:
        return  # somebody is at work, and looks after them


def _prepare_manifest() -> None:
    """Parse the dbt project first: without a manifest the UI would show an error and no assets.

    In a process of its own, so that nothing of dbt is left in the one that becomes Dagster's.
    """
    command = "from orchestration.defs.warehouse.project import dbt_project; dbt_project()"
    parsed = subprocess.run(  # noqa: S603  our own module, with our own interpreter
        [sys.executable, "-c", command], cwd=PROJECT_DIR, capture_output=True, check=False
    )
    if parsed.returncode:
        raise CommandLineError("dbt cannot read its project: `dbt parse` in dbt_project shows why")
