"""What a database or an API offers to dlt, and how both remember where they stopped."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import dlt

from orchestration.landing.contract import Contract

CURSOR = "_cursor"
CLOCKS_MAY_DIFFER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Offer:
    """What dlt can read, or why it can't, and what the source has beside it.

    The names beside may only be known when everything was read.
    """

    resource: Any = None
    problems: tuple[str, ...] = ()
    undeclared: set[str] = field(default_factory=set)


def since_last_time(contract: Contract) -> Any:  # noqa: ANN401 - untyped in dlt
    """Return dlt's memory of the greatest cursor, or nothing for a table that is read wholly.

    Rows with the greatest cursor are read again and told from those known by all their values, so
    that a second change in the same second is not lost. A row without a usable cursor is read every
    time, and judged at the door.
    """
    if contract.cursor is None or contract.delivery == "full":
        return None
    return dlt.sources.incremental(CURSOR, on_cursor_value_missing="include")


def end_of_cursors(as_of: datetime) -> str:
    """Return the text that is greater than every time that can have happened.

    A word, or a time that is still to come, would be the greatest cursor ever seen and hide all
    later changes.
    """
    return (as_of + CLOCKS_MAY_DIFFER).date().isoformat()
