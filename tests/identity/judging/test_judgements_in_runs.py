"""Judgements hold in every run, last, contradict openly, and undo a merge as if it never was."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.identity.explaining.explainer import Explainer
from orchestration.identity.explaining.explanation import Verdict
from orchestration.identity.explaining.words import sentences
from orchestration.identity.history.memberships import map_at
from orchestration.identity.judging.anchoring import anchor
from orchestration.identity.judging.judgements import (
    AREA,
    Word,
    draft_withdrawal,
    judgements_in_force,
)
from orchestration.identity.judging.merge_undo import last_merge
from tests.identity.company import CRM, FIRST, SHOP, STRANGER, Company
from tests.identity.people import record
from tests.identity.warehouses import fill_conformed


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with duckdb.connect() as connection:
        yield Company(connection, tmp_path)


def test_not_the_same_separates_whatever_the_evidence(company: Company) -> None:
    company.day([CRM, SHOP])
    assert company.ids()["crm:R1"] == company.ids()["webshop:R2"]
    company.judge(Word.DIFFERENT, ["crm:R1"], ["webshop:R2"])
    company.day([CRM, SHOP], scored=False)
    assert company.ids()["crm:R1"] != company.ids()["webshop:R2"]
    company.day([CRM, SHOP])
    assert company.ids()["crm:R1"] != company.ids()["webshop:R2"]


def test_the_same_joins_people_that_nothing_compares(company: Company) -> None:
    company.day([CRM, STRANGER])
    company.judge(Word.SAME, ["crm:R1"], ["loyalty:S1"])
    company.day([CRM, STRANGER], scored=False)
    assert company.ids()["crm:R1"] == company.ids()["loyalty:S1"]


def test_what_is_the_same_as_the_same_differs_from_what_differs_from_it(company: Company) -> None:
    company.day([CRM, SHOP, STRANGER])
    company.judge(Word.SAME, ["loyalty:S1"], ["crm:R1"])
    company.judge(Word.DIFFERENT, ["loyalty:S1"], ["webshop:R2"])
    company.day([CRM, SHOP, STRANGER], scored=False)
    ids = company.ids()
    assert ids["loyalty:S1"] == ids["crm:R1"] != ids["webshop:R2"]


def test_contradictions_are_shown_and_nothing_of_them_is_applied(company: Company) -> None:
    company.day([CRM, SHOP, STRANGER])
    before = company.ids()
    chain = [
        company.judge(Word.SAME, ["crm:R1"], ["loyalty:S1"]),
        company.judge(Word.SAME, ["loyalty:S1"], ["webshop:R2"]),
        company.judge(Word.DIFFERENT, ["crm:R1"], ["webshop:R2"]),
    ]
    company.day([CRM, SHOP, STRANGER], scored=False)
    assert set(company.status().values()) == {"contradicted"}
    assert company.ids() == before
    company.store.append(
        draft_withdrawal(chain[2], author="asha", reason="mistaken"), decided_at=FIRST
    )
    company.day([CRM, SHOP, STRANGER], scored=False)
    assert set(company.status().values()) == {"applied"}
    assert len({company.ids()[name] for name in ("crm:R1", "webshop:R2", "loyalty:S1")}) == 1


def test_an_undo_restores_ids_dates_and_aliases_of_a_merge_weeks_ago(company: Company) -> None:
    company.day([{**CRM, "email": None, "phone": None}, {**SHOP, "given_name": "asha"}])
    company.day([{**CRM, "email": None, "phone": None}, {**SHOP, "given_name": "asha"}])
    apart = company.rows("identity_map")
    company.day([CRM, SHOP])
    merged = [r for r in company.rows("id_history") if r[1] == "merged"]
    assert len(merged) == 1
    for _ in range(3):
        company.day([CRM, SHOP], scored=False)
    merge = last_merge(company.connection, str(merged[0][2]))
    company.judge(Word.DIFFERENT, merge.left, merge.right)
    summary = company.day([CRM, SHOP], scored=False)
    assert company.rows("identity_map") == apart
    assert company.rows("customer_aliases") == []
    assert (summary.restored, summary.created, summary.split) == (1, 0, 0)


def test_a_withdrawn_same_is_undone_as_well(company: Company) -> None:
    company.day([CRM, STRANGER])
    apart = company.rows("identity_map")
    same = company.judge(Word.SAME, ["crm:R1"], ["loyalty:S1"])
    company.day([CRM, STRANGER], scored=False)
    company.store.append(draft_withdrawal(same, author="asha", reason="no"), decided_at=FIRST)
    company.day([CRM, STRANGER], scored=False)
    assert company.rows("identity_map") == apart


def test_a_judgement_holds_when_its_record_changed_was_renamed_and_changed_again(
    company: Company,
) -> None:
    company.day([CRM, SHOP])
    decision = company.judge(Word.DIFFERENT, ["crm:R1"], ["webshop:R2"])
    changed = {**CRM, "phone": "+254744444444"}
    company.day([changed, SHOP])
    renamed = {**changed, "source_record_id": "salesforce:9", "source_system": "salesforce"}
    for record_now in (renamed, {**renamed, "email": "rehema@work.org"}):
        company.day([record_now, SHOP])
        assert company.status() == {decision.decision_id: "applied"}
        assert company.ids()["salesforce:9"] != company.ids()["webshop:R2"]


def test_a_judgement_follows_a_record_renamed_twice_past_who_got_its_key(company: Company) -> None:
    company.day([CRM, STRANGER])
    company.judge(Word.SAME, ["crm:R1"], ["loyalty:S1"])
    sister = {**CRM, "given_name": "zuhura", "birth_year": 1984, "email": "z@one.org"}
    for key, others in (("crm:R8", [STRANGER]), ("crm:R9", [STRANGER, sister])):
        company.day([{**CRM, "source_record_id": key}, *others])
        found = company.connection.execute(
            "select left_record_ids, right_record_ids from identity.judgements"
        ).fetchone()
        assert found == (key, "loyalty:S1")


def test_a_record_of_which_no_rename_is_known_is_found_by_its_whole_content(
    company: Company,
) -> None:
    fill_conformed(company.connection, [CRM, STRANGER])
    company.judge(Word.DIFFERENT, ["crm:R1"], ["loyalty:S1"])
    fill_conformed(company.connection, [{**CRM, "source_record_id": "salesforce:9"}, STRANGER])
    decisions = company.store.decisions(area=AREA)
    (found,) = anchor(company.connection, judgements_in_force(decisions))
    assert (found.left, found.right) == (("salesforce:9",), ("loyalty:S1",))


def test_a_record_of_one_telling_field_keeps_its_judgement_when_that_is_corrected(
    company: Company,
) -> None:
    known = {"source_record_id": "crm:R1", "source_system": "crm", "given_name": "rehema"}
    fill_conformed(company.connection, [known, STRANGER])
    company.judge(Word.DIFFERENT, ["crm:R1"], ["loyalty:S1"])
    fill_conformed(company.connection, [{**known, "given_name": "rahema"}, STRANGER])
    decisions = company.store.decisions(area=AREA)
    (found,) = anchor(company.connection, judgements_in_force(decisions))
    assert (found.left, found.right) == (("crm:R1",), ("loyalty:S1",))


def test_a_key_issued_to_somebody_else_does_not_inherit_the_judgement(company: Company) -> None:
    company.day([CRM, STRANGER])
    decision = company.judge(Word.SAME, ["crm:R1"], ["loyalty:S1"])
    other = record("crm", "R1", given_name="tatu", family_name="vundi", email="t@v.org", sex="f")
    company.day([other, STRANGER])
    assert company.status() == {decision.decision_id: "without records"}
    assert company.ids()["crm:R1"] != company.ids()["loyalty:S1"]
    missing = company.connection.execute(
        "select missing_record_ids from identity.judgements"
    ).fetchone()
    assert missing == ("crm:R1 (key re-issued)",)


def test_a_judgement_about_a_record_that_is_gone_waits_for_its_return(company: Company) -> None:
    company.day([CRM, SHOP])
    decision = company.judge(Word.DIFFERENT, ["crm:R1"], ["webshop:R2"])
    company.day([SHOP], scored=False)
    assert company.status() == {decision.decision_id: "without records"}
    company.day([CRM, SHOP])
    assert company.status() == {decision.decision_id: "applied"}


def test_the_map_of_any_day_is_rebuilt_to_the_byte(company: Company) -> None:
    recorded = []
    for records in ([CRM], [CRM, SHOP], [SHOP, STRANGER], [CRM, SHOP, STRANGER]):
        company.day(records)
        now = company.connection.sql(
            "select * from identity.identity_map order by source_record_id asc"
        ).to_arrow_table()
        recorded.append(now.combine_chunks())
    for days, was in enumerate(recorded):
        found = map_at(company.connection, FIRST + timedelta(days=days, hours=5))
        assert found.combine_chunks().equals(was.cast(found.schema))


def test_a_clock_that_went_back_does_not_turn_history_round(company: Company) -> None:
    company.day([CRM])
    company.day([CRM, SHOP])
    company.days = 0
    company.day([CRM, SHOP, STRANGER])
    stretches = company.connection.execute(
        "select count(*) from identity.membership_history where valid_to <= valid_from"
    ).fetchone()
    assert stretches == (0,)
    row = company.connection.execute(
        "select valid_from from identity.membership_history where source_record_id = 'loyalty:S1'"
    ).fetchone()
    assert row == (FIRST + timedelta(days=1, microseconds=1),)


def test_a_judgement_is_the_reason_that_explain_gives(company: Company) -> None:
    company.day([CRM, SHOP, STRANGER])
    company.judge(Word.DIFFERENT, ["crm:R1"], ["webshop:R2"])
    company.judge(Word.SAME, ["crm:R1"], ["loyalty:S1"])
    company.day([CRM, SHOP, STRANGER], scored=False)
    explainer = Explainer(company.connection)
    apart = explainer.explain("crm:R1", "webshop:R2")
    assert apart.verdict is Verdict.KEPT_APART_BY_JUDGEMENT
    assert "asha judged on 2026-07-01: different (she called)." in sentences(apart)
    together = explainer.explain("crm:R1", "loyalty:S1")
    assert together.verdict is Verdict.MATCHED_BY_JUDGEMENT
