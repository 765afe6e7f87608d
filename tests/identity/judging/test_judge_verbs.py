"""`c360 judge` as a steward uses it: judge, look, undo and withdraw, in a home between its runs."""

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from orchestration.cli.main import app
from orchestration.identity.judging.judgements import Word, draft_judgement
from orchestration.settings import Settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Draft
from orchestration.warehouse import Warehouse
from tests.identity.company import CRM, SHOP, STRANGER, Company
from tests.identity.people import Record

TWO_PEOPLE = [
    {**CRM, "email": None, "phone": None},
    {**SHOP, "given_name": "asha"},
    STRANGER,
]
ONE_PERSON = [CRM, SHOP, STRANGER]
PAIR = ("crm:R1", "webshop:R2")
UNLIKE = ("crm:R1", "loyalty:S1")


class Home:
    """A home whose days pass, and the verb between them."""

    def __init__(self, folder: Path, days: int = 0) -> None:
        self.folder = folder
        self.days = days

    def day(self, records: Sequence[Record], *, scored: bool = False) -> dict[str, str]:
        """Let a day pass and return who is whose."""
        with Warehouse.of(Settings(home=self.folder)).connect() as connection:
            company = Company(connection, self.folder)
            company.days = self.days
            company.day(records, scored=scored)
            self.days += 1
            return company.ids()

    def judge(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["judge", *words], env={"C360_HOME": str(self.folder)})

    def told(self, *words: str) -> str:
        """Return what the verb says, which ends well."""
        found = self.judge(*words)
        assert found.exit_code == 0, found.output
        return found.stdout

    def refused(self, *words: str) -> str:
        """Return the sentence with which the verb ends."""
        found = self.judge(*words)
        assert found.exit_code == 2, found.output
        return found.stderr

    def listed(self) -> dict[str, str]:
        """Return the status of each judgement, by as much of its id as is shown."""
        lines = [line.split() for line in self.told("list").splitlines() if "she called" in line]
        return {decision: status for decision, _, status, *_ in lines}


@pytest.fixture(scope="module")
def merged_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home of two days, and the customer that a merge by evidence ended on the second."""
    home = Home(tmp_path_factory.mktemp("home"))
    first, second = home.day(TWO_PEOPLE, scored=True), home.day(ONE_PERSON, scored=True)
    (ended,) = {first[name] for name in PAIR} - set(second.values())
    return home.folder, ended


@pytest.fixture
def ended(merged_home: tuple[Path, str]) -> str:
    return merged_home[1]


@pytest.fixture
def home(merged_home: tuple[Path, str], tmp_path: Path) -> Home:
    shutil.copytree(merged_home[0], tmp_path / "home")
    return Home(tmp_path / "home", days=2)


def because(author: str = "asha") -> list[str]:
    return ["--reason", "she called", "--author", author]


def test_a_merge_is_undone_and_the_undo_withdrawn_by_what_list_shows(
    home: Home, ended: str
) -> None:
    assert "The next `c360 run` applies it" in home.told("undo", ended, *because())
    apart = home.day(ONE_PERSON)
    assert apart[PAIR[0]] != apart[PAIR[1]]
    assert ended in apart.values()
    ((shown, status),) = home.listed().items()
    assert (len(shown), status) == (12, "applied")
    assert "customer of its own again" in home.refused("undo", ended, *because())
    assert "decides without it" in home.told("withdraw", shown, *because())
    together = home.day(ONE_PERSON)
    assert together[PAIR[0]] == together[PAIR[1]]
    assert home.told("list").strip() == "Nothing has been judged yet."


def test_a_steward_who_thinks_again_is_told_which_word_is_replaced(home: Home) -> None:
    first = json.loads(home.told("same", *UNLIKE, *because(), "--json"))["decision_id"]
    joined = home.day(ONE_PERSON)
    assert joined[UNLIKE[0]] == joined[UNLIKE[1]]
    said = home.told("different", *UNLIKE, *because())
    assert f"It replaces same by asha of {datetime.now(UTC):%Y-%m-%d} ({first[:12]}" in said
    assert list(home.listed().values()) == ["applied"]
    assert "in force" in home.refused("withdraw", first, *because())
    apart = home.day(ONE_PERSON)
    assert apart[UNLIKE[0]] != apart[UNLIKE[1]]


def test_words_of_two_stewards_contradict_each_other_openly(home: Home) -> None:
    home.told("same", *UNLIKE, *because("asha"))
    said = home.told("different", *UNLIKE, *because("ben"))
    assert "none of them is applied until one is withdrawn" in said
    assert set(home.listed().values()) == {"contradicted"}
    last = list(home.listed())[1]
    home.told("withdraw", last, *because("ben"))
    assert list(home.listed().values()) == ["applied"]


def test_only_a_judgement_in_force_can_be_withdrawn(home: Home) -> None:
    kept = json.loads(home.told("same", *UNLIKE, *because(), "--json"))
    withdrawn = json.loads(home.told("withdraw", kept["decision_id"], *because(), "--json"))
    for decision_id in (kept["decision_id"], withdrawn["decision_id"], "nothing", ""):
        assert "is in force" in home.refused("withdraw", decision_id, *because())


def test_the_beginning_of_an_id_must_name_one_judgement(home: Home) -> None:
    store = DecisionStore.of(Settings(home=home.folder))
    for number in (1, 2):
        word = draft_judgement(Word.SAME, [], [], author=f"steward {number}", reason="she called")
        draft = Draft(
            word.kind, word.subject, word.author, word.reason, word.payload, f"id{number}"
        )
        store.append(draft, decided_at=datetime.now(UTC))
    assert "2 judgements begin with id" in home.refused("withdraw", "id", *because())
    home.told("withdraw", "id1", *because())
    home.told("withdraw", "id", *because())


def test_a_question_that_means_nothing_is_answered_with_one_sentence(home: Home) -> None:
    assert "never merged" in home.refused("undo", "nobody", *because())
    assert "neither a person record" in home.refused("same", "crm:nobody", "crm:R1", *because())
    assert "a record in common" in home.refused("different", "crm:R1", "crm:R1", *because())
