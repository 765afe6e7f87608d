"""How probable it is that a customer does not buy in the coming period, and why.

A logistic regression on a few plain measures: its weights can be read, so that the reasons given
are the reasons used. It learns from an earlier day whose outcome is known, and sees nothing later.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from orchestration.traits.errors import ModelNotFittedError

Floats = npt.NDArray[np.float64]

# A measure, and what is said when it raises the risk.
REASONS = {
    "days_since_purchase": "long since the last purchase",
    "purchase_day_count": "few purchases",
    "average_spend_usd": "small purchases",
    "visits_90_days": "few visits to the web site or the app",
    "email_clicks_90_days": "no interest in e-mails",
    "complaints_365_days": "complained",
    "tenure_days": "customer for a short time",
}
MEASURES = tuple(REASONS)
# Much of these is what their reason says; of all others little is.
SAID_OF_MUCH = ("days_since_purchase", "complaints_365_days")
SIGNS = np.array([1.0 if measure in SAID_OF_MUCH else -1.0 for measure in MEASURES])
FEWEST_OF_EACH = 20
FEWEST_REASON_WEIGHT = 0.05
REASONS_GIVEN = 3
PENALTY = 1.0


@dataclass(frozen=True, slots=True)
class ChurnModel:
    """Weights on measures that were brought to mean nought and spread one."""

    centre: Floats
    spread: Floats
    weights: Floats
    intercept: float

    def contributions(self, measures: Floats) -> Floats:
        """Return how much each measure adds to the log odds of each customer's leaving."""
        return np.asarray((compressed(measures) - self.centre) / self.spread * self.weights)

    def risk(self, measures: Floats) -> Floats:
        """Return how probable it is that each customer does not buy in the period."""
        odds = self.contributions(measures).sum(axis=1) + self.intercept
        return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))

    def reasons(self, measures: Floats) -> list[str]:
        """Return what raises each customer's risk above the average, strongest first.

        A measure that works against its reason gives none: where those who complained stayed,
        whoever never did is at more risk, and did not complain.
        """
        added = np.where(self.weights * SIGNS > 0, self.contributions(measures), 0.0)
        order = np.argsort(-added, axis=1, kind="stable")[:, :REASONS_GIVEN]
        said = list(REASONS.values())
        return [
            "; ".join(said[column] for column in columns if row[column] > FEWEST_REASON_WEIGHT)
            for row, columns in zip(added, order, strict=True)
        ]


def compressed(measures: Floats) -> Floats:
    """Return counts and amounts on a scale on which ten is not ten times one."""
    return np.asarray(np.log1p(np.maximum(measures, 0)))


def fit_churn_model(measures: Floats, left: npt.NDArray[np.bool_]) -> ChurnModel:
    """Fit the weights by penalised maximum likelihood.

    Raises:
        ModelNotFittedError: too few customers stayed, or left, to learn from.
    """
    from scipy.optimize import minimize

    fewest = min(int(left.sum()), int((~left).sum()))
    if fewest < FEWEST_OF_EACH:
        raise ModelNotFittedError(f"only {fewest} customers left, or stayed: too few to learn from")
    scaled = compressed(measures)
    centre, spread = scaled.mean(axis=0), scaled.std(axis=0)
    spread = np.where(spread > 1e-9, spread, 1.0)
    scaled = (scaled - centre) / spread
    target = left.astype(np.float64)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        odds = scaled @ parameters[1:] + parameters[0]
        error = 1 / (1 + np.exp(-odds)) - target
        penalty = PENALTY * (parameters[1:] ** 2).sum() / 2
        slope = np.concatenate([[error.sum()], scaled.T @ error + PENALTY * parameters[1:]])
        return float((np.logaddexp(0, odds) - target * odds).sum() + penalty), slope

    start = np.zeros(scaled.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    if not np.isfinite(found.fun):
        raise ModelNotFittedError("the likelihood has no optimum")
    return ChurnModel(centre, spread, found.x[1:], float(found.x[0]))
