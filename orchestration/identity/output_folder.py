"""Look at the folder that results will go to, before anything is read."""

import os
from pathlib import Path

from orchestration.identity.errors import OutputError


def refuse_no_folder(folder: Path) -> None:
    """Refuse a folder that cannot be made, before time is spent on what goes into it.

    Raises:
        OutputError: a file has its name, or the name of a folder that it would be in.
    """
    known = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not known.is_dir():
        raise OutputError(f"{folder}: {known.name} is a file, not a folder")
    if not os.access(known, os.W_OK | os.X_OK):
        raise OutputError(f"{folder}: nothing may be written in {known}")
