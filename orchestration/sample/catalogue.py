"""Products: what Duka sells, at which price in each currency."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from orchestration.sample.columns import amounts, joined, numbered, picked
from orchestration.sample.draws import Floats, Ints, Keys
from orchestration.sample.world import World

CATEGORIES = (
    ("Groceries", "Grains", ("Rice", "Maize flour", "Wheat flour", "Lentils"), 2.5),
    ("Groceries", "Drinks", ("Tea", "Coffee", "Mango juice", "Mineral water"), 3.0),
    ("Household", "Cleaning", ("Washing powder", "Dish soap", "Floor cleaner", "Bleach"), 4.0),
    ("Household", "Kitchen", ("Cooking pot", "Knife set", "Thermos", "Frying pan"), 18.0),
    ("Electronics", "Phones", ("Smartphone", "Feature phone", "Phone case", "Charger"), 90.0),
    ("Electronics", "Audio", ("Radio", "Earphones", "Speaker", "Sound bar"), 45.0),
    ("Clothing", "Women", ("Dress", "Blouse", "Headscarf", "Sandals"), 22.0),
    ("Clothing", "Men", ("Shirt", "Trousers", "Jacket", "Shoes"), 26.0),
    ("Clothing", "Children", ("School uniform", "T-shirt", "Shorts", "Trainers"), 14.0),
    ("Beauty", "Care", ("Soap", "Body lotion", "Shampoo", "Perfume"), 7.0),
    ("Home", "Furniture", ("Chair", "Shelf", "Lamp", "Mattress"), 75.0),
    ("Garden", "Tools", ("Hoe", "Watering can", "Seeds", "Solar lamp"), 12.0),
)
BRANDS = (
    "Baraka",
    "Simba",
    "Sao Mai",
    "Oasis",
    "Nur",
    "Savanna",
    "Lotus",
    "Zamin",
    "Kilele",
    "Pearl",
)
PRODUCTS = 480


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Products by index; the first ones sell best."""

    price_cents: Ints
    cost_cents: Ints
    kind: Ints
    item: Ints
    brand: Ints
    weights: Floats

    @property
    def count(self) -> int:
        """Number of products."""
        return len(self.price_cents)


def make_catalogue(world: World) -> Catalogue:
    """Make the products."""
    draws, product = world.draws, np.arange(PRODUCTS)
    kind = draws.below("product.kind", len(CATEGORIES), product)
    base = np.array([one[3] for one in CATEGORIES])[kind]
    price = base * np.exp((draws.uniform("product.price", product) - 0.5) * 1.8)
    price_cents = np.maximum(np.round(price * 100), 50).astype(np.int64)
    share = 0.5 + 0.3 * draws.uniform("product.cost", product)
    return Catalogue(
        price_cents=price_cents,
        cost_cents=np.round(price_cents * share).astype(np.int64),
        kind=kind,
        item=draws.below("product.item", 4, product),
        brand=draws.below("product.brand", len(BRANDS), product),
        weights=1.0 / np.power(product + 4.0, 0.7),
    )


def price_in(world: World, catalogue: Catalogue, product: Keys, country: Keys) -> Ints:
    """Return the price of a piece in hundredths of the country's currency."""
    rates = np.array([one.units_per_usd for one in world.places.countries])
    steps = np.array([one.price_step for one in world.places.countries])
    exact = catalogue.price_cents[product] / 100 * rates[country]
    rounded = np.maximum(np.round(exact / steps[country]), 1) * steps[country]
    return np.asarray(np.round(rounded * 100).astype(np.int64))


def product_keys(product: Keys) -> pa.Array:
    """Return the keys of products."""
    return numbered("P", np.where(product < 0, -1, product + 1), 5)


def products_table(world: World, catalogue: Catalogue, day: int) -> pa.Table:
    """Return the catalogue as the web shop exports it on a day: costs change now and then."""
    product, count = np.arange(catalogue.count), catalogue.count
    items = [item for one in CATEGORIES for item in one[2]]
    name = joined(
        picked(BRANDS, catalogue.brand),
        picked(items, catalogue.kind * 4 + catalogue.item),
        separator=" ",
    )
    dearer = world.draws.chance("product.dearer", 0.03, product, product * 0 + day) & (day > 1)
    cost = catalogue.cost_cents + np.where(dearer, catalogue.cost_cents // 20, 0)
    return pa.table(
        {
            "product_id": product_keys(product),
            "product_name": name,
            "category": picked([one[0] for one in CATEGORIES], catalogue.kind),
            "subcategory": picked([one[1] for one in CATEGORIES], catalogue.kind),
            "brand": picked(BRANDS, catalogue.brand),
            "price_usd": amounts(catalogue.price_cents, 12),
            "cost_usd": amounts(cost, 12),
            "stock": pa.array(world.draws.below("product.stock", 900, product, product * 0 + day)),
            "supplier_contact": picked(["purchasing@duka.example"], np.zeros(count, np.int64)),
        }
    )


def comes_on(day: int) -> bool:
    """Tell whether the whole catalogue is exported on a day: on every other one."""
    return day % 2 == 1
