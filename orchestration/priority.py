"""Let those who ask go before those who compute, on a machine that both share.

A run takes minutes and its end is awaited by nobody; a person waits for an answer.
"""

import os

BESIDE_READERS = 5  # niceness: a third of the weight of a process that asks


def give_way() -> None:
    """Lower the priority of this process and of those it starts; never raise it."""
    now = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(now, BESIDE_READERS))
