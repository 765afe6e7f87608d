"""What is kept of an expectation while it is judged stays as it was made."""

from copy import deepcopy

import pytest
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from orchestration.gates.kept_configurations import kept_configurations
from tests.gates.conftest import expect


@pytest.fixture
def kept(monkeypatch):
    """Every configuration that is kept while suites are judged, beside what it was at first."""
    kept = []
    made = ExpectationConfiguration.to_domain_obj

    def noted(self):
        expectation = made(self)
        configuration = expectation.configuration
        if expectation.configuration is configuration:  # made anew it would be another
            kept.append((configuration, deepcopy(configuration)))
        return expectation

    monkeypatch.setattr(ExpectationConfiguration, "to_domain_obj", noted)
    return kept


def test_judging_leaves_kept_configurations_as_they_were(warehouse, suite_of, gate, kept):
    with warehouse.connect() as connection:
        connection.execute("create table marts.people as select n as id from range(20) as t (n)")
    suite = suite_of(
        "marts.people",
        expect("expect_column_values_to_be_between", column="id", min_value=1, max_value=10),
        expect("expect_column_values_to_be_in_set", column="id", value_set=[1, 2], mostly=0.9),
        expect("expect_column_values_to_match_regex", column="id", regex="^1"),
        expect(
            "unexpected_rows_expectation",
            unexpected_rows_query="select id from {batch} where id > 3",
        ),
        key=("id",),
    )
    assert not gate(suite).success
    assert len(kept) >= len(suite.expectations)
    for configuration, at_first in kept:
        assert configuration.to_json_dict() == at_first.to_json_dict()


def test_outside_the_block_configurations_are_made_anew(kept):
    configuration = ExpectationConfiguration(
        type="expect_column_values_to_be_unique", kwargs={"column": "id"}
    )
    before = vars(Expectation)["configuration"]
    with kept_configurations():
        configuration.to_domain_obj()
    configuration.to_domain_obj()
    assert len(kept) == 1
    assert vars(Expectation)["configuration"] is before
