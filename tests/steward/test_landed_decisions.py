from datetime import datetime
from pathlib import Path

import pytest

from orchestration.landing.runs import begin_run
from orchestration.settings import Settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Draft
from orchestration.steward.errors import (
    DecisionStoreDamagedError,
    DecisionStoreReplacedError,
    InvalidDecisionError,
)
from orchestration.steward.identifiers import BLOCK, UNBLOCK, identifier_id, identifier_of
from orchestration.steward.landed_decisions import land_decisions, landed_decisions
from orchestration.warehouse import Warehouse

AS_OF = datetime(2026, 11, 21, 3)  # noqa: DTZ001
SHOP = identifier_id("phone", "+254700000001")


class Home:
    """A home folder with a warehouse and a decision store."""

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        self.settings = Settings(home=folder)
        self.store = DecisionStore.of(self.settings)

    def decide(self, kind: str, subject: str = SHOP) -> None:
        """Keep a decision."""
        self.store.append(Draft(kind, subject, "ann", "the shop's own"), decided_at=AS_OF)

    def run(self, run_id: str) -> int:
        """Land as a run does."""
        with Warehouse.of(self.settings).connect() as connection:
            begin_run(connection, run_id, AS_OF)
            return land_decisions(connection, self.store, run_id=run_id, as_of=AS_OF)

    def put_back(self) -> int:
        """Put what was landed back into the store."""
        with Warehouse.of(self.settings).connect() as connection:
            return self.store.put_back(landed_decisions(connection))

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        with Warehouse.of(self.settings).connect() as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_each_decision_lands_once_with_its_account(home: Home) -> None:
    home.decide(BLOCK)
    assert [home.run("run-1"), home.run("run-1"), home.run("run-2")] == [1, 0, 0]
    home.decide(UNBLOCK)
    assert home.run("run-3") == 1
    assert home.rows("select kind, author, _row from landing.steward_decisions order by 1") == [
        (BLOCK, "ann", 1),
        (UNBLOCK, "ann", 1),
    ]
    assert home.rows("select rows_received, rows_landed from quality.loads") == [(1, 1), (1, 1)]
    assert home.rows("select distinct is_balanced from quality.row_accounting") == [(True,)]


def test_value_is_blocked_until_it_is_unblocked(home: Home) -> None:
    blocked = "select identifier_id from quality.blocked_identifiers"
    home.run("run-1")
    assert home.rows(blocked) == []
    home.decide(BLOCK)
    home.run("run-2")
    assert home.rows(blocked) == [(SHOP,)]
    home.decide(UNBLOCK)
    home.run("run-3")
    assert home.rows(blocked) == []


def test_run_does_not_go_on_without_the_decisions(home: Home) -> None:
    home.decide(BLOCK)
    home.run("run-1")
    (home.settings.home_dir / "steward.sqlite").write_text("torn " * 900, encoding="utf-8")
    with pytest.raises(DecisionStoreDamagedError):
        home.run("run-2")
    assert home.rows("select identifier_id from quality.blocked_identifiers") == [(SHOP,)]


def test_run_stops_where_the_store_lacks_what_was_landed(home: Home, store_url: str) -> None:
    for kind in (BLOCK, UNBLOCK, BLOCK):
        home.decide(kind)
    home.run("run-1")
    home.store = DecisionStore(store_url)  # as after a new disk, or with another address
    for _ in range(4):  # none, fewer, as many and more decisions than were landed
        with pytest.raises(DecisionStoreReplacedError, match="`c360 decisions restore`"):
            home.run("run-2")
        home.decide(UNBLOCK)
    assert home.rows("select identifier_id from quality.blocked_identifiers") == [(SHOP,)]
    assert home.rows("select count(*) from landing.steward_decisions") == [(3,)]


def test_older_copy_of_the_store_stops_the_run_until_the_newer_is_back(home: Home) -> None:
    file = home.settings.home_dir / "steward.sqlite"
    home.decide(BLOCK)
    older = file.read_bytes()
    home.decide(UNBLOCK)
    home.run("run-1")
    newer = file.read_bytes()
    file.write_bytes(older)
    with pytest.raises(DecisionStoreReplacedError, match=r"steward\.sqlite lacks decision 2"):
        home.run("run-2")
    file.write_bytes(newer)
    home.decide(BLOCK)
    assert home.run("run-2") == 1


def test_lost_decisions_come_back_as_they_were_landed(home: Home, store_url: str) -> None:
    for kind in (BLOCK, UNBLOCK, BLOCK):
        home.decide(kind)
    before = home.store.decisions()
    home.run("run-1")
    home.store = DecisionStore(store_url)
    assert [home.put_back(), home.put_back()] == [3, 0]
    assert home.store.decisions() == before
    home.decide(UNBLOCK)
    assert home.run("run-2") == 1
    assert home.rows("select identifier_id from quality.blocked_identifiers") == []


def test_what_was_decided_in_a_copy_is_named_and_not_mixed_in(home: Home, store_url: str) -> None:
    home.decide(BLOCK)
    home.run("run-1")
    home.store = DecisionStore(store_url)
    home.decide(UNBLOCK)
    with pytest.raises(DecisionStoreReplacedError, match=f"{UNBLOCK} on {SHOP} by ann"):
        home.put_back()
    assert [each.kind for each in home.store.decisions()] == [UNBLOCK]


def test_value_as_typed_and_its_id_mean_the_same() -> None:
    assert identifier_of("0700 000 001", "KE") == identifier_of("+254700000001") == SHOP
    assert identifier_of(SHOP) == SHOP
    assert identifier_of(" Shop@Duka.KE ") == identifier_id("email", "shop@duka.ke")


def test_what_is_no_value_is_not_repeated_in_the_message() -> None:
    with pytest.raises(InvalidDecisionError, match="no e-mail address") as raised:
        identifier_of("Amina Otieno")
    assert "Amina" not in str(raised.value)
