import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.support.command_line import environment_of

pytestmark = pytest.mark.e2e

PATIENCE_SECONDS = 300

SCHEDULES = """
{
  schedulesOrError(
    repositorySelector: {
      repositoryName: "__repository__", repositoryLocationName: "customer_360"
    }
  ) {
    ... on Schedules { results { name scheduleState { status } } }
  }
}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer(port: int, query: str) -> dict:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        json.dumps({"query": query}).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)["data"]


def wait_for(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info", timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(2)
        else:
            return
    pytest.fail("the UI did not answer in time")


def test_ui_serves_the_code_location_with_its_schedule_on_and_ends_when_told(tmp_path):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli.main", "ui", "--port", str(port), "--json"],
        env=environment_of(tmp_path / "home"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        wait_for(port, process)
        schedules = answer(port, SCHEDULES)["schedulesOrError"]["results"]
        assert schedules == [{"name": "every_night", "scheduleState": {"status": "RUNNING"}}]
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert f"http://127.0.0.1:{port}" in process.stdout.read()
