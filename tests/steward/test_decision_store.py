import multiprocessing
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy

from orchestration.settings import Settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Draft
from orchestration.steward.errors import (
    DecisionConflictError,
    DecisionStoreDamagedError,
    DecisionStoreError,
    DecisionStoreLockedError,
    InvalidDecisionError,
)
from orchestration.warehouse import Warehouse

MOMENT = datetime(2026, 11, 20, 3, 0, 5, 250)  # noqa: DTZ001


def draft(subject: str = "crm:7|webshop:9", kind: str = "judgement.same", **parts: object) -> Draft:
    return Draft(kind, subject, str(parts.pop("author", "ann")), "seen both cards", **parts)


@pytest.fixture
def store(store_url: str) -> DecisionStore:
    return DecisionStore(store_url)


def test_decision_comes_back_as_it_was_made(store: DecisionStore) -> None:
    kept = store.append(draft(payload={"name": "Nguyễn", "n": [1]}), decided_at=MOMENT)
    assert store.decisions() == [kept]
    assert (kept.payload, kept.author, kept.decided_at) == (
        {"name": "Nguyễn", "n": [1]},
        "ann",
        MOMENT,
    )


def test_decisions_are_found_by_area_kind_subject_and_order(store: DecisionStore) -> None:
    kinds = ("judgement.same", "judgement.not_same", "incident.assign", "judgements.other")
    made = [store.append(draft(kind=kind), decided_at=MOMENT) for kind in kinds]
    assert store.decisions(area="judgement") == made[:2]
    assert store.decisions(kind="incident.assign", subject="crm:7|webshop:9") == made[2:3]
    assert store.decisions(after=made[1].decision_order) == made[2:]
    assert store.latest("judgement", "crm:7|webshop:9") == made[1]
    assert store.latest("judgement.same", "somebody else") is None


def test_second_of_two_stewards_who_saw_the_same_is_refused(store: DecisionStore) -> None:
    seen = store.append(draft(), decided_at=MOMENT)
    first = draft(kind="judgement.not_same", author="bob")
    store.append(first, decided_at=MOMENT, seen=seen)
    with pytest.raises(DecisionConflictError, match="bob has decided on crm:7"):
        store.append(draft(author="eve"), decided_at=MOMENT, seen=seen)
    with pytest.raises(DecisionConflictError):
        store.append(draft(author="eve"), decided_at=MOMENT, seen=None)
    store.append(draft(kind="incident.assign"), decided_at=MOMENT, seen=None)
    assert [each.author for each in store.decisions(area="judgement")] == ["ann", "bob"]


def test_repeated_decision_is_kept_once(store: DecisionStore) -> None:
    again = draft(decision_id="d1")
    first = store.append(again, decided_at=MOMENT)
    assert store.append(again, decided_at=MOMENT, seen=None) == first
    assert len(store.decisions()) == 1


def test_several_decisions_are_kept_together_or_not_at_all(store: DecisionStore) -> None:
    store.append(draft("b"), decided_at=MOMENT)
    with pytest.raises(DecisionConflictError):
        store.append_all([draft("a"), draft("b")], decided_at=MOMENT, seen=None)
    assert [each.subject for each in store.decisions()] == ["b"]


def test_moment_with_a_time_zone_is_kept_in_utc(store: DecisionStore) -> None:
    kept = store.append(draft(), decided_at=datetime(2026, 11, 20, 3, tzinfo=UTC))
    assert kept.decided_at == datetime(2026, 11, 20, 3)  # noqa: DTZ001


def test_database_itself_refuses_to_change_or_delete_a_decision(
    store: DecisionStore, store_url: str
) -> None:
    kept = store.append(draft(payload={"email": "somebody"}), decided_at=MOMENT)
    engine = sqlalchemy.create_engine(store_url)
    for statement in ("delete from decisions", "update decisions set author = 'eve'"):
        with pytest.raises(sqlalchemy.exc.DBAPIError), engine.begin() as connection:
            connection.exec_driver_sql(statement)
    assert store.decisions() == [kept]
    with engine.begin() as connection:
        connection.exec_driver_sql("""update decisions set payload = '{"erased": true}'""")
    engine.dispose()
    assert store.decisions()[0].payload == {"erased": True}


def _append_many(url: str, author: str, count: int) -> None:
    store = DecisionStore(url)
    for number in range(count):
        store.append(draft(f"{author}-{number}", author=author), decided_at=MOMENT)


def test_many_processes_write_at_once_and_nothing_is_lost(store_url: str) -> None:
    start = multiprocessing.get_context("spawn")
    writers = [start.Process(target=_append_many, args=(store_url, name, 10)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = DecisionStore(store_url).decisions()
    assert [each.decision_order for each in found] == sorted({d.decision_order for d in found})
    assert len({each.subject for each in found}) == 30


def test_decision_is_made_while_a_run_holds_the_warehouse(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    with Warehouse.of(settings).connect():
        kept = DecisionStore.of(settings).append(draft(), decided_at=MOMENT)
    assert DecisionStore.of(settings).decisions() == [kept]
    assert (tmp_path / "home" / "steward.sqlite").is_file()


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"kind": "same"}, "judgement.same"),
        ({"subject": " "}, "subject"),
        ({"subject": "x" * 501}, "subject"),
        ({"author": ""}, "author is missing"),
        ({"payload": {"score": float("nan")}}, "JSON"),
    ],
)
def test_incomplete_decision_is_refused(
    tmp_path: Path, parts: dict[str, object], problem: str
) -> None:
    store = DecisionStore(f"sqlite:///{tmp_path / 'steward.sqlite'}")
    with pytest.raises(InvalidDecisionError, match=problem):
        store.append(draft(**parts), decided_at=MOMENT)  # type: ignore[arg-type]
    assert store.decisions() == []


def test_locked_store_says_so_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "steward.sqlite"
    store = DecisionStore(f"sqlite:///{path}", wait_seconds=0.2)
    kept = store.append(draft(), decided_at=MOMENT)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(DecisionStoreLockedError, match=r"steward\.sqlite has been written"):
        store.append(draft("b"), decided_at=MOMENT)
    assert store.decisions() == [kept]  # readers never wait
    other.execute("rollback")
    other.close()
    store.append(draft("b"), decided_at=MOMENT)


@pytest.mark.parametrize("is_torn", [True, False])
def test_damaged_store_says_so_and_is_left_as_it_is(tmp_path: Path, is_torn: bool) -> None:
    path = tmp_path / "steward.sqlite"
    store = DecisionStore(f"sqlite:///{path}")
    if is_torn:
        for number in range(50):
            store.append(draft(f"s{number}"), decided_at=MOMENT)
        sqlite3.connect(path).execute("pragma wal_checkpoint(truncate)")
        content = bytearray(path.read_bytes())
        content[200:8192] = b"\xaa" * (8192 - 200)
    else:
        content = bytearray(b"no database at all, but a text that somebody put here\n" * 40)
    path.write_bytes(content)
    with pytest.raises(DecisionStoreDamagedError, match="left as it is"):
        store.append(draft(), decided_at=MOMENT)
    assert path.read_bytes() == content


def test_store_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "steward.sqlite").mkdir()
    store = DecisionStore(f"sqlite:///{tmp_path / 'steward.sqlite'}")
    with pytest.raises(DecisionStoreError, match=r"steward\.sqlite can't be opened"):
        store.decisions()


def test_unreachable_store_says_so_without_the_password() -> None:
    store = DecisionStore("postgresql://ann:secret@127.0.0.1:1/decisions", wait_seconds=0.2)
    with pytest.raises(DecisionStoreError, match="can't be opened") as raised:
        store.decisions()
    assert "secret" not in str(raised.value)
    with pytest.raises(DecisionStoreError, match="address") as raised:
        DecisionStore("secret words")
    assert "secret" not in str(raised.value)
