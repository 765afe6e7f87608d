"""Which judgements are in force: one's own are replaced, others' not, each is withdrawn alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from orchestration.identity.judging.judgements import (
    AREA,
    RecordReference,
    Word,
    draft_judgement,
    draft_withdrawal,
    judgements_in_force,
)
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Decision

FIRST = datetime.fromisoformat("2026-07-01")


class Store:
    """A decision store in which nobody has to name what a judgement consists of."""

    def __init__(self, folder: Path) -> None:
        self._store = DecisionStore(f"sqlite:///{folder / 'steward.sqlite'}")
        self._days = 0

    def judge(self, word: Word, author: str, left: str = "crm:1", right: str = "crm:2") -> Decision:
        sides = ([RecordReference(name, "content", {})] for name in (left, right))
        return self._keep(draft_judgement(word, *sides, author=author, reason="she called"))

    def withdraw(self, judgement: Decision) -> None:
        self._keep(draft_withdrawal(judgement, author="chris", reason="an error"))

    def in_force(self) -> Sequence[str]:
        return [each.decision_id for each in judgements_in_force(self._store.decisions(area=AREA))]

    def _keep(self, draft):
        self._days += 1
        return self._store.append(draft, decided_at=FIRST + timedelta(days=self._days))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_a_second_word_of_one_author_replaces_the_first(store: Store) -> None:
    store.judge(Word.SAME, "asha")
    last = store.judge(Word.DIFFERENT, "asha", "crm:2", "crm:1")
    assert store.in_force() == [last.decision_id]


def test_words_of_two_authors_on_the_same_records_both_stand(store: Store) -> None:
    both = [store.judge(Word.SAME, "asha"), store.judge(Word.DIFFERENT, "ben")]
    assert store.in_force() == [each.decision_id for each in both]


def test_a_withdrawal_takes_back_the_judgement_it_names_and_no_other(store: Store) -> None:
    replaced = store.judge(Word.SAME, "asha")
    last = store.judge(Word.DIFFERENT, "asha")
    others = store.judge(Word.SAME, "ben")
    store.withdraw(replaced)
    assert store.in_force() == [last.decision_id, others.decision_id]
    store.withdraw(last)
    assert store.in_force() == [others.decision_id]


def test_what_was_withdrawn_can_be_judged_again(store: Store) -> None:
    store.withdraw(store.judge(Word.SAME, "asha"))
    again = store.judge(Word.SAME, "asha")
    assert store.in_force() == [again.decision_id]
