"""Start the dashboard's server, on this machine only unless somebody says otherwise."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from orchestration.dashboard.access import TOKEN, TokenGate
from orchestration.dashboard.theme import THEME
from orchestration.dashboard.warming import keep_warm, load_pages, warm

SCRIPT = Path(__file__).with_name("app.py")
OUR_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def address(host: str, port: int, token: str) -> str:
    """Return the address that lets a person in."""
    return f"http://{host}:{port}/?{TOKEN}={token}"


def serve(host: str, port: int, token: str, announce: Callable[[], None]) -> None:
    """Serve the dashboard until it is interrupted; announce it once its pages are quick."""

    @asynccontextmanager
    async def begun(_: st.App) -> AsyncIterator[None]:
        await asyncio.to_thread(load_pages)
        keep_warm(await asyncio.to_thread(warm, None))
        announce()
        yield

    gate = Middleware(TokenGate, token=token, hosts=OUR_NAMES | {host})
    app = st.App(SCRIPT, middleware=[gate], lifespan=begun)
    app.run(
        config={
            "server.address": host,
            "server.port": port,
            "server.headless": True,
            "server.fileWatcherType": "none",
            "server.runOnSave": False,
            "browser.gatherUsageStats": False,  # people's data is in here: nothing phones home
            "client.toolbarMode": "minimal",
            "client.showErrorDetails": "none",  # an exception may quote a row
            "logger.level": "warning",
            "logger.hideWelcomeMessage": True,  # its address lacks the token
            **THEME,
        }
    )
