"""The verb `serve`: the published snapshot for remote DuckDB clients (beta)."""

import secrets
import signal
from typing import Annotated

import typer

from orchestration.cli.errors import CommandLineError
from orchestration.cli.ports import refuse_taken_port
from orchestration.cli.terminal import print_json, say
from orchestration.publishing.published import current_snapshot
from orchestration.publishing.quack_server import served
from orchestration.settings import Settings


def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 9494,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Offer the published snapshot to remote DuckDB clients over Quack (beta), read-only.

    Reads the snapshot that is current when it starts; writes nothing. The token is made anew at
    every start, and the connection is not encrypted. Ends with Ctrl-C.
    """
    snapshot = current_snapshot(Settings().serving_dir)
    if snapshot is None:
        raise CommandLineError("nothing is published yet: `c360 run` publishes the first snapshot")
    refuse_taken_port(host, port)
    token = secrets.token_urlsafe(24)
    with served(snapshot.path, host=host, port=port, token=token) as address:
        if as_json:
            print_json({"address": address, "token": token, "version": snapshot.version})
        else:
            say(
                f"Snapshot {snapshot.version} is offered (beta). A DuckDB client asks:",
                f"  from quack_query('{address}', 'select count(*) from marts.customer_360',"
                f" token = '{token}', disable_ssl = true)",
            )
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
