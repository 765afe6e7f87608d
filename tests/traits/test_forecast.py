"""Weeks to come, foretold by several methods that know nothing of the weeks held out."""

from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest

from orchestration.traits.forecast import FEWEST_WEEKS, FORECAST, WEEKS_AHEAD, forecast_revenue

MONDAY = date(2024, 1, 1)


def weeks_of(revenue, breakdown="all", member="all", silent=0):
    last_week = len(revenue) - 1 + silent
    return pd.DataFrame(
        {
            "breakdown": breakdown,
            "member": member,
            "week_date": [MONDAY + timedelta(weeks=number) for number in range(len(revenue))],
            "revenue_usd": revenue,
            "last_week_date": MONDAY + timedelta(weeks=last_week),
        }
    )


def growing(count, seed=5):
    noise = np.random.default_rng(seed).normal(0, 20, count)
    return 1000.0 + 10 * np.arange(count) + noise


def told(forecasts, method, held_out=0):
    of_method = (forecasts["method"] == method) & (forecasts["weeks_held_out"] == held_out)
    return forecasts[of_method].reset_index(drop=True)


@pytest.mark.parametrize("method", ["smoothing", "theta"])
def test_a_trend_goes_on_and_the_interval_holds_it(method):
    made = told(forecast_revenue(weeks_of(growing(80))), method)
    expected = 1000.0 + 10 * np.arange(80, 80 + WEEKS_AHEAD)
    assert made["forecast_usd"].to_numpy() == pytest.approx(expected, rel=0.05)
    assert (made["lower_95_usd"] <= made["lower_80_usd"]).all()
    assert (made["upper_80_usd"] <= made["upper_95_usd"]).all()
    assert made["week_date"].iloc[0] == pd.Timestamp(MONDAY + timedelta(weeks=80))


def test_a_forecast_of_the_past_knows_nothing_later():
    past = growing(80)
    changed = np.concatenate([past[:-WEEKS_AHEAD], np.full(WEEKS_AHEAD, 9.0)])
    first, again = forecast_revenue(weeks_of(past)), forecast_revenue(weeks_of(changed))
    for method in ("last_week", "smoothing", "theta"):
        pd.testing.assert_frame_equal(
            told(first, method, WEEKS_AHEAD), told(again, method, WEEKS_AHEAD)
        )
        # and it is what was foretold on that day
        pd.testing.assert_frame_equal(
            told(first, method, WEEKS_AHEAD).drop(columns="weeks_held_out"),
            told(forecast_revenue(weeks_of(past[:-WEEKS_AHEAD])), method).drop(
                columns="weeks_held_out"
            ),
        )


@pytest.mark.parametrize(("count", "told_from"), [(25, {0, 13}), (38, {0, 13, 26})])
def test_a_past_that_had_too_few_weeks_foretold_nothing(count, told_from):
    assert set(forecast_revenue(weeks_of(growing(count)))["weeks_held_out"]) == told_from


def test_a_week_without_sales_counts_as_one_and_so_does_a_channel_that_ended():
    without = weeks_of(growing(40)).drop(index=20)
    filled = weeks_of(np.where(np.arange(40) == 20, 0.0, growing(40)))
    pd.testing.assert_frame_equal(forecast_revenue(without), forecast_revenue(filled))
    ended = weeks_of(growing(20), "channel", "kiosk")
    both = forecast_revenue(pd.concat([weeks_of(growing(60)), ended], ignore_index=True))
    kiosk = told(both[both["member"] == "kiosk"], "last_week")
    assert (kiosk["forecast_usd"] == 0).all()
    assert kiosk["week_date"].iloc[0] == pd.Timestamp(MONDAY + timedelta(weeks=60))


def test_a_forecast_begins_with_the_week_of_the_run_also_where_orders_have_stopped():
    stopped = forecast_revenue(weeks_of(growing(40), silent=12))
    nothing_sold = forecast_revenue(weeks_of(np.concatenate([growing(40), np.zeros(12)])))
    pd.testing.assert_frame_equal(stopped, nothing_sold)
    assert told(stopped, "theta")["week_date"].iloc[0] == pd.Timestamp(MONDAY) + timedelta(weeks=52)


def test_without_an_order_for_half_a_year_nothing_is_foretold():
    made = forecast_revenue(weeks_of(growing(40), silent=26))
    assert list(made) == list(FORECAST)
    assert made.empty


@pytest.mark.parametrize("count", [0, FEWEST_WEEKS - 1])
def test_too_few_weeks_have_no_forecast(count):
    made = forecast_revenue(weeks_of(growing(count)))
    assert list(made) == list(FORECAST)
    assert made.empty


def test_a_table_without_a_forecast_holds_words_where_others_do():
    made = forecast_revenue(weeks_of(growing(40), silent=26))
    kinds = {name: kind for name, kind, *_ in duckdb.sql("describe from made").fetchall()}
    assert made.empty
    assert {kinds[name] for name in ("breakdown", "member", "method")} == {"VARCHAR"}


@pytest.mark.parametrize("revenue", [np.zeros(30), np.full(30, 5.0), -growing(30)])
def test_sales_that_never_move_or_never_are_can_be_foretold(revenue):
    made = told(forecast_revenue(weeks_of(revenue)), "smoothing")
    assert made["forecast_usd"].to_numpy() == pytest.approx(np.full(WEEKS_AHEAD, revenue[-1]), 0.3)


def test_no_interval_reaches_below_nought_where_sales_never_did():
    seldom = np.where(np.arange(40) % 7 == 0, 500.0, 0.0)
    assert (forecast_revenue(weeks_of(seldom))[["lower_80_usd", "lower_95_usd"]] >= 0).all().all()


def test_the_order_of_rows_does_not_matter():
    weeks = pd.concat([weeks_of(growing(30)), weeks_of(growing(30), "channel", "web")])
    pd.testing.assert_frame_equal(
        forecast_revenue(weeks), forecast_revenue(weeks.sample(frac=1, random_state=1))
    )
