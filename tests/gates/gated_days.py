"""One gated table, judged day after day with the incidents of a home."""

from datetime import timedelta
from pathlib import Path

from orchestration.gates.incident_book import IncidentBook
from orchestration.gates.incidents import Incident, incidents_of
from orchestration.gates.runner import GateResult, run_gate
from orchestration.steward.deciding import Steward
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Draft
from tests.gates.conftest import AS_OF

GOOD = "select n as customer_id, 'x' as name from range(1, 101) as numbers (n)"
BAD = "select n as customer_id, case when n > 10 then 'x' end as name from range(1, 101) t (n)"


class Days:
    """One gated table, judged day by day."""

    def __init__(self, warehouse, suite, folder: Path) -> None:
        """Keep what stays the same from day to day."""
        self.warehouse, self.suite, self.folder = warehouse, suite, folder
        self.store = DecisionStore(f"sqlite:///{folder / 'steward.sqlite'}")
        self.told: list[tuple[str, str]] = []
        self.day = 0

    def judge(self, rows: str, run_id: str | None = None) -> GateResult:
        """Judge another day's rows."""
        if run_id is None:
            self.day += 1
        as_of = AS_OF + timedelta(days=self.day)
        with self.warehouse.connect() as connection:
            connection.execute(f"create or replace table marts.people as {rows}")
        book = IncidentBook(
            self.store, run_id or f"run-{self.day}", as_of, self.folder / "none.json", self._tell
        )
        return run_gate(
            self.suite,
            warehouse=self.warehouse,
            run_id=book.run_id,
            as_of=as_of,
            results_dir=self.folder / "results",
            book=book,
        )

    def _tell(self, verb: str, incident: Incident) -> None:
        self.told.append((verb, incident.cause))

    @property
    def incidents(self) -> list[Incident]:
        """The incidents as they stand."""
        return incidents_of(self.store.decisions(area="incident"))

    def decide(self, verb: str, **payload: str) -> None:
        """Decide on the most urgent incident, on the day at hand."""
        moment = AS_OF + timedelta(days=self.day)
        steward = Steward(self.store, "ann", moment)
        steward.decide(f"incident.{verb}", self.incidents[0].incident_id, "because", payload)

    def waive(self, *incidents: Incident, days: int = 9) -> None:
        """Waive incidents, or the most urgent one, for some days from the day at hand."""
        moment = AS_OF + timedelta(days=self.day)
        until = {"until": (moment + timedelta(days=days)).date().isoformat()}
        drafts = [
            Draft("incident.waive", each.incident_id, "ann", "because", until)
            for each in incidents or self.incidents[:1]
        ]
        self.store.append_all(drafts, decided_at=moment)
