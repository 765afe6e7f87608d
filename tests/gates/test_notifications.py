"""What a real web hook receives when an incident opens."""

import json
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from orchestration.gates.incident_book import IncidentBook
from orchestration.gates.notifications import Notifier
from orchestration.gates.runner import run_gate
from orchestration.steward.decision_store import DecisionStore
from tests.gates.conftest import AS_OF, expect

NOBODY_LISTENS = "json://127.0.0.1:9/hook"


@pytest.fixture
def hook():
    received: list[dict[str, str]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - the name that the library calls
            content = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(json.loads(content))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the output of the tests clean."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/hook", received
    server.shutdown()
    thread.join()


@pytest.fixture
def judge(warehouse, suite_of, tmp_path):
    suite = suite_of(
        "marts.people",
        expect("expect_column_values_to_not_be_null", column="name"),
        expect("expect_column_values_to_not_be_null", severity="warning", column="city"),
        key=("customer_id",),
    )

    def judge(address: str, rows: str):
        with warehouse.connect() as connection:
            connection.execute(f"create or replace table marts.people as {rows}")
        store = DecisionStore(f"sqlite:///{tmp_path / 'steward.sqlite'}")
        notifier = Notifier(tmp_path / "notifications.jsonl", (address,), AS_OF)
        book = IncidentBook(store, rows[-9:], AS_OF, Path(tmp_path / "none"), notifier)
        return run_gate(
            suite,
            warehouse=warehouse,
            run_id=rows[-9:],
            as_of=AS_OF,
            results_dir=tmp_path / "results",
            book=book,
        )

    return judge


BAD = "select 7 as customer_id, null::varchar as name, 'Wanjiru Road' as city"
GOOD = "select 7 as customer_id, 'Wanjiru' as name, 'Wanjiru Road' as city"


def test_web_hook_is_told_what_opened_and_what_is_over_and_no_value(judge, hook):
    address, received = hook
    judge(address, BAD)
    judge(address, GOOD)

    titles = [each["title"] for each in received]
    assert titles == [f"[{word}] marts.people.name: missing values" for word in ("new", "over")]
    assert "c360 incidents show" in received[0]["message"]
    assert "Wanjiru" not in json.dumps(received)


def test_warning_stays_in_the_file(judge, hook, tmp_path):
    address, received = hook
    judge(address, BAD.replace("null::varchar", "'x'").replace("'Wanjiru Road'", "null::varchar"))

    assert received == []
    (line,) = (tmp_path / "notifications.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["severity"] == "warning"


def test_web_hook_that_does_not_answer_stops_no_gate_and_is_not_repeated(judge, caplog):
    result = judge(NOBODY_LISTENS, BAD)

    assert [each.state for each in result.incidents] == ["new"]
    assert "could not be sent" in caplog.text
    assert NOBODY_LISTENS not in caplog.text


def test_file_that_can_not_be_written_stops_no_gate_and_no_message(judge, hook, tmp_path, caplog):
    (tmp_path / "notifications.jsonl").mkdir()
    address, received = hook
    result = judge(address, BAD)

    assert [each.state for each in result.incidents] == ["new"]
    assert len(received) == 1
    assert "could not be written" in caplog.text


def test_moment_of_a_message_is_that_of_the_run(judge, hook, tmp_path):
    judge(hook[0], BAD)
    (line,) = (tmp_path / "notifications.jsonl").read_text(encoding="utf-8").splitlines()
    assert datetime.fromisoformat(json.loads(line)["as_of"]) == AS_OF
