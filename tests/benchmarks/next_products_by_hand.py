"""Next products, fifths and hit rates worked out from a company's own sales, without SQL.

Written from the description of the marts, so that an error in their SQL is not made twice.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import permutations
from math import sqrt

Basket = Mapping[str, set[str]]  # customer -> products

TELLING_BUYER, RELATED, POPULAR, OFFERED = 50, 5, 10, 3


def fifths(values: Mapping[str, object]) -> dict[str, int]:
    """Return the fifth of all that each falls into, 5 for the highest; equals fall together."""
    ordered = sorted(values.values())
    steps = max(len(ordered) - 1, 1)
    return {
        key: min(1 + 5 * bisect_left(ordered, value) // steps, 5) for key, value in values.items()
    }


def related_products(bought: Basket) -> dict[str, list[tuple[str, float]]]:
    """Return for each product the five most often bought by the same customers, with how often."""
    telling = [products for products in bought.values() if len(products) <= TELLING_BUYER]
    single = Counter(product for products in telling for product in products)
    pairs = Counter(pair for products in telling for pair in permutations(sorted(products), 2))
    found = defaultdict(list)
    for (one, other), count in pairs.items():
        if count >= 2:
            found[one].append((other, count / sqrt(single[one] * single[other])))
    return {
        product: sorted(others, key=lambda other: (-other[1], other[0]))[:RELATED]
        for product, others in found.items()
    }


def chosen_products(bought: Basket) -> dict[str, dict[str, list[str]]]:
    """Return, by way of choosing, the three products each customer is offered, best first."""
    related = related_products(bought)
    counted = Counter(product for products in bought.values() for product in products)
    popular = sorted(counted, key=lambda product: (-counted[product], product))[:POPULAR]
    chosen: dict[str, dict[str, list[str]]] = {"related": {}, "popular": {}}
    for customer, products in bought.items():
        scores: dict[str, float] = defaultdict(float)
        for product in products:
            for other, strength in related.get(product, ()):
                scores[other] += strength
        ranked = sorted(scores, key=lambda product: (-round(scores[product], 9), product))
        for way, offers in (("related", ranked), ("popular", popular)):
            new = [product for product in offers if product not in products][:OFFERED]
            if new:
                chosen[way][customer] = new
    return chosen


def hit_rates(chosen: Mapping[str, Mapping[str, Iterable[str]]], after: Basket) -> dict[str, float]:
    """Return, by way of choosing, the part of the buyers offered anything that took its offer."""
    tried = set().union(*chosen.values()) & set(after)
    return {
        way: sum(bool(after[customer] & set(offers.get(customer, ()))) for customer in tried)
        / len(tried)
        for way, offers in chosen.items()
    }
