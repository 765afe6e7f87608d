"""A model taken out of its records scores any of them again as the full run did."""

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from orchestration.identity.engine import Resolution, resolve_records
from orchestration.identity.settings import engine_settings
from orchestration.identity.state.applied_model import apply_model
from orchestration.identity.state.frozen_model import FrozenModel, freeze
from orchestration.identity.state.model_store import read_model, write_model
from tests.identity.people import as_table, crowd, record

PLACEHOLDER = "+254700000000"


@pytest.fixture(scope="module")
def people() -> pa.Table:
    records = crowd(300, seed=8)
    for number in range(0, 120, 3):
        records[number]["phone"] = PLACEHOLDER
    records.append(record("crm", "test", given_name="amina", is_test_record=True))
    return as_table(records)


@pytest.fixture(scope="module")
def resolution(people: pa.Table) -> Resolution:
    return resolve_records(people, engine_settings())


@pytest.fixture(scope="module")
def model(resolution: Resolution) -> FrozenModel:
    frozen = freeze(resolution, "v1")
    assert frozen is not None
    with duckdb.connect() as connection:
        connection.execute("create schema identity")
        write_model(connection, frozen, engine_settings())
        return read_model(connection).model


def test_the_placeholders_of_the_whole_are_known_to_a_part(
    people: pa.Table, model: FrozenModel
) -> None:
    few = people.slice(0, 6)
    assert PLACEHOLDER in few["phone"].to_pylist()
    applied = apply_model(model, few, engine_settings())
    phones = applied.records.columns["phone"]
    shown = [phones.values[code] for code in phones.codes if code >= 0]
    assert PLACEHOLDER not in shown


def test_a_part_of_the_records_gets_the_scores_of_the_full_run(
    people: pa.Table, resolution: Resolution, model: FrozenModel
) -> None:
    random = np.random.default_rng(3)
    edges = resolution.edges
    for chosen in (np.arange(len(edges.left)), random.permutation(len(edges.left))[:40]):
        chosen = np.sort(chosen)
        positions = np.unique(np.concatenate([edges.left[chosen], edges.right[chosen]]))
        applied = apply_model(model, people.take(pa.array(positions)), engine_settings())
        left = np.searchsorted(positions, edges.left[chosen]).astype(np.int32)
        right = np.searchsorted(positions, edges.right[chosen]).astype(np.int32)
        odds = applied.scorer.log_odds(left, right)
        assert np.abs(odds - edges.log_odds[chosen]).max() < 1e-9
        levels = applied.scorer.comparer.levels(left, right)
        assert (levels == edges.levels[:, chosen]).all()


def test_keys_bring_together_exactly_whom_the_rules_of_the_full_run_bring(
    people: pa.Table, resolution: Resolution, model: FrozenModel
) -> None:
    applied = apply_model(model, people, engine_settings())
    assert resolution.scorer is not None
    for ours, theirs in zip(applied.scorer.blocks, resolution.scorer.blocks, strict=True):
        shared = np.bincount(ours[ours >= 0], minlength=ours.max() + 1)
        alone = (ours >= 0) & (shared[ours] < 2)
        assert ((ours < 0) | alone == (theirs < 0)).all()
        kept = theirs >= 0
        pairs = np.unique(np.stack([ours[kept], theirs[kept]]), axis=1)
        assert len(np.unique(pairs[0])) == len(np.unique(pairs[1])) == pairs.shape[1]
