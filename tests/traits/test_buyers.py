"""Churn risk and the predictions about buyers."""

import numpy as np
import pandas as pd
import pytest
import yaml

from orchestration.settings import PROJECT_DIR
from orchestration.traits.buyers import (
    PREDICTED,
    churn_columns,
    predict_buyers,
    value_columns,
)
from orchestration.traits.churn import MEASURES, REASONS, fit_churn_model
from orchestration.traits.errors import ModelNotFittedError

DESCRIBED = PROJECT_DIR / "dbt_project/models/marts/traits/_predictions__models.yml"
COLUMNS = (
    "purchase_day_count",
    "tenure_days",
    "last_purchase_age_days",
    "days_since_purchase",
    "average_spend_usd",
    "average_repeat_spend_usd",
    "visits_90_days",
    "email_clicks_90_days",
    "complaints_365_days",
)


def made_up_buyers(count: int, seed: int = 3) -> pd.DataFrame:
    """Return buyers of three days of view, in whom every reason for leaving is true.

    Who visits, spends and clicks buys again; who was silent long or complained does not.
    """
    random = np.random.default_rng(seed)
    parts = []
    for view in ("learning", "testing", "now"):
        table = pd.DataFrame({name: random.integers(0, 200, count) for name in COLUMNS})
        table["purchase_day_count"] = random.integers(1, 8, count)
        table["tenure_days"] = 400
        table["visits_90_days"] = random.integers(0, 10, count)
        table["last_purchase_age_days"] = np.where(table["purchase_day_count"] > 1, 300, 0)
        odds = 0.4 * table["visits_90_days"] - 0.02 * table["days_since_purchase"]
        felt = np.log1p(table[["average_spend_usd", "email_clicks_90_days", "complaints_365_days"]])
        odds += felt @ [0.6, 0.6, -0.6] - 0.6 * np.log1p(100)
        bought = random.random(count) < 1 / (1 + np.exp(-odds))
        table["purchases_after"] = bought.astype(float) if view != "now" else np.nan
        table.insert(0, "customer_id", [f"C{number:04}" for number in range(count)])
        table.insert(0, "view_name", view)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def test_churn_risk_is_calibrated_on_days_it_has_not_seen():
    buyers = made_up_buyers(4000)
    predicted = predict_buyers(buyers)
    tested = predicted[predicted["view_name"] == "testing"].merge(
        buyers, on=["view_name", "customer_id"]
    )
    tenth = pd.qcut(tested["churn_risk"], 10, labels=False)
    left = (tested["purchases_after"] == 0).groupby(tenth).mean()
    assert (tested["churn_risk"].groupby(tenth).mean() - left).abs().mean() < 0.06


def test_the_reasons_given_are_those_that_raise_the_risk():
    measures = np.zeros((400, len(MEASURES)))
    silent = np.arange(400) % 2 == 0
    measures[:, MEASURES.index("days_since_purchase")] = np.where(silent, 300, 5)
    noise = np.arange(400) % 10 == 0
    model = fit_churn_model(measures, silent ^ noise)
    assert model.reasons(measures[:2]) == ["long since the last purchase", ""]
    assert model.risk(measures[:2])[0] > 0.5 > model.risk(measures[:2])[1]


@pytest.mark.parametrize("measure", MEASURES)
def test_a_reason_is_never_said_of_whom_it_is_not_true(measure):
    much, little = 300.0, 5.0
    measures = np.full((400, len(MEASURES)), 50.0)
    has_much = np.arange(400) % 2 == 0
    measures[:, MEASURES.index(measure)] = np.where(has_much, much, little)
    noise = np.arange(400) % 10 == 0
    those = measures[:2]
    if measure in ("days_since_purchase", "complaints_365_days"):
        true, expected = has_much, [REASONS[measure], ""]
    else:
        true, expected = ~has_much, ["", REASONS[measure]]
    assert fit_churn_model(measures, true ^ noise).reasons(those) == expected
    assert fit_churn_model(measures, ~true ^ noise).reasons(those) == ["", ""]


def test_what_came_after_a_day_of_view_does_not_change_its_predictions():
    buyers = made_up_buyers(300)
    changed = buyers.copy()
    changed.loc[changed["view_name"] == "testing", "purchases_after"] = 0.0
    changed.loc[changed["view_name"] == "now", list(COLUMNS[3:5])] = 7
    first, again = predict_buyers(buyers), predict_buyers(changed)
    past = first["view_name"] == "testing"
    pd.testing.assert_frame_equal(first[past], again[past])


def test_the_order_of_rows_does_not_matter():
    buyers = made_up_buyers(300)
    shuffled = buyers.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(predict_buyers(buyers), predict_buyers(shuffled))


@pytest.mark.parametrize("count", [0, 5])
def test_too_few_buyers_have_rows_without_predictions(count):
    predicted = predict_buyers(made_up_buyers(count))
    assert list(predicted) == list(PREDICTED)
    assert len(predicted) == 2 * count
    assert predicted["churn_risk"].isna().all()
    assert predicted["lifetime_value_365_days_usd"].isna().all()


def test_a_company_that_nobody_left_has_no_churn_model():
    with pytest.raises(ModelNotFittedError, match="too few to learn from"):
        fit_churn_model(np.zeros((50, len(MEASURES))), np.zeros(50, dtype=bool))


def declared_columns():
    described = yaml.safe_load(DESCRIBED.read_text(encoding="utf-8"))["models"]
    (model,) = [each for each in described if each["name"] == "int_buyers__predicted"]
    return {
        column["name"]: {name.rpartition(".")[2] for name in column["config"]["meta"]["made_of"]}
        for column in model["columns"]
    }


def what_decides(predict, views, columns):
    """Return, for every prediction, the columns whose change changes it."""
    before = predict(*views)
    decided = {name: set() for name in before}
    for number, column in enumerate(sorted(columns)):
        random = np.random.default_rng(number)
        moved = [
            view.assign(**{column: view[column] + random.integers(0, 30, len(view))})
            for view in views
        ]
        after = predict(*moved)
        for name in before:
            if not before[name].equals(after[name]):
                decided[name].add(column)
    return decided


@pytest.mark.parametrize(("predict", "views"), [(value_columns, 1), (churn_columns, 2)])
def test_a_prediction_is_made_of_exactly_the_columns_that_its_lineage_declares(predict, views):
    keys = {"view_name", "customer_id"}
    declared = declared_columns()
    assert declared.keys() == PREDICTED.keys()
    buyers = made_up_buyers(150)
    shown = [buyers[buyers["view_name"] == name] for name in ("learning", "testing")][:views]
    made = set(predict(*shown)) - keys
    # Told nothing else, it does not miss anything.
    columns = set().union(*(declared[name] for name in made))
    told = [view[sorted(columns | keys)] for view in shown]
    decided = what_decides(predict, told, columns)
    assert {name: decided[name] for name in made} == {name: declared[name] for name in made}
