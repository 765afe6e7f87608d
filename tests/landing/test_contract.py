"""Contracts that are not well formed are refused with a sentence that says how to mend them."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from orchestration.landing.contract import load_contracts
from orchestration.landing.errors import ContractError
from orchestration.settings import PACKAGE_DIR
from tests.landing.doorway import sales_contract

GOOD: dict[str, Any] = {
    "source": "crm",
    "table": "contacts",
    "description": "Contacts",
    "owner": "team:customer-data",
    "location": {"files": "crm/*.csv"},
    "format": {"type": "csv"},
    "delivery": "incremental",
    "key": ["contact_id"],
    "cursor": "updated_at",
    "freshness_hours": 24,
    "retention_days": 365,
    "columns": {
        "contact_id": {
            "type": "text",
            "required": True,
            "purpose": "identity",
            "sensitivity": "pseudonymous",
            "meaning": "Key",
        },
        "updated_at": {
            "type": "timestamp",
            "required": True,
            "purpose": "operations",
            "sensitivity": "none",
            "meaning": "Last change",
        },
        "is_deleted": {
            "type": "boolean",
            "purpose": "operations",
            "sensitivity": "none",
            "meaning": "Deleted",
        },
    },
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the good contract with one value changed; None takes the key away."""
    content = yaml.safe_load(yaml.safe_dump(GOOD))
    *parents, name = path.split(".")
    place = content
    for parent in parents:
        place = place[parent]
    place[name] = value
    if value is None:
        del place[name]
    return content


def problems(sources: Path, content: object, name: str = "crm/contacts.yml") -> tuple[str, ...]:
    """Return what is wrong with one contract."""
    path = sources / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else yaml.safe_dump(content)
    path.write_text(text, encoding="utf-8")
    try:
        load_contracts(sources)
    except ContractError as error:
        return error.problems
    return ()


def test_every_contract_of_the_sample_company_is_well_formed() -> None:
    contracts = load_contracts(PACKAGE_DIR / "sources")
    assert len(contracts) == 27
    names = [contract.landing_name for contract in contracts]
    assert names == sorted(names)


def test_good_contract_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == ()


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("delivery", "incremantal", "delivery: 'incremantal' is not one of 'full', 'incremental'"),
        ("owner", None, "owner: missing"),
        ("cursr", "updated_at", "cursr: unknown key; did you mean cursor?"),
        ("columns.contact_id.purpos", "x", "columns.contact_id.purpos: unknown key; did you mean"),
        ("columns.contact_id.sensitivity", "secret", "'secret' is not one of 'none', 'internal'"),
        ("columns.contact_id.type", "string", "columns.contact_id.type: allowed are text, integer"),
        ("columns.contact_id.type", "decimal(40,2)", "a decimal has 1 to 38 digits"),
        ("columns.contact_id.type", "decimal(4,5)", "no more decimals than digits"),
        ("columns.contact_id.meaning", "", "columns.contact_id.meaning: "),
        ("columns.updated_at.format", "dd/mm/yyyy", "'dd/mm/yyyy' is not a form of a timestamp"),
        ("columns.is_deleted.format", "J", "write the words for true and false, like yes/no"),
        ("columns.contact_id.format", "x", "a text has none"),
        ("key", ["kontact_id"], "key: kontact_id is not a column of the contract"),
        ("key", [], "key: a table delivered as incremental needs a key"),
        ("key", ["is_deleted"], "key: the column is_deleted must be required"),
        ("cursor", None, "cursor: a table delivered as incremental needs one"),
        ("deleted_when", "contact_id", "deleted_when: contact_id must be a boolean column"),
        ("delivery", "cdc", "change_type: given for cdc, and only for cdc"),
        ("format", None, "format: files need one"),
        ("format.delimiter", ";;", "format.delimiter: "),
        ("format.delimiter", '"', "delimiter: another sign than the quote"),
        ("format.encoding", "utf-9", "format.encoding: not an encoding Python knows"),
        ("format.headers", True, "format.headers: unknown key; did you mean header?"),
        ("format.type", "xlsx", "format: "),
        ("format.physical_columns", ["a"], "add header: false"),
        ("format.line_breaks", True, "line_breaks is for fields that have no quotes"),
        ("location", {"folder": "x"}, "location: give one of files, database (with table) or"),
        ("location", {"files": "../x/*.csv"}, "location.files: a pattern of files below the inbox"),
        ("location", {"database": "sqlite://"}, "location.table: missing"),
        ("location", {"database": "sqlite://", "table": "x"}, "a database or an API has none"),
        (
            "location",
            {"http": {"base_url": "x", "path": "y", "cursor_parameter": "since"}},
            "cursor_parameter and initial_cursor go together",
        ),
        ("freshness_hours", 0, "freshness_hours: "),
        ("source", "CRM", "source: 'CRM' must be lower-case letters, digits and underscores"),
        ("columns.is_deleted.path", "contact_id", "contact_id is read twice"),
        ("table", "people", "the place of the file says otherwise"),
    ],
)
def test_problem_names_file_key_and_remedy(
    tmp_path: Path, path: str, value: Any, problem: str
) -> None:
    found = problems(tmp_path, changed(path, value))
    assert len(found) == 1, found
    assert found[0].startswith("crm/contacts.yml: ")
    assert problem in found[0]


def test_column_names_of_the_book_keeping_are_not_free(tmp_path: Path) -> None:
    content = changed("columns._row", GOOD["columns"]["contact_id"])
    assert "'_row' must be lower-case letters" in problems(tmp_path, content)[0]


def test_key_given_twice_is_a_problem_and_not_the_last_one(tmp_path: Path) -> None:
    text = yaml.safe_dump(GOOD) + "owner: team:other\n"
    assert "the key owner is given twice" in problems(tmp_path, text)[0]


def test_broken_yaml_names_its_line(tmp_path: Path) -> None:
    assert problems(tmp_path, "source: crm\ndescription: a: b\n") == (
        "crm/contacts.yml, line 2: not well-formed YAML: mapping values are not allowed here",
    )


def test_all_problems_of_all_files_are_listed(tmp_path: Path) -> None:
    problems(tmp_path, changed("owner", None))
    found = problems(tmp_path, changed("delivery", "x"), "crm/accounts.yml")
    assert [message.split(":")[0] for message in found] == ["crm/accounts.yml", "crm/contacts.yml"]


def test_contract_can_not_be_changed() -> None:
    with pytest.raises(ValidationError):
        sales_contract().owner = "team:other"


def test_json_path_inside_another_is_a_problem() -> None:
    columns = {
        "sale_id": {"type": "text", "required": True},
        "buyer": {"type": "text"},
        "city": {"type": "text", "path": "buyer.city"},
    }
    with pytest.raises(ValidationError, match=r"buyer\.city is read twice"):
        sales_contract(columns=columns, format={"type": "jsonl"})
