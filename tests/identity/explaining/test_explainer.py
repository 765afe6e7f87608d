"""Explanations are right on every kind of pair, against an oracle that asks the full run."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import duckdb
import pytest

from orchestration.bench.over_time.explain_oracle import Oracle
from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.errors import ModelError, RecordsError, UnknownRecordError
from orchestration.identity.explaining.explainer import Explainer
from orchestration.identity.explaining.explanation import Explanation, KeyState, Verdict
from orchestration.identity.explaining.words import sentences
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.record_clusters import build_clusters
from orchestration.identity.settings import engine_settings
from tests.identity.people import Record, crowd, record
from tests.identity.warehouses import fill_conformed

AS_OF = datetime.fromisoformat("2026-07-01")
TWIN = {
    "family_name": "zuberi",
    "birth_year": 1990,
    "birth_month": 5,
    "birth_day": 6,
    "street": "7 zuberi rd",
    "city": "thika",
    "phone": "+254711111111",
}
PAIRS = 450


def people() -> list[Record]:
    return [
        *crowd(250, seed=11),
        record("crm", "bridge_a", given_name="amina", family_name="yego", phone="+254722222222"),
        record(
            "loyalty",
            "bridge_b",
            given_name="amina",
            family_name="yego",
            phone="+254722222222",
            email="amina.yego@post.org",
        ),
        record("support", "bridge_c", given_name="a", email="amina.yego@post.org"),
        record("crm", "twin_a", given_name="joseph", sex="m", **TWIN),
        record("crm", "twin_b", given_name="neema", sex="f", **TWIN),
        record("crm", "alone", given_name="qadir"),
        record("crm", "test", given_name="amina", family_name="yego", is_test_record=True),
    ]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as warehouse:
        fill_conformed(warehouse, people())
        score_pairs(warehouse, as_of=AS_OF)
        build_clusters(warehouse, as_of=AS_OF)
        assign_customer_ids(warehouse, run_id="run", as_of=AS_OF)
        yield warehouse


@pytest.fixture(scope="module", params=[False, True], ids=["asking the warehouse", "from memory"])
def are_all_remembered(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="module")
def explainer(connection: duckdb.DuckDBPyConnection, *, are_all_remembered: bool) -> Explainer:
    return Explainer(connection, are_all_remembered=are_all_remembered)


@pytest.fixture(scope="module")
def oracle(connection: duckdb.DuckDBPyConnection) -> Oracle:
    return Oracle(connection)


def test_every_sampled_pair_is_explained_as_the_oracle_says(
    explainer: Explainer, oracle: Oracle
) -> None:
    seen: Counter[Verdict] = Counter()
    for one, other in oracle.pairs(PAIRS):
        found = explainer.explain(one, other)
        assert oracle.faults(found) == [], (one, other)
        seen[found.verdict] += 1
    assert seen[Verdict.MATCHED_BY_EVIDENCE] > 50
    assert seen[Verdict.NEVER_COMPARED] > 50
    assert seen[Verdict.SCORED_TOO_LOW] > 2


def told(found: Explanation) -> str:
    return " ".join(sentences(found))


def test_a_chain_names_its_weakest_link(explainer: Explainer) -> None:
    found = explainer.explain("crm:bridge_a", "support:bridge_c")
    assert found.verdict is Verdict.MATCHED_BY_CHAIN
    path = [link.right_record_id for link in found.chain]
    assert path == ["loyalty:bridge_b", "support:bridge_c"]
    assert "Its weakest link is" in told(found)


def test_brother_and_sister_are_kept_apart_whatever_they_share(explainer: Explainer) -> None:
    found = explainer.explain("crm:twin_a", "crm:twin_b")
    assert not found.verdict.is_match
    assert found.guard == "brother_and_sister"
    assert "twins of two sexes" in told(found)


def test_never_compared_says_which_keys_differ_or_lack(explainer: Explainer) -> None:
    found = explainer.explain("crm:alone", "crm:bridge_a")
    assert found.verdict is Verdict.NEVER_COMPARED
    states = {outcome.state for outcome in found.rules}
    assert KeyState.MISSING in states
    assert KeyState.SHARED not in states
    for outcome in found.rules:
        if outcome.state is KeyState.MISSING:
            assert outcome.missing
    assert "missing" in told(found)


def test_a_test_account_is_said_to_be_one(explainer: Explainer) -> None:
    found = explainer.explain("crm:test", "crm:bridge_a")
    assert found.verdict is Verdict.NEVER_COMPARED
    assert "crm:test is a test account" in told(found)


def test_a_block_that_is_too_large_is_the_reason_given(
    connection: duckdb.DuckDBPyConnection, explainer: Explainer, *, are_all_remembered: bool
) -> None:
    found = explainer.explain("crm:bridge_a", "loyalty:bridge_b")
    shared = [number for number, rule in enumerate(found.rules) if rule.state is KeyState.SHARED]
    columns = ", ".join(f"key_{number}" for number in shared)
    connection.execute("begin")
    limit = engine_settings().blocking.block_records
    connection.execute(
        f"insert into identity.record_keys (source_record_id, {columns})"
        f" select 'more:' || number, {columns}"
        f" from identity.record_keys, range({limit}) as numbers(number)"
        " where source_record_id = 'crm:bridge_a'"
    )
    opened = Explainer(connection, are_all_remembered=are_all_remembered)
    crowded = opened.explain("crm:bridge_a", "loyalty:bridge_b")
    connection.execute("rollback")
    assert {crowded.rules[number].state for number in shared} == {KeyState.BLOCK_TOO_LARGE}
    assert {crowded.rules[number].block_records for number in shared} == {
        limit + (found.rules[number].block_records or 0) for number in shared
    }


@pytest.fixture
def changing(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, as it was again afterwards."""
    connection.execute("begin")
    yield connection
    connection.execute("rollback")


def test_a_merge_that_waits_is_explained_by_what_leads_to_it(
    changing: duckdb.DuckDBPyConnection, *, are_all_remembered: bool
) -> None:
    changing.execute(
        "update identity.identity_map set customer_id = 'before'"
        " where source_record_id = 'support:bridge_c'"
    )
    # who is new has no customer yet, and links them
    changing.execute(
        "delete from identity.identity_map where source_record_id = 'loyalty:bridge_b'"
    )
    opened = Explainer(changing, are_all_remembered=are_all_remembered)
    found = opened.explain("crm:bridge_a", "support:bridge_c")
    assert (found.verdict, found.is_waiting) == (Verdict.MATCHED_BY_CHAIN, True)
    assert [link.right_record_id for link in found.chain][0] == "loyalty:bridge_b"
    assert "and before, and become one when the run goes on" in told(found)


def test_a_split_that_waits_is_explained_by_what_leads_to_it(
    changing: duckdb.DuckDBPyConnection, *, are_all_remembered: bool
) -> None:
    changing.execute(
        "update identity.identity_map set customer_id = 'before'"
        " where source_record_id in ('crm:twin_a', 'crm:twin_b')"
    )
    opened = Explainer(changing, are_all_remembered=are_all_remembered)
    found = opened.explain("crm:twin_a", "crm:twin_b")
    assert (found.verdict.is_match, found.is_waiting) == (False, True)
    assert found.guard == "brother_and_sister"
    assert "one customer, before, and become two when the run goes on" in told(found)


@pytest.mark.parametrize("table", ["conformed.int_person_records__normalised", "identity.clusters"])
def test_a_record_that_is_gone_since_is_named(
    changing: duckdb.DuckDBPyConnection, table: str, *, are_all_remembered: bool
) -> None:
    changing.execute(f"delete from {table} where source_record_id = 'crm:alone'")
    opened = Explainer(changing, are_all_remembered=are_all_remembered)
    with pytest.raises(UnknownRecordError, match="gone since the last run: crm:alone"):
        opened.explain("crm:alone", "crm:bridge_a")


def test_customers_can_be_asked_about(explainer: Explainer, oracle: Oracle) -> None:
    one, other = oracle.customer["crm:twin_a"], oracle.customer["crm:twin_b"]
    found = explainer.explain(one, other)
    assert (found.left_record_id, found.right_record_id) == ("crm:twin_a", "crm:twin_b")


def test_no_value_of_a_person_is_shown(explainer: Explainer) -> None:
    found = explainer.explain("crm:bridge_a", "support:bridge_c")
    assert "yego" not in repr(found)
    assert "254722222222" not in repr(found)


def test_an_unknown_record_is_named(explainer: Explainer) -> None:
    with pytest.raises(UnknownRecordError, match="crm:nobody"):
        explainer.explain("crm:nobody", "crm:alone")


def test_one_record_is_no_question(explainer: Explainer) -> None:
    with pytest.raises(RecordsError, match="name two"):
        explainer.explain("crm:alone", "crm:alone")


def test_without_a_model_the_way_to_one_is_said() -> None:
    with duckdb.connect() as empty, pytest.raises(ModelError, match="c360 run"):
        Explainer(empty)
