"""An HTTP API lands through the same door: page by page, only what is new, only declared values."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest

from orchestration.landing.contract import Contract
from orchestration.landing.errors import SourceUnavailableError
from tests.landing.doorway import Doorway, sales_contract

SECRET = "Xylophania"
PAGE = 3


@dataclass
class Shop:
    """A server with sales on pages of three; it wants a token and knows `since`."""

    sales: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    address: str = ""

    def answer(self, path: str, token: str | None) -> tuple[int, dict[str, Any]]:
        """Return the status and the body for one request."""
        asked = {key: values[0] for key, values in parse_qs(urlparse(path).query).items()}
        self.requests.append(asked)
        if token != "Bearer open sesame":
            return 401, {"error": SECRET}
        new = [sale for sale in self.sales if sale["updated_at"] >= asked.get("since", "")]
        page = int(asked.get("page", 1))
        items = new[(page - 1) * PAGE : page * PAGE]
        return 200, {"data": {"sales": items}, "total_pages": -(-len(new) // PAGE)}

    def sell(self, number: int, buyer: str, moment: str, **more: Any) -> None:
        sale = {"id": number, "buyer": {"name": buyer, "phone": SECRET}, "updated_at": moment}
        self.sales.append(sale | more)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    shop = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = shop.answer(self.path, self.headers.get("Authorization"))
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    shop.address = f"http://127.0.0.1:{server.server_port}/api"
    monkeypatch.setenv("SHOP_TOKEN", "open sesame")
    yield shop
    server.shutdown()
    server.server_close()


def api_contract(shop: Shop, **changes: Any) -> Contract:
    paginator = {"type": "page_number", "base_page": 1, "total_path": "total_pages"}
    endpoint = {
        "base_url": shop.address,
        "path": "sales",
        "items": "data.sales",
        "headers": {"Authorization": "Bearer {env:SHOP_TOKEN}"},
        "paginator": paginator,
        "cursor_parameter": "since",
        "initial_cursor": "2026-01-01T00:00:00Z",
    }
    described: dict[str, Any] = {
        "location": {"http": endpoint | changes.pop("endpoint", {})},
        "format": None,
        "delivery": "incremental",
        "cursor": "updated_at",
        "columns": {
            "sale_id": {"type": "text", "required": True, "path": "id"},
            "buyer": {"type": "text", "path": "buyer.name"},
            "amount": {"type": "decimal(10,2)"},
            "sold_on": {"type": "date"},
            "updated_at": {"type": "timestamp", "required": True},
        },
    }
    return sales_contract(**(described | changes))


def test_all_pages_land_and_undeclared_values_stay_out(door: Doorway, shop: Shop) -> None:
    for number in range(7):
        shop.sell(number, f"Buyer {number}", f"2026-01-0{number + 1}T10:00:00Z", note="x")
    result = door.land(api_contract(shop))
    assert result.problems == ()
    assert (result.rows_received, result.rows_landed) == (7, 7)
    assert result.undeclared_columns == ("buyer.phone", "note")
    assert [asked["page"] for asked in shop.requests] == ["1", "2", "3"]
    assert door.landed("sale_id, buyer, updated_at::varchar")[0] == (
        "0",
        "Buyer 0",
        "2026-01-01 10:00:00",
    )
    files = [path for path in door.landing_dir.rglob("*") if path.is_file()]
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


def test_only_what_is_new_is_asked_for(door: Doorway, shop: Shop) -> None:
    contract = api_contract(shop)
    shop.sell(1, "Ann", "2026-01-05T10:00:00Z")
    assert door.land(contract).rows_landed == 1
    shop.sell(2, "Bob", "2026-01-06T10:00:00Z")
    assert door.land(contract).rows_landed == 1
    assert [asked["since"] for asked in shop.requests] == [
        "2026-01-01T00:00:00Z",
        "2026-01-05T10:00:00Z",
    ]
    assert door.land(contract).rows_received == 0


def test_bad_values_of_an_api_go_to_quarantine(door: Doorway, shop: Shop) -> None:
    shop.sell(1, "Ann", "2026-01-05T10:00:00Z", amount=SECRET)
    shop.sell(2, "Bob", "2026-01-05T10:00:00Z", amount=1.5, sold_on="2026-01-05")
    result = door.land(api_contract(shop))
    assert result.problems == (
        "shop.sales, sales, row 1, column amount: amount is not a decimal(10,2); quarantined",
    )
    assert door.is_balanced()


def test_table_that_is_given_wholly_is_read_wholly(door: Doorway, shop: Shop) -> None:
    changes = {"cursor_parameter": None, "initial_cursor": None}
    contract = api_contract(shop, delivery="full", endpoint=changes)
    for number in range(4):
        shop.sell(number, "Ann", "2026-01-05T10:00:00Z")
    assert door.land(contract).rows_landed == 4
    shop.sales.pop()
    assert door.land(contract).rows_landed == 3


def test_refused_request_is_an_error_without_the_answer(
    door: Doorway, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "wrong")
    with pytest.raises(SourceUnavailableError, match="shop.sales, sales: .*status 401") as raised:
        door.land(api_contract(shop))
    assert SECRET not in str(raised.value)
    monkeypatch.setenv("SHOP_TOKEN", "open sesame")
    shop.sell(1, "Ann", "2026-01-05T10:00:00Z")
    assert door.land(api_contract(shop)).rows_landed == 1


def test_telemetry_is_off(door: Doorway, shop: Shop) -> None:
    shop.sell(1, "Ann", "2026-01-05T10:00:00Z")
    door.land(api_contract(shop))
    from dlt.common.runtime import anon_tracker

    assert anon_tracker._ANON_TRACKER_ENDPOINT is None
