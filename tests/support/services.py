"""Ask for a service that a test needs: skipped with its reason on a plain machine, never in CI."""

import os
import shutil
from pathlib import Path

import pytest


def need(found: object, reason: str) -> None:
    """Skip the test unless the service was found; fail instead where CI has to provide it."""
    if found:
        return
    if os.environ.get("C360_SERVICES_REQUIRED"):
        pytest.fail(f"CI has to provide this: {reason}")
    pytest.skip(reason)


def chromium() -> str:
    """Return the path of a Chromium browser, or skip."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    need(path, "no chromium on this machine (Debian: apt-get install chromium)")
    return str(path)


def superset_environment() -> Path:
    """Return the folder of an environment with Superset in it, or skip."""
    folder = Path(os.environ.get("C360_SUPERSET", "nowhere"))
    is_there = (folder / "bin" / "gunicorn").exists()
    need(is_there, "C360_SUPERSET names no environment (made by docs/superset/install FOLDER)")
    return folder
