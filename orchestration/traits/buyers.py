"""Predictions about buyers: probability alive, lifetime value, churn risk with its reasons.

In: one row per buyer and day of view (`int_buyers__dated`), with what was known on that day and,
for past days, what came after. Out: the same rows with predictions, each made by a model that saw
only outcomes of days before. Reading and writing tables is the caller's.
"""

import logging
from itertools import pairwise

import numpy as np
import pandas as pd

from orchestration.traits.churn import MEASURES, fit_churn_model
from orchestration.traits.errors import ModelNotFittedError
from orchestration.traits.purchase_model import (
    PurchaseHistories,
    fit_purchase_model,
    fit_spend_model,
)

logger = logging.getLogger(__name__)

DAYS_PER_WEEK = 7  # weeks leave few distinct histories, and the published figures are in weeks
PERIOD_DAYS, YEAR_DAYS = 90, 365
VIEWS = ("learning", "testing", "now")  # each learns from the outcomes of the one before

PREDICTED = {
    "view_name": "string",
    "customer_id": "string",
    "probability_alive": "float64",
    "expected_purchases_90_days": "float64",
    "expected_purchases_365_days": "float64",
    "expected_spend_usd": "float64",
    "lifetime_value_365_days_usd": "float64",
    "churn_risk": "float64",
    "churn_reasons": "string",
}


def predict_buyers(buyers: pd.DataFrame) -> pd.DataFrame:
    """Return one row per buyer and day of view; what no model could be fitted for is empty."""
    ordered = buyers.sort_values(["view_name", "customer_id"]).reset_index(drop=True)
    views = {name: ordered[ordered["view_name"] == name] for name in VIEWS}
    parts = [
        pd.concat([value_columns(view), churn_columns(earlier, view)], axis=1)
        for earlier, view in pairwise(views.values())
        if len(view)
    ]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in PREDICTED.items()})
    return pd.concat(parts, ignore_index=True)[list(PREDICTED)]


def value_columns(view: pd.DataFrame) -> pd.DataFrame:
    """Return what the buyers of one day will be worth."""
    found = view[["view_name", "customer_id"]].copy()
    repeats = view["purchase_day_count"].to_numpy(dtype=np.float64) - 1
    spend = view["average_repeat_spend_usd"].to_numpy(dtype=np.float64)
    histories = PurchaseHistories(
        repeats,
        np.floor(view["last_purchase_age_days"].to_numpy(dtype=np.float64) / DAYS_PER_WEEK),
        np.floor(view["tenure_days"].to_numpy(dtype=np.float64) / DAYS_PER_WEEK) + 1,
    )
    for column in list(PREDICTED)[2:7]:
        found[column] = np.nan
    try:
        model = fit_purchase_model(histories)
        found["probability_alive"] = model.probability_alive(histories)
        for days in (PERIOD_DAYS, YEAR_DAYS):
            expected = model.expected_purchases(histories, days / DAYS_PER_WEEK)
            found[f"expected_purchases_{days}_days"] = expected
        spending = fit_spend_model(repeats, np.nan_to_num(spend))
        found["expected_spend_usd"] = spending.expected_spend(
            repeats, np.maximum(np.nan_to_num(spend), 0.0)
        )
        found["lifetime_value_365_days_usd"] = (
            found["expected_purchases_365_days"] * found["expected_spend_usd"]
        )
    except ModelNotFittedError as error:
        logger.warning("no lifetime value for %d buyers: %s", len(view), error)
    return found


def churn_columns(earlier: pd.DataFrame, view: pd.DataFrame) -> pd.DataFrame:
    """Return the churn risk of the buyers of one day, learnt from an earlier one."""
    found = pd.DataFrame({"churn_risk": np.nan, "churn_reasons": ""}, index=view.index)
    try:
        bought = earlier["purchases_after"].to_numpy(dtype=np.float64) > 0
        model = fit_churn_model(earlier[list(MEASURES)].to_numpy(dtype=np.float64), ~bought)
        measures = view[list(MEASURES)].to_numpy(dtype=np.float64)
        found["churn_risk"] = model.risk(measures)
        found["churn_reasons"] = model.reasons(measures)
    except ModelNotFittedError as error:
        logger.warning("no churn risk for %d buyers: %s", len(view), error)
    return found
