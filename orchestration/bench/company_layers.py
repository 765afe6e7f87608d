"""Build what lies behind landing for a simulated day: conformed, identity and marts.

The first day is built by dbt itself, every later one from the SQL that dbt compiled on it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from orchestration.bench.compiled_models import (
    CompiledNode,
    FailedTest,
    build_again,
    compiled_nodes,
)
from orchestration.identity.accounts.account_tables import build_accounts
from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.households import build_households
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.proposing.proposed_changes import propose_changes
from orchestration.identity.record_clusters import build_clusters
from orchestration.identity.settings import EngineSettings
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.landed_decisions import land_decisions
from orchestration.warehouse import Warehouse

SELECTIONS: Mapping[str, tuple[str, str]] = {
    "conformed": ("--exclude", "config.schema:marts"),
    "marts": ("--select", "config.schema:marts"),
}
LAYERS_BEHIND = ("conformed", "identity", "marts")


@dataclass(frozen=True, slots=True)
class CompanyLayers:
    """How the layers of a home are built."""

    environment: Mapping[str, str]

    def build(  # noqa: PLR0913 - a step of a run depends on what a run is made of
        self,
        layer: str,
        home: Path,
        warehouse: Warehouse,
        *,
        run_id: str,
        as_of: datetime,
        settings: EngineSettings | None = None,
    ) -> list[FailedTest]:
        """Build a layer, and return the tests of dbt that fail."""
        if layer == "identity":
            with warehouse.connect() as connection:
                score_pairs(connection, as_of=as_of, settings=settings)
                build_clusters(connection, as_of=as_of, settings=settings)
                propose_changes(connection)
                assign_customer_ids(connection, run_id=run_id, as_of=as_of)
                build_households(connection)
                build_accounts(connection)
            return []
        compiled = _kept_in(home, layer)
        if not compiled.is_file():
            nodes = compiled_nodes(home, self.environment, *SELECTIONS[layer])
            compiled.write_text(json.dumps([asdict(each) for each in nodes]), encoding="utf-8")
            return []
        with warehouse.connect() as connection:
            return build_again(connection, _read(compiled))

    def tables(self, layer: str, home: Path) -> frozenset[str] | None:
        """Return the tables that are built every day; None where all are."""
        compiled = _kept_in(home, layer)
        if layer != "marts" or not compiled.is_file():
            return None
        return frozenset(node.name for node in _read(compiled))


def _kept_in(home: Path, layer: str) -> Path:
    return home / f"compiled_{layer}.json"


def _read(compiled: Path) -> list[CompiledNode]:
    kept = json.loads(compiled.read_text(encoding="utf-8"))
    return [CompiledNode(**each) for each in kept]


def land_no_decisions(warehouse: Warehouse, home: Path, *, run_id: str, as_of: datetime) -> None:
    """Land the decisions of a steward who has made none: models read their table."""
    with warehouse.connect() as connection:
        store = DecisionStore(f"sqlite:///{home / 'steward.sqlite'}")
        land_decisions(connection, store, run_id=run_id, as_of=as_of)
