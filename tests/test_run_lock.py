import os
import signal
import subprocess
import sys

import pytest

from orchestration.run_lock import LockHolder, RunLock, RunLockedError

HOLD = """
import sys, time
from pathlib import Path
from orchestration.run_lock import RunLock
with RunLock(Path(sys.argv[1])).acquire("first-run"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other_process(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_free_lock_has_no_holder(tmp_path):
    assert RunLock(tmp_path).holder() is None
    with RunLock(tmp_path).acquire("a-run"):
        pass
    assert RunLock(tmp_path).holder() is None


def test_second_run_is_refused_at_once_and_told_by_whom(tmp_path, other_process):
    with (
        pytest.raises(RunLockedError, match=rf"first-run .*process {other_process.pid}"),
        RunLock(tmp_path).acquire("second-run"),
    ):
        pass
    assert RunLock(tmp_path).holder() == LockHolder(other_process.pid, "first-run")


def test_killed_run_gives_the_lock_back(tmp_path, other_process):
    os.kill(other_process.pid, signal.SIGKILL)
    other_process.wait()
    with RunLock(tmp_path).acquire("second-run"):
        assert RunLock(tmp_path).holder() == LockHolder(os.getpid(), "second-run")


def test_same_run_may_enter_again(tmp_path):
    with RunLock(tmp_path).acquire("a-run"):
        with RunLock(tmp_path).acquire("a-run"):
            pass
        assert RunLock(tmp_path).holder() == LockHolder(os.getpid(), "a-run")


def test_other_run_of_the_same_process_is_refused(tmp_path):
    with (
        RunLock(tmp_path).acquire("a-run"),
        pytest.raises(RunLockedError, match="a-run"),
        RunLock(tmp_path).acquire("another-run"),
    ):
        pass


def test_home_folders_do_not_lock_each_other_out(tmp_path):
    with RunLock(tmp_path / "one").acquire("a-run"), RunLock(tmp_path / "two").acquire("a-run"):
        pass


def test_failing_run_gives_the_lock_back(tmp_path):
    with pytest.raises(ValueError, match="boom"), RunLock(tmp_path).acquire("a-run"):
        raise ValueError("boom")
    assert RunLock(tmp_path).holder() is None
