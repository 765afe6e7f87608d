"""Stand-ins for what dbt puts into a template, so that sqlfluff can render a model without dbt."""

VARIABLES: dict[str, object] = {
    "conformed_sources": {"person_records": ["stg_crm__contacts"]},
    "staging_models": ["stg_crm__contacts"],
    "source_priorities": {"crm": 10},
    "placeholder_record_count": 50,
}


def var(name: str) -> object:
    """Return a variable of the project in the shape it has there."""
    return VARIABLES[name]
