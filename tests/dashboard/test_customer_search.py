"""What people type is brought into the form in which the warehouse keeps it."""

import pytest

from orchestration.dashboard.customer_search import searches_for


@pytest.mark.parametrize(
    ("typed", "query", "parameters"),
    [
        ("Ce2oyvlyk2644dyjr", "by_id", {"wanted": "Ce2oyvlyk2644dyjr"}),
        ("crm:1042", "by_id", {"wanted": "crm:1042"}),
        (" Anne.Oloo@Example.COM ", "by_email", {"wanted": "anne.oloo@example.com"}),
        ("0712 345 678", "by_phone", {"wanted": "712345678"}),
        ("+254 712-345-678", "by_phone", {"wanted": "254712345678"}),
        ("Wanjiru  ANN", "by_name", {"words": ["wanjiru", "ann"]}),
        ("Nguyễn", "by_name", {"words": ["nguyen"]}),
        ("Иванова", "by_name", {"words": ["ivanova"]}),
    ],
)
def test_what_is_typed_says_how_to_search(typed, query, parameters):
    first = searches_for(typed)[0]
    assert (first.query, first.parameters) == (query, parameters)


def test_a_name_that_nobody_has_is_looked_for_among_similar_ones():
    assert [search.query for search in searches_for("Wanjru")] == ["by_name", "by_similar_name"]


@pytest.mark.parametrize("typed", ["", "   ", "???", "0000000"])
def test_nothing_to_search_for_is_no_search(typed):
    assert searches_for(typed) == []
