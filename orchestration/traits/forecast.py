"""What revenue will be in the coming weeks, with intervals, by several methods side by side.

In: one row per series (breakdown and member) and whole week with an order, each with the last week
that is over. Out: for each series and method a forecast made now, and forecasts made on past days
that knew nothing later, by which the methods are judged. Choosing among the methods, and reading
and writing tables, is the caller's.
"""

import logging
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

logger = logging.getLogger(__name__)

WEEKS_AHEAD = 13
PAST_FORECASTS = 3  # made 13, 26 and 39 weeks ago, so that no week is foretold twice
FEWEST_WEEKS = 12  # a quarter year cannot tell a trend from chance
MOST_SILENT_WEEKS = 26  # longer than a season off: the source is lost, or the company is no more
WEEKS_OF_A_YEAR = 52
LEVELS = (80, 95)
METHODS = ("last_week", "smoothing", "theta")

FORECAST = {
    "breakdown": "string",
    "member": "string",
    "method": "string",
    "weeks_held_out": "int64",
    "week_date": "datetime64[us]",
    "forecast_usd": "float64",
    "lower_80_usd": "float64",
    "upper_80_usd": "float64",
    "lower_95_usd": "float64",
    "upper_95_usd": "float64",
}


def forecast_revenue(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per series, method, time of forecast and week foretold.

    A series of fewer than twelve weeks has none: the figure would be a guess with decimals. Nor has
    any once no order has come in for half a year.
    """
    days = {name: pd.to_datetime(weeks[name]) for name in ("week_date", "last_week_date")}
    dated = weeks.assign(**days)
    last_week, last_sale = dated["last_week_date"].max(), dated["week_date"].max()
    if last_week - last_sale >= timedelta(weeks=MOST_SILENT_WEEKS):
        logger.warning("no order has come in since the week of %s: no forecast", last_sale.date())
        dated = dated.head(0)
    parts: list[pd.DataFrame] = []
    for names, series in dated.groupby(["breakdown", "member"], sort=True):
        breakdown, member = map(str, names)
        revenue = _without_gaps(series, last_week)
        for held_out in range(0, (PAST_FORECASTS + 1) * WEEKS_AHEAD, WEEKS_AHEAD):
            weeks_known = len(revenue) - held_out
            if weeks_known < FEWEST_WEEKS:
                logger.info("a series has %d weeks: too few for a forecast", weeks_known)
                break
            made = _forecast_by_every_method(revenue[:weeks_known])
            made.insert(0, "week_date", _weeks_after(last_week, held_out))
            parts.append(made.assign(breakdown=breakdown, member=member, weeks_held_out=held_out))
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in FORECAST.items()})
    return pd.concat(parts, ignore_index=True)[list(FORECAST)].astype(FORECAST)


def _without_gaps(series: pd.DataFrame, last_week: pd.Timestamp) -> npt.NDArray[np.float64]:
    """Return the revenue of every week; one without a row is a week without sales."""
    every_week = pd.date_range(series["week_date"].min(), last_week, freq="7D")
    revenue = series.set_index("week_date")["revenue_usd"].astype("float64")
    return np.asarray(revenue.reindex(every_week, fill_value=0.0), dtype=np.float64)


def _weeks_after(last_week: pd.Timestamp, held_out: int) -> list[pd.Timestamp]:
    first = last_week - timedelta(weeks=held_out)
    return [first + timedelta(weeks=ahead + 1) for ahead in range(WEEKS_AHEAD)] * len(METHODS)


def _forecast_by_every_method(revenue: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Return the weeks ahead by every method; no interval reaches below nought if sales never did.

    Theta looks for a pattern of the year by itself, and needs two years to find one.
    """
    from statsforecast.models import AutoETS, AutoTheta, Naive  # local: seconds to import

    models = {
        "last_week": Naive(),
        "smoothing": AutoETS(season_length=1),
        "theta": AutoTheta(season_length=WEEKS_OF_A_YEAR),
    }
    lowest = 0.0 if revenue.min() >= 0 else -np.inf
    made = [_one_method(models[name], revenue).assign(method=name) for name in METHODS]
    found = pd.concat(made, ignore_index=True)
    amounts = found.columns.drop("method")
    found[amounts] = found[amounts].clip(lower=lowest)
    return found


def _one_method(model: Any, revenue: npt.NDArray[np.float64]) -> pd.DataFrame:  # noqa: ANN401
    told = model.forecast(y=revenue, h=WEEKS_AHEAD, level=list(LEVELS))
    columns = {"forecast_usd": told["mean"]}
    for level in LEVELS:
        columns[f"lower_{level}_usd"] = told[f"lo-{level}"]
        columns[f"upper_{level}_usd"] = told[f"hi-{level}"]
    return pd.DataFrame(columns)
