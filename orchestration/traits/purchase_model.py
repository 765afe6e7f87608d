"""How often customers will buy and how much they will spend, by two published models.

BG/NBD: Fader, Hardie and Lee, "Counting Your Customers the Easy Way", Marketing Science 24 (2005).
Gamma-Gamma: Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (2013).
The formulas are theirs; no kept library carries them without a sampler of several hundred megabytes
(docs/decisions). What is bought, and churn, do not belong here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from orchestration.traits.errors import ModelNotFittedError

Floats = npt.NDArray[np.float64]

FEWEST_REPEAT_BUYERS = 30  # four parameters from less would be a guess with decimals


@dataclass(frozen=True, slots=True)
class PurchaseHistories:
    """Repeat purchases, time of the last one and time watched, each since the first purchase."""

    repeats: Floats
    last_at: Floats
    watched: Floats


@dataclass(frozen=True, slots=True)
class PurchaseModel:
    """BG/NBD: buying at a rate of Gamma(r, alpha), leaving after a purchase by Beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float

    def probability_alive(self, histories: PurchaseHistories) -> Floats:
        """Return how probable it is that each customer still buys from us at all."""
        x, last, watched = histories.repeats, histories.last_at, histories.watched
        growth = np.log((self.alpha + watched) / (self.alpha + last))
        left = np.log(self.a / np.maximum(self.b + x - 1, 1e-9)) + (self.r + x) * growth
        # who bought once cannot have left by then: leaving follows a repeat purchase
        alive = 1 / (1 + np.where(x > 0, np.exp(np.minimum(left, 700)), 0))
        return np.asarray(alive, dtype=np.float64)

    def expected_purchases(self, histories: PurchaseHistories, ahead: float) -> Floats:
        """Return how many purchases each customer is expected to make in the time ahead."""
        from scipy.special import hyp2f1

        x, watched = histories.repeats, histories.watched
        reach = self.alpha + watched
        tail = hyp2f1(self.r + x, self.b + x, self.a + self.b + x - 1, ahead / (reach + ahead))
        kept = 1 - (reach / (reach + ahead)) ** (self.r + x) * tail
        if abs(self.a - 1) < 1e-6:
            raise ModelNotFittedError("the expectation has no value where a is 1")
        expected = (self.a + self.b + x - 1) / (self.a - 1) * kept
        return np.asarray(np.maximum(expected * self.probability_alive(histories), 0.0))


@dataclass(frozen=True, slots=True)
class SpendModel:
    """Gamma-Gamma: what a purchase of a customer is worth, drawn towards that of all customers."""

    p: float
    q: float
    v: float

    def expected_spend(self, purchases: Floats, mean_spend: Floats) -> Floats:
        """Return what a further purchase of each customer is expected to be worth."""
        return np.asarray(
            self.p * (self.v + purchases * mean_spend) / (self.p * purchases + self.q - 1)
        )


def fit_purchase_model(histories: PurchaseHistories) -> PurchaseModel:
    """Fit the BG/NBD model by maximum likelihood; customers of one history are counted once.

    Raises:
        ModelNotFittedError: too few customers ever came back.
    """
    if int((histories.repeats > 0).sum()) < FEWEST_REPEAT_BUYERS:
        raise ModelNotFittedError(f"fewer than {FEWEST_REPEAT_BUYERS} customers ever came back")
    rows = np.column_stack([histories.repeats, histories.last_at, histories.watched])
    patterns, counts = np.unique(rows, axis=0, return_counts=True)
    x, last, watched = patterns.T
    scale = float(10 / watched.max())  # optimisers like numbers near one

    def loss(logs: Floats) -> float:
        from scipy.special import betaln, gammaln

        r, alpha, a, b = np.exp(np.clip(logs, -12, 12))
        shape = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
        stays = -(r + x) * np.log(alpha + watched * scale)
        leaves = (
            np.log(a) - np.log(np.maximum(b + x - 1, 1e-9)) - (r + x) * np.log(alpha + last * scale)
        )
        total = shape + np.where(x > 0, np.logaddexp(stays, leaves), stays)
        return float(-(counts * total).sum() / counts.sum())

    r, alpha, a, b = minimised(loss, 4)
    return PurchaseModel(r, alpha / scale, a, b)


def fit_spend_model(purchases: Floats, mean_spend: Floats) -> SpendModel:
    """Fit the Gamma-Gamma model on customers with at least one repeat purchase of some value.

    Raises:
        ModelNotFittedError: too few such customers, or so few who spend so much more than the
            others that what a new one is worth has no bound.
    """
    usable = (purchases > 0) & (mean_spend > 0)
    if int(usable.sum()) < FEWEST_REPEAT_BUYERS:
        raise ModelNotFittedError(f"fewer than {FEWEST_REPEAT_BUYERS} customers spent again")
    x, mean = purchases[usable], mean_spend[usable]
    scale = float(1 / np.median(mean))

    def loss(logs: Floats) -> float:
        from scipy.special import gammaln

        p, q, v = np.exp(np.clip(logs, -12, 12))
        spent = mean * scale
        total = (
            gammaln(p * x + q)
            - gammaln(p * x)
            - gammaln(q)
            + q * np.log(v)
            + (p * x - 1) * np.log(spent)
            + p * x * np.log(x)
            - (p * x + q) * np.log(x * spent + v)
        )
        return float(-total.mean())

    p, q, v = minimised(loss, 3)
    spending = SpendModel(p, q, v / scale)
    # Who bought once is worth the mean of all, p * v / (q - 1), and there is one only above q = 1.
    # Close above, it is more than anybody spent; a tenth is left for those who all spend the same.
    if q <= 1 or p * spending.v / (q - 1) > 1.1 * mean.max():
        raise ModelNotFittedError("the mean spend of all customers has no bound")
    return spending


def minimised(loss: Callable[[Floats], float], size: int) -> list[float]:
    """Return the positive parameters of least loss.

    Raises:
        ModelNotFittedError: no optimum was found.
    """
    from scipy.optimize import minimize

    found = minimize(loss, np.zeros(size), method="L-BFGS-B", options={"maxiter": 2000})
    if not np.isfinite(found.fun):
        raise ModelNotFittedError("the likelihood has no optimum")
    return [float(value) for value in np.exp(found.x)]
