"""Index, comparison and classifier are recordlinkage's own kinds and do its work."""

import numpy as np
import pandas as pd
import pytest
import recordlinkage
from recordlinkage.base import BaseCompareFeature, BaseIndexAlgorithm

from orchestration.identity.blocking import choose_rules, rule_codes
from orchestration.identity.chance import ChanceMeasurer
from orchestration.identity.comparison import Comparer, pack
from orchestration.identity.encoding import encode
from orchestration.identity.patterns import count_patterns
from orchestration.identity.recordlinkage_adapter import (
    CountedECM,
    GradedLevels,
    RuleIndex,
    features_of,
)
from orchestration.identity.settings import engine_settings
from tests.identity.people import Record, as_table

SETTINGS = engine_settings()


def test_an_index_of_one_frame_brings_each_pair_once() -> None:
    blocks = [np.array([0, 0, 1, 1], dtype=np.int32), np.array([0, 0, 0, -1], dtype=np.int32)]
    index = RuleIndex(blocks, 100)
    assert isinstance(index, BaseIndexAlgorithm)
    pairs = index.index(pd.DataFrame(index=["a", "b", "c", "d"]))
    assert list(pairs) == [("a", "b"), ("c", "d"), ("a", "c"), ("b", "c")]
    assert index.rules.tolist() == [3, 1, 2, 2]


def test_an_index_of_two_frames_brings_pairs_across() -> None:
    index = RuleIndex([np.array([0, 0, 0, 1], dtype=np.int32)], 100)
    pairs = index.index(pd.DataFrame(index=["a", "b"]), pd.DataFrame(index=["x", "y"]))
    assert list(pairs) == [("a", "x"), ("b", "x")]


def test_the_libraries_own_indexer_takes_our_algorithm() -> None:
    indexer = recordlinkage.Index()
    indexer.add(RuleIndex([np.array([0, 0, 1], dtype=np.int32)], 100))
    assert list(indexer.index(pd.DataFrame(index=[10, 11, 12]))) == [(10, 11)]


def test_levels_index_and_classifier_work_together(people: list[Record]) -> None:
    records = encode(as_table(people), SETTINGS.placeholders)
    comparer = Comparer.of(records)
    rules = choose_rules(records, SETTINGS.blocking)
    frame = pd.DataFrame(index=pd.RangeIndex(records.size))
    index = RuleIndex([rule_codes(rule, SETTINGS.blocking) for rule in rules], 10_000)
    pairs = index.index(frame)
    feature = GradedLevels(comparer)
    assert isinstance(feature, BaseCompareFeature)
    levels = feature.compute(pairs, frame)
    assert list(levels.columns) == [field.name for field in comparer.fields]
    chance = ChanceMeasurer(comparer, SETTINGS.chance).measure(rules)
    stratum = np.ones(len(pairs), dtype=np.int64)
    packed = pack(levels.to_numpy().T, comparer.sizes)
    table, codes = count_patterns(packed, index.rules, stratum, comparer.sizes)
    classifier = CountedECM(comparer.fields, chance, "MC", SETTINGS.scoring)
    assert isinstance(classifier, recordlinkage.ECMClassifier)
    mixture = classifier.fit_table(table)
    assert mixture.matched_pairs == pytest.approx(len(people) / 2, rel=0.05)
    features = features_of(table, [field.name for field in comparer.fields])
    probabilities = classifier.prob(features)
    matched = features.index.isin(classifier.predict(features))
    assert ((probabilities >= 0.5) == matched).all()
    ids = records.ids.to_pylist()
    positions = zip(*pairs.codes, strict=True)
    truly = np.array([ids[i].split(":")[1] == ids[j].split(":")[1] for i, j in positions])
    found = matched[codes]
    assert (found & truly).sum() >= 0.95 * truly.sum()
    assert (found & ~truly).sum() <= 0.02 * truly.sum()


def test_two_frames_cannot_be_compared_at_once(people: list[Record]) -> None:
    comparer = Comparer.of(encode(as_table(people[:4]), SETTINGS.placeholders))
    frame = pd.DataFrame(index=pd.RangeIndex(4))
    pairs = pd.MultiIndex.from_tuples([(0, 1)])
    with pytest.raises(ValueError, match="one frame"):
        GradedLevels(comparer).compute(pairs, frame, frame)


def test_an_unfitted_kernel_says_so(people: list[Record]) -> None:
    comparer = Comparer.of(encode(as_table(people), SETTINGS.placeholders))
    chance = ChanceMeasurer(comparer, SETTINGS.chance).measure(())
    classifier = CountedECM(comparer.fields, chance, "MC", SETTINGS.scoring)
    with pytest.raises(ValueError, match="fit the mixture first"):
        classifier.kernel.predict_proba(np.zeros((1, len(comparer.fields) + 3), dtype=np.int64))
