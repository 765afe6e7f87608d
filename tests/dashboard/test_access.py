"""Who gets in: only the one who has the token of this start, and only under our own name."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from orchestration.dashboard.access import TokenGate


async def secret(request):
    return PlainTextResponse(f"figures {request.url.query}")


async def stream(websocket):
    await websocket.accept()
    await websocket.send_text("figures")
    await websocket.close()


@pytest.fixture
def client():
    app = Starlette(
        routes=[Route("/growth", secret), WebSocketRoute("/stream", stream)],
        middleware=[
            Middleware(TokenGate, token="the-token", hosts=frozenset({"localhost", "127.0.0.1"}))
        ],
    )
    return TestClient(app, base_url="http://127.0.0.1:8501")


def test_without_the_token_nothing_is_shown(client):
    refused = client.get("/growth")
    assert refused.status_code == 403
    assert "figures" not in refused.text
    assert "c360 dashboard" in refused.text


def test_a_wrong_token_is_refused(client):
    assert client.get("/growth?token=the-tokeN").status_code == 403
    assert client.get("/growth?token=").status_code == 403
    assert client.get("/growth?token=%C3%A9").status_code == 403


def test_the_token_lets_in_and_leaves_the_address(client):
    entered = client.get("/growth?id=C1&token=the-token", follow_redirects=False)
    assert entered.status_code == 303
    assert entered.headers["location"] == "/growth?id=C1"
    assert "httponly" in entered.headers["set-cookie"].lower()
    assert client.get("/growth").text == "figures "


def test_the_cookie_is_not_the_token(client):
    client.get("/growth?token=the-token")
    assert "the-token" not in dict(client.cookies).values()


def test_a_web_socket_needs_the_cookie_too(client):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("ws://127.0.0.1:8501/stream"):
        pass
    client.get("/growth?token=the-token")
    with client.websocket_connect("ws://127.0.0.1:8501/stream") as socket:
        assert socket.receive_text() == "figures"


def test_another_name_is_refused_even_with_the_token(client):
    refused = client.get("/growth?token=the-token", headers={"host": "evil.example:8501"})
    assert refused.status_code == 403
