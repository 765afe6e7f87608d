"""Offer the snapshot to remote DuckDB clients over DuckDB's Quack protocol (beta), read-only.

The extension comes signed from the package index; nothing is fetched when the server starts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import duckdb

from orchestration.publishing.errors import PublishingError

EXTENSIONS = ("httpfs", "quack")


@contextmanager
def served(snapshot: Path, *, host: str, port: int, token: str) -> Iterator[str]:
    """Serve a snapshot as long as the block lasts; yield the address that clients name.

    Raises:
        PublishingError: the extension is missing, or the server cannot start.
    """
    address = f"quack:{host}:{port}"
    try:
        with duckdb.connect(str(snapshot), read_only=True) as connection:
            for name in EXTENSIONS:
                connection.execute(f"load '{extension_file(name)}'")
            connection.execute(
                "call quack_serve(?, token = ?, disable_ssl = true)", [address, token]
            )
            # A client may send any query: it reads the snapshot, and no file beside it.
            connection.execute("set enable_external_access = false")
            connection.execute("set lock_configuration = true")
            yield address
    except duckdb.Error as error:
        raise PublishingError(
            f"the snapshot cannot be served on {address} ({type(error).__name__}): try another port"
        ) from error


def extension_file(name: str) -> Path:
    """Return the file of an extension that was installed as a Python package.

    Raises:
        PublishingError: it is not installed.
    """
    found = find_spec(f"duckdb_extension_{name}")
    if found is None or found.origin is None:
        raise PublishingError("serving is an extra: `uv sync --extra serve` installs it")
    folder = Path(found.origin).parent / "extensions" / f"v{duckdb.__version__}"
    return folder / f"{name}.duckdb_extension"
