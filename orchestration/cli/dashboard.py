"""The verb `dashboard`: the snapshot as pages to look at, on this machine only."""

import secrets
from importlib.util import find_spec
from typing import Annotated

import typer

from orchestration.cli.environment import switch_telemetry_off
from orchestration.cli.errors import CommandLineError
from orchestration.cli.ports import refuse_taken_port
from orchestration.cli.terminal import print_json, say


def dashboard(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8501,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show overview, growth, segments, campaigns, service, data health, and any one customer.

    Reads the published snapshot and nothing else, so it never waits for a run; writes nothing.
    The address carries a token that is made anew at every start. Ends with Ctrl-C.
    """
    if find_spec("streamlit") is None:
        raise CommandLineError("the dashboard is an extra: `uv sync --extra dashboard` installs it")
    refuse_taken_port(host, port)
    switch_telemetry_off()
    from orchestration.dashboard.server import address, serve

    token = secrets.token_urlsafe(24)
    url = address(host, port, token)

    def announce() -> None:
        if as_json:
            print_json({"url": url})
        else:
            say(f"The dashboard is on {url} (Ctrl-C ends it).")

    serve(host, port, token, announce)
