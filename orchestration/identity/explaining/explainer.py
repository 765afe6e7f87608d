"""Explain why two records of the warehouse are, or are not, one customer.

    with warehouse.connect(read_only=True) as connection:
        Explainer(connection).explain("crm:7", "webshop:9")

Told is what led to the clusters of the last run. While a gate lets a change wait, customers do not
follow yet: the explanation says so.

A service with many questions opens `Explainer(connection, are_all_remembered=True)` once, and anew
after a run. Reads the warehouse and writes nothing. How an explanation is told stands in words and
chart.
"""

import duckdb

from orchestration.identity.errors import RecordsError
from orchestration.identity.explaining.chains import strongest_chain
from orchestration.identity.explaining.explanation import ChainLink, Explanation, Verdict
from orchestration.identity.explaining.judged import Judged
from orchestration.identity.explaining.pair_view import PairView, view_pair
from orchestration.identity.explaining.remembered_people import RememberedPeople
from orchestration.identity.explaining.stored_people import KnownPeople, StoredPeople
from orchestration.identity.guards import GUARDS, NO_GUARD, Guard, broken_guards
from orchestration.identity.judging.judgements import Word
from orchestration.identity.state.model_store import read_model

# What is left when evidence alone does not tell: then judgements about other records may.
_NOT_BY_EVIDENCE = (Verdict.MATCHED_BY_CHAIN, Verdict.KEPT_APART_BY_OTHERS)


class Explainer:
    """Answers any number of questions about the people of one warehouse."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, *, are_all_remembered: bool = False
    ) -> None:
        """Read the model in use, and all people where there will be many questions.

        Raises:
            ModelError: no run has fitted a model here.
        """
        in_use = read_model(connection)
        self._model, self._settings = in_use.model, in_use.settings
        self._judged = Judged(connection)
        self._people: KnownPeople = StoredPeople(connection)
        if are_all_remembered:
            self._people = RememberedPeople(connection, len(self._model.rules))

    def explain(self, one: str, other: str) -> Explanation:
        """Return why two records are, or are not, one customer.

        Of customers, named by an id of today or of before, the likeliest pair of records is taken.

        Raises:
            UnknownRecordError: one of them is not in the warehouse.
            RecordsError: they are the same record.
        """
        left, right = sorted(self._asked(one, other))
        if left == right:
            raise RecordsError(f"{one} and {other} are one record: name two")
        customers = self._people.customers(left, right)
        records = self._people.records([left, right])
        view = view_pair(self._people.block_sizes, self._model, self._settings, records)
        return self._decide(left, right, customers, view)

    @property
    def threshold(self) -> float:
        """From which probability on a pair is linked."""
        return self._settings.clustering.threshold

    def _asked(self, one: str, other: str) -> tuple[str, str]:
        """Return the records that two names stand for; of customers the likeliest pair."""
        mine, theirs = self._people.named(one), self._people.named(other)
        if len(mine) == len(theirs) == 1:
            return mine[0], theirs[0]
        mine_are, theirs_are = set(mine), set(theirs)
        found = [
            (-chance, left, right)
            for left, right, chance in self._people.pairs(sorted(mine_are | theirs_are))
            if (left in mine_are and right in theirs_are)
            or (left in theirs_are and right in mine_are)
        ]
        if found:
            _, left, right = min(found)
            return left, right
        return mine[0], next((record for record in theirs if record != mine[0]), theirs[0])

    def _decide(
        self, left: str, right: str, customers: dict[str, str], view: PairView
    ) -> Explanation:
        clusters = self._people.clusters(left, right)
        is_one = clusters[left] == clusters[right]
        word = Word.SAME if is_one else Word.DIFFERENT
        notes = self._judged.between(word, {left}, {right})
        verdict, chain, guard, guarded = (
            self._why(left, right, clusters[left], view)
            if is_one
            else self._why_not(left, right, clusters, view)
        )
        if not notes and verdict in _NOT_BY_EVIDENCE and not chain:
            ends = (self._people.members(clusters[end]) for end in (left, right))
            notes = self._judged.between(word, *(set(members) for members in ends))
        if notes:
            verdict = Verdict.MATCHED_BY_JUDGEMENT if is_one else Verdict.KEPT_APART_BY_JUDGEMENT
        return Explanation(
            left_record_id=left,
            right_record_id=right,
            left_customer_id=customers[left],
            right_customer_id=customers[right],
            verdict=verdict,
            probability=view.probability,
            match_weight=view.match_weight,
            threshold=self.threshold,
            evidence=view.evidence,
            other_weight=view.other_weight,
            rules=view.rules,
            chain=chain,
            guard=guard.name if guard else None,
            guard_reason=guard.reason if guard else None,
            guarded_pair=guarded,
            judgements=notes,
            test_records=view.test_records,
            is_waiting=is_one != (customers[left] == customers[right]),
            model_version=self._model.version,
        )

    def _why(
        self, left: str, right: str, cluster: int, view: PairView
    ) -> tuple[Verdict, tuple[ChainLink, ...], Guard | None, None]:
        if view.probability >= self.threshold:
            return Verdict.MATCHED_BY_EVIDENCE, (), None, None
        members = self._people.members(cluster)
        links = [pair for pair in self._people.pairs(members) if pair[2] >= self.threshold]
        chain = strongest_chain(links, left, right)
        return Verdict.MATCHED_BY_CHAIN, chain, view.guard, None

    def _why_not(
        self, left: str, right: str, clusters: dict[str, int], view: PairView
    ) -> tuple[Verdict, tuple[ChainLink, ...], Guard | None, tuple[str, str] | None]:
        is_shared = any(outcome.state == "shared" for outcome in view.rules)
        if not is_shared and not self._people.pairs([left, right]):
            return Verdict.NEVER_COMPARED, (), None, None
        if view.probability < self.threshold:
            return Verdict.SCORED_TOO_LOW, (), view.guard, None
        if view.guard:
            return Verdict.KEPT_APART_BY_GUARD, (), view.guard, None
        guard, pair = self._guard_between(clusters[left], clusters[right])
        if guard:
            return Verdict.KEPT_APART_BY_GUARD, (), guard, pair
        return Verdict.KEPT_APART_BY_OTHERS, (), None, None

    def _guard_between(self, one: int, other: int) -> tuple[Guard | None, tuple[str, str] | None]:
        """Return a guard that another pair of the two clusters breaks."""
        mine, theirs = self._people.members(one), self._people.members(other)
        pairs, levels, chances = self._people.guarded([*mine, *theirs])
        broken = broken_guards(levels, chances)
        across = set(mine)
        for place, number in enumerate(broken.tolist()):
            left, right = pairs[place]
            if number != NO_GUARD and (left in across) != (right in across):
                return GUARDS[number], (left, right)
        return None, None
