"""A door to try things at: an inbox, a warehouse, and contracts made in one line."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.landing.contract import Contract
from orchestration.landing.door import LandingResult, land
from orchestration.warehouse import Warehouse

AS_OF = datetime.fromisoformat("2026-11-22")
SALES_COLUMNS: Mapping[str, Mapping[str, Any]] = {
    "sale_id": {"type": "text", "required": True},
    "buyer": {"type": "text", "sensitivity": "personal"},
    "amount": {"type": "decimal(10,2)"},
    "sold_on": {"type": "date", "format": "%d/%m/%Y"},
}
HEADER = "sale_id,buyer,amount,sold_on\n"


def sales_contract(**changes: Any) -> Contract:
    """Return the contract of a small table of sales, delivered as CSV files."""
    described: dict[str, Any] = {
        "source": "shop",
        "table": "sales",
        "description": "Sales",
        "owner": "team:customer-data",
        "location": {"files": "sales/*"},
        "format": {"type": "csv"},
        "delivery": "append",
        "key": ["sale_id"],
        "freshness_hours": 24,
        "retention_days": 365,
        "columns": SALES_COLUMNS,
    }
    described |= changes
    described["columns"] = {
        name: {"purpose": "analytics", "sensitivity": "none", "meaning": name, **column}
        for name, column in described["columns"].items()
    }
    return Contract.model_validate({key: value for key, value in described.items() if value})


@dataclass
class Doorway:
    """An inbox and a warehouse below one folder."""

    home: Path
    contract: Contract = field(default_factory=sales_contract)
    runs: int = 0
    threads: int = 2

    @property
    def inbox(self) -> Path:
        return self.home / "inbox"

    @property
    def landing_dir(self) -> Path:
        return self.home / "landing"

    @property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.home / "warehouse.duckdb", self.home / "tmp", threads=self.threads)

    def deliver(self, name: str, content: str | bytes, *, encoding: str = "utf-8") -> Path:
        """Put a file into the folder of the sales."""
        path = self.inbox / "sales" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = content.encode(encoding) if isinstance(content, str) else content
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    def land(self, contract: Contract | None = None, **changes: Any) -> LandingResult:
        """Land in a new run."""
        self.runs += 1
        return land(
            contract or self.contract,
            warehouse=self.warehouse,
            inbox_dir=self.inbox,
            landing_dir=self.landing_dir,
            run_id=f"run-{self.runs}",
            as_of=changes.pop("as_of", AS_OF),
            **changes,
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the warehouse."""
        with self.warehouse.connect() as connection:
            return connection.execute(query).fetchall()

    def landed(self, columns: str = "sale_id, buyer, amount, sold_on") -> list[tuple[Any, ...]]:
        """Return the landed sales."""
        return self.ask(f"select {columns} from landing.shop_sales order by all")

    def quarantined(self, columns: str = "line, column_name, rule") -> list[tuple[Any, ...]]:
        """Return what is in quarantine."""
        return self.ask(f"select {columns} from quality.quarantine order by all")

    def is_balanced(self) -> bool:
        """Say whether every load and account balances, also against the rows that are there."""
        loads = """
            select bool_and(
                rows_received = rows_landed + rows_quarantined + rows_refused
                and rows_landed = (
                    select count(*) from landing.shop_sales as sales
                    where sales._load_id = loads.load_id
                )
                and rows_quarantined = (
                    select count(*) from quality.quarantine as quarantine
                    where quarantine.load_id = loads.load_id
                )
            ) from quality.loads
        """
        accounts = "select bool_and(is_balanced) from quality.row_accounting"
        return all(self.ask(query)[0][0] in (True, None) for query in (loads, accounts))
