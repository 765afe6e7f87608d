"""Blocking brings every pair once, within its budget."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.identity.arrays import MISSING
from orchestration.identity.blocking import choose_rules, rule_codes
from orchestration.identity.blocking_keys import Key, combined
from orchestration.identity.candidates import block_pairs, candidate_pairs, rules_of_pairs
from orchestration.identity.encoding import encode
from orchestration.identity.settings import BlockingSettings, engine_settings
from tests.identity.people import Record, as_table, record

CODES = st.lists(st.integers(-1, 3), min_size=12, max_size=12)


@given(st.lists(CODES, min_size=1, max_size=4), st.integers(1, 20))
def test_pairs_are_those_that_share_a_block_each_once(rows: list[list[int]], chunk: int) -> None:
    blocks = [np.array(row, dtype=np.int32) for row in rows]
    expected = {
        (i, j): sum(1 << n for n, codes in enumerate(blocks) if codes[i] == codes[j] != -1)
        for i, j in combinations(range(12), 2)
    }
    found = candidate_pairs(blocks, chunk)
    triples = list(
        zip(found.left.tolist(), found.right.tolist(), found.rules.tolist(), strict=True)
    )
    assert len(triples) == len({(i, j) for i, j, _ in triples})
    assert {(i, j): rules for i, j, rules in triples} == {p: r for p, r in expected.items() if r}
    np.testing.assert_array_equal(rules_of_pairs(blocks, found.left, found.right), found.rules)


@given(st.lists(CODES, min_size=1, max_size=3))
def test_keys_together_agree_where_each_does_however_large_their_codes_are(
    rows: list[list[int]],
) -> None:
    """Three keys of two thousand million codes do not fit into one integer side by side."""
    large = 2**31 - 5  # the largest code that is used is the largest there can be
    codes = [np.where(np.array(row) < 0, MISSING, np.array(row) + large) for row in rows]
    keys = tuple(Key("city", "exact", code.astype(np.int32)) for code in codes)
    found = combined(keys)
    for i, j in combinations(range(12), 2):
        is_known = all(code[i] != MISSING for code in codes)
        agree = is_known and all(code[i] == code[j] for code in codes)
        assert (found[i] == found[j] != MISSING) == agree


@given(CODES, st.integers(1, 50))
def test_the_size_of_chunks_changes_nothing(row: list[int], chunk: int) -> None:
    codes = np.array(row, dtype=np.int32)
    whole = [tuple(map(tuple, pairs)) for pairs in block_pairs(codes, 1000)]
    parts = list(block_pairs(codes, chunk))
    joined = tuple(np.concatenate(ends).tolist() for ends in zip(*parts, strict=True))
    assert [list(ends) for ends in (whole[0] if whole else ())] == list(joined)


def test_pairs_of_one_source_are_left_out_where_sources_are_clean() -> None:
    codes = np.zeros(4, dtype=np.int32)
    sources = np.array([0, 0, 1, 1], dtype=np.int32)
    found = candidate_pairs([codes], 100, sources)
    assert set(zip(found.left.tolist(), found.right.tolist(), strict=True)) == {
        (0, 2),
        (0, 3),
        (1, 2),
        (1, 3),
    }


def test_rules_stay_within_their_budget(people: list[Record]) -> None:
    records = encode(as_table(people), engine_settings().placeholders)
    settings = engine_settings().blocking
    rules = choose_rules(records, settings)
    assert rules
    for rule in rules:
        assert 0 < rule.expected_pairs <= settings.pairs_per_record_per_rule * records.size
        pairs = sum(len(left) for left, _ in block_pairs(rule_codes(rule, settings), 10_000))
        assert pairs == rule.expected_pairs
    total = sum(rule.expected_pairs for rule in rules)
    assert total <= settings.pairs_per_record * records.size


def test_a_huge_block_is_dropped_and_not_compared() -> None:
    tight = BlockingSettings.model_validate(
        engine_settings().blocking.model_dump() | {"block_records": 20}
    )
    people = [
        record("crm", str(i), family_name="abdi", email=f"n{i // 2}@a.org") for i in range(90)
    ]
    people += [record("crm", f"x{i}", family_name=f"f{i // 2}") for i in range(90)]
    records = encode(as_table(people), engine_settings().placeholders)
    rules = choose_rules(records, tight)
    assert rules
    for rule in rules:
        codes = rule_codes(rule, tight)
        assert np.bincount(codes[codes >= 0]).max() <= 20


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_records_need_no_rules(count: int) -> None:
    table = as_table([record("crm", str(i), given_name="ana") for i in range(count)])
    assert (
        choose_rules(encode(table, engine_settings().placeholders), engine_settings().blocking)
        == ()
    )


def test_a_value_of_too_many_names_is_a_placeholder() -> None:
    people = [record("crm", str(i), given_name=f"n{i}", phone="+254200000001") for i in range(30)]
    people += [
        record("crm", f"x{i}", given_name=f"m{i}", phone=f"+25471{i:06d}") for i in range(30)
    ]
    records = encode(as_table(people), engine_settings().placeholders)
    assert dict(records.placeholders) == {"phone": 1}
    assert (records.columns["phone"].codes[:30] == -1).all()
    assert (records.columns["phone"].codes[30:] != -1).all()


def test_a_value_one_person_left_many_times_is_no_placeholder() -> None:
    people = [record("shop", str(i), given_name="ana", phone="+254711111118") for i in range(300)]
    records = encode(as_table(people), engine_settings().placeholders)
    assert dict(records.placeholders) == {}
