"""Figures are written short and rounded, and a missing one is a dash."""

from datetime import datetime

import pandas as pd
import pytest

from orchestration.dashboard import wording
from orchestration.dashboard.golden_record import golden_values


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0"), (9999, "9,999"), (12_345, "12.3 k"), (385_100, "385 k"), (1_015_850, "1.02 M")],
)
def test_numbers_are_said_with_three_digits(number, said):
    assert wording.short(number) == said


def test_a_difference_has_its_sign_before_the_unit():
    differences = (12_345, -9_876, 0)
    assert [wording.signed_usd(each) for each in differences] == ["+$12.3 k", "−$9,876", "+$0"]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NaT])
def test_a_missing_figure_is_a_dash(missing):
    written = {
        wording.short(missing),
        wording.count(missing),
        wording.share(missing),
        wording.day(missing),
        wording.words(missing),
        wording.exact_usd(missing),
        wording.signed_usd(missing),
    }
    assert written == {"–"}


def test_a_change_from_nothing_is_no_change():
    assert wording.change(5, 0) is None
    assert wording.change(None, 5) is None
    assert wording.change(15, 10) == "+50%"


def test_the_golden_record_names_the_record_that_won_each_value():
    person = pd.Series(
        {
            "display_name": "A B",
            "name_source": "crm",
            "name_source_record_id": "crm:1",
            "name_updated_at": datetime.fromisoformat("2026-01-02"),
            "street_raw": "1 High Street",
            "postcode": None,
            "city_raw": "Mombasa",
            "address_source": "webshop",
            "address_source_record_id": "webshop:7",
            "email_raw": None,
        }
    )
    values = golden_values(person, {"address_confidence": 0.25})
    assert values[["what", "value", "record"]].values.tolist() == [
        ["name", "A B", "crm:1"],
        ["address", "1 High Street, Mombasa", "webshop:7"],
    ]
    assert values["belief"].iloc[1] == 25
    assert wording.is_missing(values["belief"].iloc[0])
