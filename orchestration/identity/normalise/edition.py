"""Name the edition of the normalisers, so that what an earlier one made is known to be old."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

# What the normalisers take from others; a new version may read a number or a letter otherwise.
LIBRARIES = ("anyascii", "phonenumbers")


@cache
def normaliser_edition() -> str:
    """Return a hash of the normalisers' own files and of the versions of what they build on."""
    content = hashlib.sha256()
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.suffix in {".py", ".yml"}:
            content.update(path.name.encode())
            content.update(path.read_bytes())
    for library in LIBRARIES:
        content.update(f"{library}=={version(library)}".encode())
    return content.hexdigest()[:16]
