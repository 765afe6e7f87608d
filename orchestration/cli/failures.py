"""Put a failure into one sentence that a person can act on, without a value out of the data.

Our own exceptions are written for that, and are quoted. What a library says may quote a row (DuckDB
does, when a cast fails), so of those only the kind is named, and which dbt node it was.
"""

import re
from collections.abc import Iterator

OWN_PACKAGE = "orchestration."
WRONG_INPUT = frozenset(
    {
        "ContractError",
        "GateConfigurationError",
        "NothingToResumeError",
        "SampleConfigError",
        "SettingsError",
        "SnapshotNotFoundError",
        "SpecError",
        "UnknownColumnError",
    }
)
DISK_FULL = re.compile(r"no space left on device|database or disk is full", re.IGNORECASE)
DISK_FULL_SENTENCE = (
    "the disk is full: make room where C360_HOME lies (`C360_SNAPSHOTS_KEPT` keeps fewer "
    "snapshots) and start again"
)
DBT_NODE = re.compile(r"in (model|seed|test|snapshot|unit_test) ([\w.]+)")


def describe_exception(error: BaseException) -> str:
    """Return the words of the first exception of ours in the chain, else the kind of the error."""
    for link in _chain(error):
        if type(link).__module__.startswith(OWN_PACKAGE):
            return one_line(str(link))
    if any(DISK_FULL.search(str(link)) for link in _chain(error)):
        return DISK_FULL_SENTENCE
    for link in _chain(error):
        if isinstance(link, OSError) and link.strerror and link.filename:
            return f"{link.strerror}: {link.filename}"
    return f"{type(list(_chain(error))[-1]).__name__} (`--debug` shows where)"


def exit_code_of(error: BaseException) -> int:
    """Return 2 when what was given is at fault, else 1."""
    names = {type(link).__name__ for link in _chain(error)}
    return 2 if names & WRONG_INPUT else 1


def describe_messages(messages: list[str]) -> str:
    """Do the same for a chain of formatted exceptions ('module.Class: words'), outermost first."""
    for message in messages:
        if message.startswith(OWN_PACKAGE):
            return one_line(message.partition(": ")[2])
    if any(DISK_FULL.search(message) for message in messages):
        return DISK_FULL_SENTENCE
    nodes = {f"{kind} {name}" for message in messages for kind, name in DBT_NODE.findall(message)}
    if nodes:
        return f"dbt could not build {', '.join(sorted(nodes))}"
    return one_line(messages[-1].partition(":")[0]).rpartition(".")[2] if messages else "no reason"


def one_line(text: str) -> str:
    """Return the text without line breaks."""
    return " ".join(text.split())


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__
