"""Grain: one row per buyer and day of view: probability alive, lifetime value, churn risk."""

from typing import Any


def model(dbt: Any, session: Any) -> Any:  # noqa: ANN401  dbt hands over objects of its own
    """Hand the buyers to the models, which know nothing of dbt."""
    from orchestration.traits.buyers import predict_buyers

    return predict_buyers(dbt.ref("int_buyers__dated").df())
