"""Explanations are right on every kind of pair, against an oracle that asks the full run."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import duckdb
import networkx
import numpy as np
import pytest

from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.engine import Resolution, resolve_records
from orchestration.identity.errors import ModelError, RecordsError, UnknownRecordError
from orchestration.identity.explaining.explainer import Explainer
from orchestration.identity.explaining.explanation import Explanation, KeyState, Verdict
from orchestration.identity.explaining.words import sentences
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.record_clusters import build_clusters
from orchestration.identity.settings import engine_settings
from orchestration.identity.warehouse_records import read_person_records
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
PAIRS = 600


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


@pytest.fixture(scope="module")
def explainer(connection: duckdb.DuckDBPyConnection) -> Explainer:
    return Explainer(connection)


class Oracle:
    """Says what a pair's verdict must be, from the engine's own arrays and from networkx."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.resolution: Resolution = resolve_records(
            read_person_records(connection), engine_settings()
        )
        self.ids: list[str] = self.resolution.records.ids.to_pylist()
        self.place = {name: number for number, name in enumerate(self.ids)}
        self.customer = dict(
            connection.execute(
                "select source_record_id, customer_id from identity.identity_map"
            ).fetchall()
        )
        edges = self.resolution.edges
        self.edges = {
            (int(left), int(right)): float(chance)
            for left, right, chance in zip(edges.left, edges.right, edges.probability, strict=True)
        }
        self.links = networkx.Graph()
        for (left, right), chance in self.edges.items():
            one, other = self.ids[left], self.ids[right]
            if chance >= self.threshold and self.customer[one] == self.customer[other]:
                self.links.add_edge(one, other, weight=chance)

    @property
    def threshold(self) -> float:
        return engine_settings().clustering.threshold

    def probability(self, left: int, right: int) -> float:
        assert self.resolution.scorer is not None
        ends = np.array([left], np.int32), np.array([right], np.int32)
        return float(1 / (1 + np.exp(-self.resolution.scorer.log_odds(*ends)[0])))

    def was_brought(self, left: int, right: int) -> bool:
        assert self.resolution.scorer is not None
        return any(b[left] >= 0 and b[left] == b[right] for b in self.resolution.scorer.blocks)

    def verdicts(self, one: str, other: str) -> set[Verdict]:
        left, right = sorted((self.place[one], self.place[other]))
        linked = self.probability(left, right) >= self.threshold
        if self.customer[one] == self.customer[other]:
            return {Verdict.MATCHED_BY_EVIDENCE if linked else Verdict.MATCHED_BY_CHAIN}
        if not self.was_brought(left, right) and (left, right) not in self.edges:
            return {Verdict.NEVER_COMPARED}
        if not linked:
            return {Verdict.SCORED_TOO_LOW}
        return {Verdict.KEPT_APART_BY_GUARD, Verdict.KEPT_APART_BY_OTHERS}

    def weakest_link(self, one: str, other: str) -> float:
        tree = networkx.maximum_spanning_tree(self.links)
        path = networkx.shortest_path(tree, one, other)
        return min(tree.edges[pair]["weight"] for pair in networkx.utils.pairwise(path))


@pytest.fixture(scope="module")
def oracle(connection: duckdb.DuckDBPyConnection) -> Oracle:
    return Oracle(connection)


def sampled_pairs(oracle: Oracle) -> list[tuple[str, str]]:
    random = np.random.default_rng(4)
    edges = [(oracle.ids[left], oracle.ids[right]) for left, right in oracle.edges]
    clusters: dict[str, list[str]] = {}
    for name in oracle.ids:
        clusters.setdefault(oracle.customer[name], []).append(name)
    inside = [(m[0], m[-1]) for m in clusters.values() if len(m) > 1]
    drawn = random.integers(0, len(oracle.ids), (PAIRS // 3, 2)).tolist()
    anyhow = [(oracle.ids[one], oracle.ids[other]) for one, other in drawn if one != other]
    return [*edges[: PAIRS // 3], *inside[: PAIRS // 3], *anyhow]


def test_every_sampled_pair_is_explained_as_the_oracle_says(
    explainer: Explainer, oracle: Oracle
) -> None:
    seen: Counter[Verdict] = Counter()
    for one, other in sampled_pairs(oracle):
        found = explainer.explain(one, other)
        assert found.verdict in oracle.verdicts(one, other), (one, other)
        left, right = sorted((oracle.place[one], oracle.place[other]))
        assert found.probability == pytest.approx(oracle.probability(left, right), abs=2e-6)
        assert found.was_compared == oracle.was_brought(left, right)
        if found.chain and found.weakest_link:
            assert found.weakest_link.probability == oracle.weakest_link(one, other)
        total = sum(part.weight for part in found.evidence) + found.other_weight
        assert total == pytest.approx(found.match_weight, abs=1e-4)
        seen[found.verdict] += 1
    assert seen[Verdict.MATCHED_BY_EVIDENCE] > 50
    assert seen[Verdict.NEVER_COMPARED] > 50
    assert seen[Verdict.SCORED_TOO_LOW] > 10


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
    connection: duckdb.DuckDBPyConnection, explainer: Explainer
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
    crowded = explainer.explain("crm:bridge_a", "loyalty:bridge_b")
    connection.execute("rollback")
    assert {crowded.rules[number].state for number in shared} == {KeyState.BLOCK_TOO_LARGE}
    assert {crowded.rules[number].block_records for number in shared} == {
        limit + (found.rules[number].block_records or 0) for number in shared
    }


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
