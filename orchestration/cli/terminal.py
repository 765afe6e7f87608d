"""Where the command line writes: words for people, JSON for machines, a log for its tools."""

import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console

PIPE_WIDTH = 200


def say(*lines: object) -> None:
    """Print lines for people on standard output."""
    # A pipe has no width: what reads it should not meet a table folded for 80 columns.
    is_pipe = not sys.stdout.isatty()
    console = Console(highlight=False, soft_wrap=is_pipe, width=PIPE_WIDTH if is_pipe else None)
    for line in lines:
        console.print(line, markup=False)  # file names may hold brackets


def complain(message: str) -> None:
    """Print what went wrong on standard error."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(message, markup=False)


def print_json(data: Mapping[str, Any]) -> None:
    """Print one JSON object on standard output; moments and paths become text."""
    Console(soft_wrap=True).print_json(data=dict(data), default=_as_text)


@contextmanager
def tools_write_to(log: Path) -> Iterator[TextIO]:
    """Send what the tools print, from any process, to a file; yield the stream people look at.

    Dagster copies the output of steps to file descriptors 1 and 2, not to Python's streams, so
    these two are moved. A run that shares them with its display would write through the picture.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    try:
        kept = [os.dup(1), os.dup(2)]
    except OSError:  # a service without standard streams: nobody looks
        yield io.StringIO()
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    people = os.fdopen(os.dup(kept[0]), "w", encoding="utf-8", errors="replace")
    try:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        yield people
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        people.close()
        for descriptor, saved in enumerate(kept, start=1):
            os.dup2(saved, descriptor)
            os.close(saved)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
