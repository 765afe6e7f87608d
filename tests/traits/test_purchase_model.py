"""The two models of how customers buy, against what their authors published."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orchestration.traits.errors import ModelNotFittedError
from orchestration.traits.purchase_model import (
    PurchaseHistories,
    PurchaseModel,
    fit_purchase_model,
    fit_spend_model,
)

# Fader, Hardie and Lee (2005), table 2; Fader and Hardie (2013), section 4.
PUBLISHED = PurchaseModel(r=0.243, alpha=4.414, a=0.793, b=2.426)


def cdnow(name: str) -> pd.DataFrame:
    """Read the CDNOW customers that the development-only wheel `lifetimes` ships."""
    spec = find_spec("lifetimes")
    assert spec is not None
    assert spec.submodule_search_locations
    return pd.read_csv(Path(spec.submodule_search_locations[0]) / "datasets" / name)


@pytest.fixture(scope="module")
def histories() -> PurchaseHistories:
    customers = cdnow("cdnow_customers_summary.csv")
    columns = (customers[name].to_numpy(dtype=float) for name in ("frequency", "recency", "T"))
    return PurchaseHistories(*columns)


@pytest.fixture(scope="module")
def model(histories: PurchaseHistories) -> PurchaseModel:
    return fit_purchase_model(histories)


def test_the_parameters_of_cdnow_are_the_published_ones(model):
    found = (model.r, model.alpha, model.a, model.b)
    assert found == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=0.002)


def test_the_expectation_of_the_papers_example_customer_is_its_own(model):
    example = PurchaseHistories(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert model.expected_purchases(example, 39.0) == pytest.approx([1.226], abs=0.001)


def test_probability_alive_follows_the_published_formula(model, histories):
    x, last, watched = histories.repeats, histories.last_at, histories.watched
    growth = ((model.alpha + watched) / (model.alpha + last)) ** (model.r + x)
    by_hand = 1 / (1 + np.where(x > 0, model.a / np.maximum(model.b + x - 1, 1e-9) * growth, 0))
    assert model.probability_alive(histories) == pytest.approx(by_hand)


def test_whoever_bought_once_is_alive_and_a_long_silence_lowers_it():
    seen = PurchaseHistories(
        np.array([0.0, 5.0, 5.0]), np.array([0.0, 30.0, 10.0]), np.array([40.0, 40.0, 40.0])
    )
    once, lately, long_ago = PUBLISHED.probability_alive(seen)
    assert once == 1
    assert long_ago < lately < 1


def test_the_spend_model_of_cdnow_is_the_published_one():
    customers = cdnow("cdnow_customers_summary_with_transactions.csv")
    spending = fit_spend_model(customers["x"].to_numpy(float), customers["zbar"].to_numpy(float))
    assert (spending.p, spending.q, spending.v) == pytest.approx((6.25, 3.74, 15.44), rel=0.01)


def test_spending_without_a_mean_is_no_model():
    random = np.random.default_rng(7)
    purchases = random.integers(1, 5, 2000).astype(float)
    rates = random.gamma(0.6, 1 / 40, 2000)  # q below one: a few are worth any amount
    spend = random.gamma(3 * purchases) / (purchases * rates)
    with pytest.raises(ModelNotFittedError, match="has no bound"):
        fit_spend_model(purchases, spend)


def test_too_few_returning_customers_are_no_model():
    few = np.ones(29)
    with pytest.raises(ModelNotFittedError, match="fewer than 30"):
        fit_purchase_model(PurchaseHistories(few, few, few * 2))
    with pytest.raises(ModelNotFittedError, match="fewer than 30"):
        fit_spend_model(few, few)
