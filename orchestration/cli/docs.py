"""The verb `docs`: the Data Docs over HTTP, where the links of Dagster's checks lead."""

from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated, Any

import typer

from orchestration.cli.errors import CommandLineError
from orchestration.cli.ports import refuse_taken_port
from orchestration.cli.terminal import print_json, say
from orchestration.settings import DOCS_PORT, Settings


class Pages(SimpleHTTPRequestHandler):
    """Answer with the files of a folder, and say nothing of every single one on the terminal."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the library's
        """Keep the terminal clean."""


def docs(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = DOCS_PORT,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the Data Docs in the browser: what every gate asks, what failed and what to do.

    Reads docs/ below C360_HOME, which every run leaves up to date; writes nothing. The links of
    Dagster's checks lead here. Ends with Ctrl-C.
    """
    folder = Settings().docs_dir
    if not (folder / "index.html").is_file():
        raise CommandLineError("there are no Data Docs yet: `c360 run` makes them")
    refuse_taken_port(host, port)
    with server_of(folder, host, port) as server:
        url = f"http://{host}:{port}"
        if as_json:
            print_json({"url": url})
        else:
            say(f"The Data Docs are on {url} (Ctrl-C ends it).")
        with suppress(KeyboardInterrupt):
            server.serve_forever()


def server_of(folder: Path, host: str, port: int) -> ThreadingHTTPServer:
    """Return a server of the pages of a folder, which does not answer yet."""
    return ThreadingHTTPServer((host, port), partial(Pages, directory=str(folder)))
