"""A company whose days pass: people in a warehouse, and judgements in a store."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.identity.customer_ids import IdentitySummary, assign_customer_ids
from orchestration.identity.judging.anchoring import references_of
from orchestration.identity.judging.judgements import AREA, Word, draft_judgement
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.record_clusters import build_clusters
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Decision
from tests.identity.people import Record, crowd, record
from tests.identity.warehouses import fill_conformed

FIRST = datetime.fromisoformat("2026-07-01")
ONE = {"given_name": "rehema", "family_name": "otieno", "birth_year": 1971, "sex": "f"}
MANY = crowd(70, seed=21)
CRM = record("crm", "R1", **ONE, email="rehema@one.org", phone="+254733333333")
SHOP = record("webshop", "R2", **ONE, email="rehema@one.org", phone="+254733333333")
STRANGER = record(
    "loyalty", "S1", given_name="victor", family_name="temu", email="v.temu@two.org", sex="m"
)


class Company:
    """A warehouse whose days pass."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.connection = connection
        folder.mkdir(exist_ok=True)
        self.store = DecisionStore(f"sqlite:///{folder / 'steward.sqlite'}")
        self.days = 0

    def day(self, records: Sequence[Record], *, scored: bool = True) -> IdentitySummary:
        moment = FIRST + timedelta(days=self.days)
        self.days += 1
        fill_conformed(self.connection, [*MANY, *records])
        if scored:
            score_pairs(self.connection, as_of=moment)
        decisions = self.store.decisions(area=AREA)
        build_clusters(self.connection, as_of=moment, decisions=decisions)
        return assign_customer_ids(self.connection, run_id=f"run{self.days}", as_of=moment)

    def judge(self, word: Word, one: Sequence[str], other: Sequence[str]) -> Decision:
        left, right = (references_of(self.connection, side) for side in (one, other))
        draft = draft_judgement(word, left, right, author="asha", reason="she called")
        return self.store.append(draft, decided_at=FIRST)

    def ids(self) -> dict[str, str]:
        return dict(
            self.connection.execute(
                "select source_record_id, customer_id from identity.identity_map"
            ).fetchall()
        )

    def rows(self, table: str) -> list[tuple[object, ...]]:
        return self.connection.execute(f"select * from identity.{table} order by all").fetchall()

    def status(self) -> dict[str, str]:
        return dict(
            self.connection.execute(
                "select decision_id, status from identity.judgements"
            ).fetchall()
        )
