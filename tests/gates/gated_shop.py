"""A shop that delivers one table through the door and its gate, and a steward who decides on it."""

from datetime import timedelta
from pathlib import Path

from orchestration.gates.quarantine_tables import accept_run
from orchestration.gates.replay import Replayed, replay
from orchestration.gates.runner import GateResult, run_gate
from orchestration.landing.contract import load_contracts
from orchestration.landing.door import land
from orchestration.landing.runs import begin_run
from orchestration.steward.deciding import Steward
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.landed_decisions import land_decisions
from tests.gates.conftest import AS_OF, expect

CONTRACT = """
source: shop
table: members
description: Members of a shop.
owner: team:x
location: {files: "members/*.csv"}
format: {type: csv, decimal: ","}
delivery: incremental
key: [member_id]
cursor: changed_on
freshness_hours: 24
retention_days: 30
columns:
  member_id: {type: text, required: true, purpose: identity, sensitivity: none, meaning: key}
  tier: {type: text, purpose: service, sensitivity: internal, meaning: tier}
  spent: {type: "decimal(9,2)", purpose: service, sensitivity: internal, meaning: spent}
  changed_on:
    {type: date, format: "%d/%m/%Y", required: true, purpose: operations, sensitivity: none,
     meaning: day}
"""


class Shop:
    """A source of one table, its gate, and a steward."""

    def __init__(self, warehouse, suite, folder: Path) -> None:
        """Write the contract."""
        self.warehouse, self.suite, self.folder = warehouse, suite, folder
        path = folder / "sources" / "shop" / "members.yml"
        path.parent.mkdir(parents=True)
        path.write_text(CONTRACT, encoding="utf-8")
        self.contracts = load_contracts(folder / "sources")
        self.store = DecisionStore(f"sqlite:///{folder / 'steward.sqlite'}")
        self.run_number = 0

    def deliver(self, *lines: str) -> None:
        """Put a file into the inbox."""
        path = self.folder / "inbox" / "members" / f"m{self.run_number}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(("member_id,tier,spent,changed_on", *lines)) + "\n", "utf-8")

    def run(self) -> tuple[list[Replayed], GateResult]:
        """Do what a run does up to the gate of landing."""
        self.run_number += 1
        run_id, as_of = f"run-{self.run_number}", AS_OF + timedelta(days=self.run_number)
        with self.warehouse.connect() as connection:
            begin_run(connection, run_id, as_of)
            land_decisions(connection, self.store, run_id=run_id, as_of=as_of)
            done = replay(connection, self.contracts, run_id=run_id, as_of=as_of)
            again = replay(connection, self.contracts, run_id=run_id, as_of=as_of)
            assert again == []  # put back once, also when run twice
        land(
            self.contracts[0],
            warehouse=self.warehouse,
            inbox_dir=self.folder / "inbox",
            landing_dir=self.folder / "landing",
            run_id=run_id,
            as_of=as_of,
        )
        results = self.folder / "results"
        gate = run_gate(
            self.suite, warehouse=self.warehouse, run_id=run_id, as_of=as_of, results_dir=results
        )
        if gate.success:
            with self.warehouse.connect() as connection:
                accept_run(connection, run_id)
        assert self.is_balanced()
        return done, gate

    def decide(self, verb: str, subject: str, **payload: object) -> None:
        """Decide on a row or a load."""
        steward = Steward(self.store, "ann", AS_OF)
        steward.decide(f"quarantine.{verb}", subject, "asked the shop", payload)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        with self.warehouse.connect() as connection:
            return connection.execute(query).fetchall()

    def waiting(self) -> list[str]:
        """Return the rows that wait."""
        query = "select quarantine_id from quality.quarantine_rows where is_waiting order by line"
        return [str(row[0]) for row in self.rows(query)]

    def landed(self) -> list[tuple[object, ...]]:
        """Return what is in landing."""
        return self.rows(
            "select member_id, tier, spent::varchar, changed_on::varchar "
            "from landing.shop_members order by all"
        )

    def is_balanced(self) -> bool:
        """Say whether every row received is landed, waiting or refused, by load and in fact."""
        wrong = self.rows(
            """
            select loads.load_id
            from quality.loads as loads
            left join (
                select _load_id, count(*) as n from landing.shop_members group by all
            ) as landed on loads.load_id = landed._load_id
            left join (
                select load_id, count(*) as n from quality.quarantine_rows
                where is_waiting group by all
            ) as waiting on loads.load_id = waiting.load_id
            where loads.source = 'shop' and (
                rows_received <> rows_landed + rows_quarantined + rows_refused
                or rows_landed <> coalesce(landed.n, 0)
                or rows_quarantined <> coalesce(waiting.n, 0))
            """
        )
        return not wrong


TIERS = expect("expect_column_values_to_be_in_set", column="tier", value_set=["gold", "silver"])
GOOD = [f'M{n},gold,"1,50",0{n % 9 + 1}/02/2026' for n in range(10, 60)]
