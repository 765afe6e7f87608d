"""Grain: one row per landed column: which use cases need it."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:  # noqa: ANN401  dbt hands over objects of its own
    """Hold the contracts against the use cases."""
    from orchestration.landing.contract import load_contracts
    from orchestration.requirements.measurement import landed_columns
    from orchestration.requirements.use_case import load_use_cases, use_case_folder
    from orchestration.settings import Settings

    settings = Settings()
    use_cases = load_use_cases(use_case_folder(settings.company_dir))
    return landed_columns(use_cases, load_contracts(settings.sources_dir))
