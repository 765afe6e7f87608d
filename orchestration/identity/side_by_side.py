"""Work on several parts at once: numpy, pandas and Arrow let go of Python's lock."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

WORKERS = os.cpu_count() or 1
_Task = TypeVar("_Task")
_Result = TypeVar("_Result")
_Other = TypeVar("_Other")


def side_by_side(work: Callable[[_Task], _Result], tasks: Iterable[_Task]) -> Iterator[_Result]:
    """Yield results in the order of tasks, working on as many at once as there are processors.

    No more tasks are taken in advance than are worked on, or memory would not be bounded.

    Raises:
        MemoryError: there is none left for a thread.
    """
    waiting: deque[Future[_Result]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        for task in tasks:
            waiting.append(_submitted(pool, work, task))
            if len(waiting) > WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def both(one: Callable[[], _Result], other: Callable[[], _Other]) -> tuple[_Result, _Other]:
    """Return what two pieces of work bring that are done at the same time.

    Raises:
        MemoryError: there is none left for a thread.
    """
    with ThreadPoolExecutor(1) as pool:
        waiting = _submitted(pool, lambda work: work(), other)
        return one(), waiting.result()


def _submitted(
    pool: ThreadPoolExecutor, work: Callable[[_Task], _Result], task: _Task
) -> Future[_Result]:
    try:
        return pool.submit(work, task)
    except RuntimeError as error:  # what Python says when a thread gets no stack
        raise MemoryError("no memory for one thread more") from error


def for_each(work: Callable[[_Task], None], tasks: Iterable[_Task]) -> None:
    """Do the work of all tasks, as many at once as there are processors."""
    for _ in side_by_side(work, tasks):
        pass
