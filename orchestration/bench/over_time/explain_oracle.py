"""Hold explanations against an oracle that resolves everybody anew and looks at its own arrays.

The oracle shares neither the frozen model nor the stored keys with what it judges: it asks the
engine's codes and blocks of a full run over the same records, and searches chains on its own.
"""

import heapq
from collections import Counter
from typing import Any

import duckdb
import numpy as np

from orchestration.identity.engine import Resolution, resolve_records
from orchestration.identity.explaining.explainer import Explainer
from orchestration.identity.explaining.explanation import Explanation, KeyState, Verdict
from orchestration.identity.settings import engine_settings
from orchestration.identity.warehouse_records import read_person_records

_CLOSE, _ROUNDED = 2e-6, 1e-4


class Oracle:
    """Says what the explanation of a pair must be."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Resolve all records anew, and read who is whose customer.

        Raises:
            ValueError: there is nothing to compare.
        """
        self.resolution: Resolution = resolve_records(
            read_person_records(connection), engine_settings()
        )
        if self.resolution.scorer is None:
            raise ValueError("records that cannot be compared need no oracle")
        self.scorer = self.resolution.scorer
        self.ids: list[str] = self.resolution.records.ids.to_pylist()
        self.place = {name: number for number, name in enumerate(self.ids)}
        self.customer: dict[str, str] = dict(
            connection.execute(
                "select source_record_id, customer_id from identity.identity_map"
            ).fetchall()
        )
        self.threshold = engine_settings().clustering.threshold
        edges = self.resolution.edges
        ends = zip(edges.left.tolist(), edges.right.tolist(), strict=True)
        self.edges = dict(zip(ends, edges.probability.tolist(), strict=True))
        self.links: dict[int, dict[int, float]] = {}
        for (left, right), chance in self.edges.items():
            is_one = self.customer[self.ids[left]] == self.customer[self.ids[right]]
            if chance >= self.threshold and is_one:
                self.links.setdefault(left, {})[right] = chance
                self.links.setdefault(right, {})[left] = chance

    def pairs(self, count: int, seed: int = 4) -> list[tuple[str, str]]:
        """Return scored pairs, pairs inside customers, and any two records, a third each."""
        random = np.random.default_rng(seed)
        third = count // 3
        edges = list(self.edges)
        chosen = random.permutation(len(edges))[:third].tolist()
        scored = [(self.ids[edges[place][0]], self.ids[edges[place][1]]) for place in chosen]
        members: dict[str, list[str]] = {}
        for name in self.ids:
            members.setdefault(self.customer[name], []).append(name)
        inside = [(names[0], names[-1]) for names in members.values() if len(names) > 1][:third]
        drawn = random.integers(0, len(self.ids), (count - len(scored) - len(inside), 2)).tolist()
        anyhow = [(self.ids[one], self.ids[other]) for one, other in drawn if one != other]
        return [*scored, *inside, *anyhow]

    def faults(self, found: Explanation) -> list[str]:
        """Return what is wrong with an explanation."""
        left, right = self.place[found.left_record_id], self.place[found.right_record_id]
        faults = []
        if found.verdict not in self._verdicts(left, right):
            faults.append("verdict")
        if abs(found.probability - self._probability(left, right)) > _CLOSE:
            faults.append("probability")
        if [outcome.state for outcome in found.rules] != self._states(left, right):
            faults.append("rules")
        if (
            abs(sum(p.weight for p in found.evidence) + found.other_weight - found.match_weight)
            > 1e-4
        ):
            faults.append("evidence")
        if found.verdict is Verdict.MATCHED_BY_CHAIN:
            weakest = found.weakest_link.probability if found.weakest_link else None
            if weakest != self._weakest_link(left, right):
                faults.append("chain")
        return faults

    def _verdicts(self, left: int, right: int) -> set[Verdict]:
        linked = self._probability(left, right) >= self.threshold
        if self.customer[self.ids[left]] == self.customer[self.ids[right]]:
            return {Verdict.MATCHED_BY_EVIDENCE if linked else Verdict.MATCHED_BY_CHAIN}
        brought = KeyState.SHARED in self._states(left, right)
        if not brought and (left, right) not in self.edges:
            return {Verdict.NEVER_COMPARED}
        if not linked:
            return {Verdict.SCORED_TOO_LOW}
        return {Verdict.KEPT_APART_BY_GUARD, Verdict.KEPT_APART_BY_OTHERS}

    def _probability(self, left: int, right: int) -> float:
        ends = np.array([left], np.int32), np.array([right], np.int32)
        return float(1 / (1 + np.exp(-self.scorer.log_odds(*ends)[0])))

    def _states(self, left: int, right: int) -> list[KeyState]:
        """Return what became of each rule, from the codes that blocking worked on."""
        states = []
        for rule, blocks in zip(self.resolution.rules, self.scorer.blocks, strict=True):
            ends = [(key.codes[left], key.codes[right]) for key in rule.keys]
            if blocks[left] >= 0 and blocks[left] == blocks[right]:
                states.append(KeyState.SHARED)
            elif any(min(pair) < 0 for pair in ends):
                states.append(KeyState.MISSING)
            elif any(one != other for one, other in ends):
                states.append(KeyState.DIFFERENT)
            else:
                states.append(KeyState.BLOCK_TOO_LARGE)
        return states

    def _weakest_link(self, start: int, end: int) -> float | None:
        """Return the weakest link of the chain whose weakest link is strongest."""
        best = {start: 1.0}
        waiting = [(-1.0, start)]
        while waiting:
            weakest, here = heapq.heappop(waiting)
            if here == end:
                return -weakest
            for near, chance in self.links.get(here, {}).items():
                strength = min(-weakest, chance)
                if strength > best.get(near, 0.0):
                    best[near] = strength
                    heapq.heappush(waiting, (-strength, near))
        return None


def explain_faults(connection: duckdb.DuckDBPyConnection, pairs: int) -> dict[str, Any]:
    """Return how many of some sampled pairs are explained wrongly, and how verdicts spread."""
    oracle, explainer = Oracle(connection), Explainer(connection)
    verdicts: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    asked = oracle.pairs(pairs)
    for one, other in asked:
        found = explainer.explain(one, other)
        verdicts[found.verdict.value] += 1
        faults.update(oracle.faults(found))
    return {
        "explained_pairs": len(asked),
        "explained_wrongly": sum(faults.values()),
        "faults": dict(sorted(faults.items())),
        "verdicts": dict(sorted(verdicts.items())),
    }
