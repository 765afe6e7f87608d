"""A file that no contract asks for is named, so that it is either described or stopped."""

from pathlib import Path

from orchestration.landing.unclaimed import unclaimed_files
from tests.landing.doorway import sales_contract


def put(inbox: Path, *names: str) -> None:
    for name in names:
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_text("x", encoding="utf-8")


def test_files_beside_the_contracts_are_named(tmp_path: Path) -> None:
    put(tmp_path, "sales/a.csv", "sales_new/b.csv", "notes\n.txt", "sales/c.csv.part", ".hidden")
    assert unclaimed_files([sales_contract()], tmp_path) == ("notes\\n.txt", "sales_new/b.csv")


def test_a_database_and_its_journal_are_claimed(tmp_path: Path) -> None:
    put(tmp_path, "crm/crm.sqlite", "crm/crm.sqlite-wal", "crm/other.sqlite")
    location = {"database": "sqlite:///{inbox}/crm/crm.sqlite?mode=ro", "table": "contacts"}
    database = sales_contract(location=location, format=None)
    elsewhere = sales_contract(location={**location, "database": "{env:CRM}"}, format=None)
    assert unclaimed_files([database, elsewhere], tmp_path) == ("crm/other.sqlite",)


def test_an_inbox_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert unclaimed_files([sales_contract()], tmp_path / "nowhere") == ()
