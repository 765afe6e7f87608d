"""Land the tiny company of `tiny_company.yml`, and the crowds that some rules need."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from tests.warehouse.landed_world import LandedWorld

DELIVERIES = Path(__file__).with_suffix(".yml")
JOINED = datetime(2024, 1, 1)  # noqa: DTZ001  UTC without a zone, as the warehouse keeps it


def land_tiny_company(world: LandedWorld) -> None:
    """Land every delivery of every table, in the order written down."""
    deliveries = yaml.safe_load(DELIVERIES.read_text(encoding="utf-8"))
    for table, loads in deliveries.items():
        for rows in loads:
            world.land(table, rows)


def members_with_the_number_of_a_shop(count: int) -> Iterator[dict[str, Any]]:
    """Yield members who all carry the telephone number of one shop."""
    for number in range(count):
        yield {
            "change_type": "insert",
            "changed_at": JOINED,
            "member_id": f"SHOP{number:03d}",
            "full_name": f"Person {number}",
            "phone": "0733 999 999",
            "country": "KE",
        }


def customers_with_long_names(count: int) -> Iterator[dict[str, Any]]:
    """Yield customers whose values all differ and are longer than DuckDB keeps within a value."""
    for number in range(count):
        word = "".join(chr(ord("a") + number // 26**place % 26) for place in range(3))
        yield {
            "customer_no": f"LONG{number:05d}",
            "first_name": f"Wanjikulina{word} Njeringungi{word}",
            "last_name": f"Otienokuriangah{word}",
            "email": f"wanjikulina.{word}@mail-of-nairobi.co.ke",
            "street": f"{number} Road of the Long Names {word}",
            "city": f"Town of the Long Names {word}",
            "country_code": "KE",
            "registered_at": JOINED,
            "updated_at": JOINED,
        }
