"""Grain: one row per breakdown, member, method, weeks held out and week foretold."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:  # noqa: ANN401  dbt hands over objects of its own
    """Hand the weeks to the methods, which know nothing of dbt."""
    from orchestration.traits.forecast import forecast_revenue

    return forecast_revenue(dbt.ref("int_revenue__weekly").df())
