"""Estimated precision and recall: what the model expects, and what stewards have judged."""

import json

import pytest

from orchestration.gates.identity_estimates import record_estimates
from orchestration.gates.linked_edges import link_edges
from orchestration.identity.settings import engine_settings
from tests.gates.conftest import AS_OF, RUN

# A hundred pairs: 60 linked with .9, 20 linked with .5, 20 not linked with .3.
EDGES = """
    create table identity.scored_edges as
    select
        'a:' || n as left_record_id, 'b:' || n as right_record_id,
        case when n < 60 then 0.9 when n < 80 then 0.5 else 0.3 end::double as probability
    from range(100) as numbers (n)
"""
MAP = """
    create table identity.identity_map as
    select 'a:' || n as source_record_id, 'C' || n as customer_id, 'a' as source_system
    from range(100) as numbers (n)
    union all
    select 'b:' || n, case when n < 80 then 'C' || n else 'D' || n end, 'b'
    from range(100) as numbers (n)
"""
JUDGED = """
    create table identity.judged_pairs as
    select
        'b:' || n as left_record_id, 'a:' || n as right_record_id,
        case when n {wrong} then 'different' else 'same' end as judgement, 'd' as decision_id
    from range(0, 80, 2) as numbers (n)
"""


@pytest.fixture
def estimated(warehouse):
    def estimate(*tables: str) -> dict[tuple[str, str], tuple[float, float, float, int]]:
        with warehouse.connect() as connection:
            for table in tables:
                connection.execute(table)
            link_edges(connection)
            record_estimates(connection, RUN, AS_OF)
            record_estimates(connection, RUN, AS_OF)
            found = connection.execute(
                "select basis, figure, value, low, high, pairs from quality.identity_estimates"
            ).fetchall()
        assert len(found) == len({row[:2] for row in found})
        return {(row[0], row[1]): row[2:] for row in found}

    return estimate


def test_model_says_what_it_expects_of_its_links_and_how_surely(estimated):
    found = estimated(EDGES, MAP)
    precision, recall = found["model", "precision"], found["model", "recall"]

    assert precision[0] == pytest.approx((60 * 0.9 + 20 * 0.5) / 80)
    assert recall[0] == pytest.approx(64 / 70)
    assert precision[1] < precision[0] < precision[2]
    # Sixty links of .9 and twenty of .5 leave 1.96 standard deviations of 3.2 pairs.
    assert precision[2] - precision[0] == pytest.approx(1.96 * (60 * 0.09 + 20 * 0.25) ** 0.5 / 80)
    assert precision[3] == 80
    assert ("judgements", "precision") not in found


def test_judgements_of_strangers_pull_the_estimate_down_with_its_interval(estimated):
    good = estimated(EDGES, MAP, JUDGED.format(wrong="< 0"))["judgements", "precision"]
    bad = estimated("drop table identity.judged_pairs", JUDGED.format(wrong="% 4 = 0"))
    bad_precision = bad["judgements", "precision"]

    assert good[3] == bad_precision[3] == 40
    assert good[0] > 0.6 > bad_precision[0]
    assert bad_precision[2] < 0.8


def test_links_count_from_the_threshold_that_they_were_made_with(estimated):
    judged = JUDGED.format(wrong=">= 60")
    shipped = estimated(EDGES, MAP, judged)["judgements", "precision"]
    strict = engine_settings().model_dump(mode="json")
    strict["clustering"]["threshold"] = 0.6
    text = json.dumps(strict)
    model = f"create table identity.model_in_use as select '{text}' as settings"
    stricter = estimated(model)["judgements", "precision"]

    # The pairs of .5, all of them strangers by the judgements, are no links at .6.
    assert shipped[0] < 0.85
    assert stricter[0] > 0.95
    assert stricter[3] == shipped[3] == 40


def test_without_links_there_is_nothing_to_estimate(estimated):
    assert estimated() == {}
    assert estimated(EDGES + " limit 0", MAP + " limit 0") == {}
