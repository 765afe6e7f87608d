"""Look whether a port is free before a server is started on it."""

import socket

from orchestration.cli.errors import CommandLineError


def refuse_taken_port(host: str, port: int) -> None:
    """Refuse a port that somebody else listens on.

    Raises:
        CommandLineError: it is taken, or the address is none of this machine's.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"port {port} of {host} is taken ({error.strerror}): choose one with --port"
            raise CommandLineError(message) from error
