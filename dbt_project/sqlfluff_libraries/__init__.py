"""Stand-ins for what dbt puts into a template, so that sqlfluff can render a model without dbt."""

from pathlib import Path

import yaml

PROJECT = yaml.safe_load((Path(__file__).parents[1] / "dbt_project.yml").read_text("utf-8"))
# One name stands for a list, so that a model is checked as it is written and not at full length.
SHORTENED = {
    "conformed_sources": {"person_records": ["stg_crm__contacts"]},
    "staging_models": ["stg_crm__contacts"],
}


def var(name: str) -> object:
    """Return a variable of the project."""
    return SHORTENED.get(name, PROJECT["vars"][name])
