"""Let in only who has the token of this start, as notebooks do.

The address that the verb prints carries the token. Who opens it gets a cookie and is sent on to
the same page without the token, so that it stays out of bookmarks and of what is shared by hand.
"""

import hmac
import secrets
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

TOKEN = "token"  # noqa: S105  the name of a parameter
REFUSED = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Customer 360</title>
<style>:root{color-scheme:light dark}body{font:17px/1.6 system-ui,sans-serif;max-width:34rem;
margin:16vh auto;padding:0 1.5rem}code{font-size:.95em}</style>
<h1>This page needs its key</h1>
<p>Open the whole address that <code>c360 dashboard</code> printed: the token in it is made anew at
every start, and only the machine it runs on can be asked.</p></html>"""
POLICY_VIOLATION = 1008


class TokenGate:
    """ASGI middleware that asks every request, and every web socket, for the cookie."""

    def __init__(self, app: ASGIApp, *, token: str, hosts: frozenset[str]) -> None:
        """Keep the token; `hosts` are the names under which the server may be asked.

        Another name means that somebody else's page leads a browser here by its own name server.
        """
        self._app = app
        self._token = token
        self._hosts = hosts
        self._pass = secrets.token_urlsafe(32)
        self._cookie = f"c360_{secrets.token_hex(4)}"  # cookies of one host are shared by its ports

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on to the dashboard."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {key.decode(): value.decode("latin-1") for key, value in scope["headers"]}
        if not self._is_our_name(headers.get("host", "")):
            await self._refuse(scope, receive, send)
        elif scope["type"] == "http" and (response := self._entered(scope)):
            await response(scope, receive, send)
        elif self._has_pass(headers.get("cookie", "")):
            await self._app(scope, receive, send)
        else:
            await self._refuse(scope, receive, send)

    def _is_our_name(self, host: str) -> bool:
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        return name.strip("[]") in self._hosts

    def _entered(self, scope: Scope) -> Response | None:
        asked = parse_qsl(scope["query_string"].decode("latin-1"))
        given = dict(asked).get(TOKEN)
        if given is None or not hmac.compare_digest(given.encode(), self._token.encode()):
            return None
        rest = urlencode([(key, value) for key, value in asked if key != TOKEN])
        response = RedirectResponse(scope["path"] + (f"?{rest}" if rest else ""), 303)
        response.set_cookie(self._cookie, self._pass, httponly=True, samesite="lax")
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def _has_pass(self, header: str) -> bool:
        found = SimpleCookie(header).get(self._cookie)
        return found is not None and hmac.compare_digest(found.value, self._pass)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        await HTMLResponse(REFUSED, 403)(scope, receive, send)
