"""A run lets readers go first, and what it starts does too."""

import subprocess
import sys

from orchestration.priority import BESIDE_READERS

ASK = """
import os, subprocess, sys
from orchestration.priority import give_way
os.setpriority(os.PRIO_PROCESS, 0, int(sys.argv[1]))
give_way()
child = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"
print(subprocess.run([sys.executable, "-c", child], capture_output=True, text=True).stdout.strip())
"""


def niceness_after(before):
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(before)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_a_process_and_its_children_give_way():
    assert niceness_after(0) == BESIDE_READERS


def test_who_gives_way_more_already_goes_on_so():
    assert niceness_after(15) == 15
