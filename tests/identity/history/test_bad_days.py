"""Bad input never loses an id and never gives one out twice; each case has its rule."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.history.renamed_records import followers
from orchestration.identity.judging.judgements import AREA, Word, draft_withdrawal
from orchestration.identity.judging.merge_undo import last_merge
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.record_clusters import build_clusters
from tests.identity.company import CRM, FIRST, MANY, SHOP, STRANGER, Company
from tests.identity.people import Record, record
from tests.identity.warehouses import fill_conformed

TABLES = ("identity_map", "id_history", "customer_aliases", "membership_history")


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    with duckdb.connect(str(folder / "company.duckdb")) as connection:
        Company(connection, folder).day([])
    return folder / "company.duckdb"


@contextmanager
def a_day_later(first_day: Path, folder: Path) -> Iterator[Company]:
    folder.mkdir(exist_ok=True)
    copy = shutil.copy(first_day, folder / "company.duckdb")
    with duckdb.connect(str(copy)) as connection:
        company = Company(connection, folder)
        company.days = 1
        yield company


@pytest.fixture
def company(first_day: Path, tmp_path: Path) -> Iterator[Company]:
    with a_day_later(first_day, tmp_path) as later:
        yield later


def under(row: Record, source: str, key: str) -> Record:
    return {**row, "source_record_id": f"{source}:{key}", "source_system": source}


def dates(company: Company) -> dict[object, tuple[object, object]]:
    return {row[0]: (row[2], row[3]) for row in company.rows("identity_map")}


def content(company: Company) -> dict[str, list[tuple[object, ...]]]:
    return {table: company.rows(table) for table in TABLES}


def test_a_renamed_source_costs_nobody_his_id(company: Company) -> None:
    company.day([CRM, STRANGER])
    before = company.ids()
    summary = company.day([under(CRM, "salesforce", "R1"), under(STRANGER, "club", "S1")])
    assert company.ids()["salesforce:R1"] == before["crm:R1"]
    assert company.ids()["club:S1"] == before["loyalty:S1"]
    assert (summary.created, summary.retired, summary.moved) == (0, 0, 0)


def test_a_record_that_moves_between_sources_stays_with_its_customer(company: Company) -> None:
    company.day([CRM, SHOP, STRANGER])
    before = company.ids()
    summary = company.day([under(CRM, "loyalty", "L77"), SHOP, STRANGER])
    assert company.ids()["loyalty:L77"] == before["crm:R1"] == before["webshop:R2"]
    assert (summary.created, summary.retired, summary.split) == (0, 0, 0)


def test_a_key_that_shows_another_person_does_not_hand_on_the_id(company: Company) -> None:
    company.day([STRANGER])
    before = company.ids()["loyalty:S1"]
    other = record("loyalty", "S1", given_name="tatu", family_name="vundi", email="t@v.org")
    summary = company.day([other])
    assert company.ids()["loyalty:S1"] != before
    assert (summary.created, summary.retired) == (1, 1)
    company.day([STRANGER])
    ids = [row[2] for row in company.rows("id_history") if row[1] == "created"]
    assert len(ids) == len(set(ids))


def test_keys_given_out_anew_cost_nobody_his_id(company: Company) -> None:
    shifted = [under(row, "loyalty", f"S{number}") for number, row in enumerate([CRM, STRANGER])]
    company.day([under(MANY[0], "loyalty", "S9"), *shifted])
    before = company.ids()
    swapped = [under(CRM, "loyalty", "S1"), under(STRANGER, "loyalty", "S0")]
    summary = company.day([under(MANY[0], "loyalty", "S9"), *swapped])
    assert (company.ids()["loyalty:S1"], company.ids()["loyalty:S0"]) == (
        before["loyalty:S0"],
        before["loyalty:S1"],
    )
    assert (summary.created, summary.retired) == (0, 0)


def test_who_shared_the_customer_of_a_re_issued_key_keeps_the_id(company: Company) -> None:
    company.day([CRM, SHOP])
    before = company.ids()["crm:R1"]
    other = record("crm", "R1", given_name="tatu", family_name="vundi", email="t@v.org")
    company.day([other, SHOP])
    assert company.ids()["webshop:R2"] == before != company.ids()["crm:R1"]


def test_one_changed_value_is_still_the_same_person(company: Company) -> None:
    company.day([STRANGER])
    before = company.ids()["loyalty:S1"]
    company.day([{**STRANGER, "email": "victor@three.org"}])
    assert company.ids()["loyalty:S1"] == before


def test_a_record_that_comes_back_after_its_customer_was_retired_is_new(company: Company) -> None:
    company.day([STRANGER])
    before = company.ids()["loyalty:S1"]
    assert company.day([]).retired == 1
    assert company.day([STRANGER]).created == 1
    assert company.ids()["loyalty:S1"] != before


def test_an_undo_after_a_rename_gives_both_their_id_and_their_dates_back(company: Company) -> None:
    other = {"given_name": "asha", "birth_year": 1940, "email": None}
    company.day([{**CRM, "phone": None}, {**SHOP, **other}])
    apart = dates(company)
    company.day([CRM, SHOP])
    renamed = [under(CRM, "salesforce", "9"), under(SHOP, "store", "7")]
    company.day(renamed)
    merged = next(row for row in company.rows("id_history") if row[1] == "merged")
    merge = last_merge(company.connection, str(merged[2]))
    assert sorted([merge.left, merge.right]) == [("salesforce:9",), ("store:7",)]
    company.judge(Word.DIFFERENT, merge.left, merge.right)
    summary = company.day(renamed, scored=False)
    assert (summary.restored, summary.created, summary.retired) == (1, 0, 0)
    assert company.rows("customer_aliases") == []
    now = dates(company)
    assert (now["salesforce:9"], now["store:7"]) == (apart["crm:R1"], apart["webshop:R2"])


def test_a_merge_and_a_rename_on_one_day_are_undone_by_taking_the_word_back(
    company: Company,
) -> None:
    company.day([CRM, STRANGER])
    before = dates(company)
    same = company.judge(Word.SAME, ["crm:R1"], ["loyalty:S1"])
    renamed = [under(CRM, "salesforce", "9"), under(STRANGER, "club", "8")]
    company.day(renamed)
    merged = next(row for row in company.rows("id_history") if row[1] == "merged")
    merge = last_merge(company.connection, str(merged[2]))
    assert sorted([merge.left, merge.right]) == [("club:8",), ("salesforce:9",)]
    company.store.append(draft_withdrawal(same, author="asha", reason="no"), decided_at=FIRST)
    company.day(renamed, scored=False)
    now = dates(company)
    assert (now["salesforce:9"], now["club:8"]) == (before["crm:R1"], before["loyalty:S1"])


def test_a_rename_and_its_reversal_in_a_repeated_run_leave_no_trace(company: Company) -> None:
    company.day([STRANGER])
    before = company.rows("believed_memberships")
    company.day([under(STRANGER, "club", "S1")])
    company.days -= 1
    company.day([STRANGER])
    assert company.rows("renamed_records") == []
    assert company.rows("believed_memberships") == before


def test_a_warehouse_from_before_renames_were_kept_goes_on(company: Company) -> None:
    company.connection.execute("drop table identity.renamed_records")
    assert followers(company.connection, ["crm:P00001"]) == {"crm:P00001": set()}
    company.day([])
    assert company.rows("renamed_records") == []


def test_a_merge_behind_a_clock_that_ran_ahead_can_be_undone(company: Company) -> None:
    company.days = 30
    company.day([SHOP], scored=False)
    company.days = 2
    company.day([SHOP, CRM, STRANGER], scored=False)
    before = company.ids()
    company.judge(Word.SAME, ["crm:R1"], ["loyalty:S1"])
    company.day([SHOP, CRM, STRANGER], scored=False)
    merged = next(row for row in company.rows("id_history") if row[1] == "merged")
    merge = last_merge(company.connection, str(merged[2]))
    company.judge(Word.DIFFERENT, merge.left, merge.right)
    assert company.day([SHOP, CRM, STRANGER], scored=False).restored == 1
    assert company.ids() == before


def test_a_run_killed_between_clusters_and_ids_is_made_up_for(
    company: Company, first_day: Path, tmp_path: Path
) -> None:
    with a_day_later(first_day, tmp_path / "undisturbed") as undisturbed:
        for records in ([CRM, STRANGER], [SHOP, STRANGER]):
            undisturbed.day(records)
        company.day([CRM, STRANGER])
        moment = FIRST + timedelta(days=company.days)
        fill_conformed(company.connection, [*MANY, SHOP, STRANGER])
        score_pairs(company.connection, as_of=moment)
        build_clusters(company.connection, as_of=moment)  # killed here, and run again:
        company.day([SHOP, STRANGER])
        assert content(company) == content(undisturbed)


def test_a_run_resumed_after_its_ids_were_written_changes_nothing(company: Company) -> None:
    company.day([CRM, STRANGER])
    company.judge(Word.SAME, ["crm:R1"], ["loyalty:S1"])
    company.day([CRM, STRANGER])
    merged = next(row for row in company.rows("id_history") if row[1] == "merged")
    merge = last_merge(company.connection, str(merged[2]))
    company.judge(Word.DIFFERENT, merge.left, merge.right)
    summary = company.day([CRM, STRANGER])
    assert summary.restored == 1
    before = content(company)
    moment, run_id = FIRST + timedelta(days=company.days - 1), f"run{company.days}"
    decisions = company.store.decisions(area=AREA)
    score_pairs(company.connection, as_of=moment)
    build_clusters(company.connection, as_of=moment, decisions=decisions)
    again = assign_customer_ids(company.connection, run_id=run_id, as_of=moment)
    assert content(company) == before
    assert (again.restored, again.merged, again.created) == (0, 0, 0)
