"""Fill the placeholders of a contract's location: `{inbox}` and `{env:NAME}`.

A contract is kept in the repository, so that a password stands in the environment and only its name
in the contract.
"""

import os
import re
from pathlib import Path

from orchestration.landing.errors import SourceUnavailableError

PLACEHOLDER = re.compile(r"\{(inbox|env:([A-Z][A-Z0-9_]*))\}")


def fill(text: str, inbox_dir: Path) -> str:
    """Return a text with its placeholders filled.

    Raises:
        SourceUnavailableError: a variable that the text names is not set.
    """

    def value(found: re.Match[str]) -> str:
        if found[2] is None:
            return str(inbox_dir)
        # The names are the contracts' own, so that they can't be fields of the settings.
        filled = os.environ.get(found[2])
        if filled is None:
            raise SourceUnavailableError(f"the environment variable {found[2]} is not set")
        return filled

    return PLACEHOLDER.sub(value, text)
