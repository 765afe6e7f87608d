import json
from pathlib import Path

import pytest

from orchestration.gates.errors import GateConfigurationError
from orchestration.gates.suites import load_suites
from orchestration.landing.contract import load_contracts
from orchestration.settings import PACKAGE_DIR, PROJECT_DIR
from orchestration.steward.landed_decisions import LANDING_NAME
from tests.gates.conftest import expect, suite_content, written

OURS = load_suites([PROJECT_DIR / "expectations"])
CONTRACTS = {
    contract.landing_name: contract for contract in load_contracts(PACKAGE_DIR / "sources")
}
TECHNICAL_COLUMNS = {"_load_id", "_loaded_at", "_source_file", "_row"}


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(GateConfigurationError) as caught:
        load_suites([folder])
    return caught.value.problems


def test_a_suite_file_becomes_the_gate_of_its_table(tmp_path):
    content = suite_content("landing.crm_contacts", expect("expect_column_to_exist", column="a"))
    written(tmp_path, "landing.crm_contacts", content)
    (suite,) = load_suites([tmp_path])
    assert (suite.layer, suite.table, suite.owner) == ("landing", "crm_contacts", "team:data-boss")
    assert suite.reason_of(0) == "the test says so"


def test_a_later_folder_replaces_a_suite_of_the_same_path(tmp_path):
    first, second = tmp_path / "ours", tmp_path / "company"
    for folder, column in ((first, "a"), (second, "b")):
        for label in ("marts.one", "marts.two") if folder == first else ("marts.two",):
            content = suite_content(label, expect("expect_column_to_exist", column=column))
            written(folder, label, content)
    suites = load_suites([first, second])
    assert [suite.expectations[0]["kwargs"]["column"] for suite in suites] == ["a", "b"]


def test_the_version_changes_with_what_is_asked_and_not_with_its_wording(tmp_path):
    content = suite_content("marts.one", expect("expect_column_to_exist", column="a"))
    written(tmp_path, "marts.one", content)
    before = load_suites([tmp_path])[0].version
    content["meta"]["description"] = "other words"
    written(tmp_path, "marts.one", content)
    assert load_suites([tmp_path])[0].version == before
    content["expectations"][0]["kwargs"]["column"] = "b"
    written(tmp_path, "marts.one", content)
    assert load_suites([tmp_path])[0].version != before


def test_broken_json_is_told_with_file_and_line(tmp_path):
    written(tmp_path, "marts.one", '{\n  "name": "marts.one",\n  "meta": \n}')
    assert problems(tmp_path) == ("marts/one.json: line 4, column 1: Expecting value",)


def test_every_problem_of_every_file_is_told_at_once(tmp_path):
    nameless = suite_content("marts.other", expect("expect_nothing_of_the_kind"))
    nameless["expectations"].append({"type": "expect_column_to_exist"})
    written(tmp_path, "marts.one", nameless)
    written(tmp_path, "attic.two", suite_content("attic.two"))
    assert problems(tmp_path) == (
        "attic/two.json: the folder attic is not a layer; layers are landing, staging, conformed, "
        "identity, marts, quality",
        "attic/two.json: expectations: must be a list with at least one expectation",
        "marts/one.json: name: must be marts.one, as the place of the file says",
        "marts/one.json: expectations[0]: 'expect_nothing_of_the_kind' is not an expectation type "
        "of the installed GX",
        "marts/one.json: expectations[1] (expect_column_to_exist): kwargs is missing",
        "marts/one.json: expectations[1] (expect_column_to_exist): severity must be one of "
        "critical, warning, info",
        "marts/one.json: expectations[1] (expect_column_to_exist): meta.why is missing: say why "
        "the expectation exists",
    )


@pytest.mark.parametrize("text", ["owner", "description", "what_to_do"])
def test_a_suite_says_who_owns_it_what_it_is_and_what_to_do(tmp_path, text):
    content = suite_content("marts.one", expect("expect_column_to_exist", column="a"))
    del content["meta"][text]
    written(tmp_path, "marts.one", content)
    assert problems(tmp_path) == (f"marts/one.json: meta.{text}: is missing",)


def test_a_file_in_another_encoding_is_told(tmp_path):
    path = written(tmp_path, "marts.one", "{}")
    path.write_bytes('{"name": "é"}'.encode("latin-1"))
    assert problems(tmp_path) == ("marts/one.json: is not UTF-8",)


def test_every_contract_has_a_landing_suite_and_every_landing_suite_a_contract():
    gated = {suite.table for suite in OURS if suite.layer == "landing"}
    assert gated - {LANDING_NAME} == set(CONTRACTS)  # decisions come from the steward's store


@pytest.mark.parametrize("suite", OURS, ids=lambda suite: suite.label)
def test_gx_itself_accepts_every_suite_as_it_is(suite):
    from great_expectations.core import ExpectationSuite

    from orchestration.gates.validation import data_context

    data_context()
    content = json.loads(suite.path.read_text(encoding="utf-8"))
    assert len(ExpectationSuite(**content).expectations) == len(suite.expectations)


@pytest.mark.parametrize(
    "suite", [suite for suite in OURS if suite.table in CONTRACTS], ids=lambda suite: suite.label
)
def test_a_landing_suite_asks_only_for_columns_of_its_contract(suite):
    contract = CONTRACTS[suite.table]
    known = set(contract.columns) | TECHNICAL_COLUMNS
    for expectation in suite.expectations:
        asked = expectation["kwargs"]
        columns = {asked[name] for name in ("column", "column_A", "column_B") if name in asked}
        columns |= set(asked.get("column_list", ())) | set(asked.get("column_set", ()))
        assert columns <= known, expectation["type"]
    assert suite.key == contract.key
