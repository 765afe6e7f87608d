import json
import signal
import subprocess
import sys
import urllib.request

import pytest

from tests.support.command_line import environment_of
from tests.support.servers import free_port, served

pytestmark = pytest.mark.e2e

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


def answer(port: int, query: str) -> dict:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql",
        json.dumps({"query": query}).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)["data"]


def test_ui_serves_the_code_location_with_its_schedule_on_and_ends_when_told(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "orchestration.cli.main", "ui", "--port", str(port), "--json"]
    with served(
        command,
        environment=environment_of(tmp_path / "home"),
        url=f"http://127.0.0.1:{port}/server_info",
        patience=300,
        output=subprocess.PIPE,
    ) as process:
        schedules = answer(port, SCHEDULES)["schedulesOrError"]["results"]
        assert schedules == [{"name": "every_night", "scheduleState": {"status": "RUNNING"}}]
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    assert f"http://127.0.0.1:{port}" in process.stdout.read()
