"""What follows from judgements, and which of them contradict each other.

What is the same as the same is the same; what differs from it differs from all of it. Judgements
that contradict each other in this way are shown and none of them is applied until a steward takes
one back: which of two people is right is not for a program to say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from orchestration.identity.judging.anchoring import AnchoredJudgement
from orchestration.identity.judging.groups import Groups
from orchestration.identity.judging.judgements import Word

Pair = tuple[str, str]


class Status(StrEnum):
    """What became of a judgement in a run."""

    APPLIED = "applied"
    CONTRADICTED = "contradicted"
    WITHOUT_RECORDS = "without records"


@dataclass(frozen=True, slots=True)
class JudgedPairs:
    """Pairs of today's records that must be, or must not be, one person; smaller id first."""

    same: tuple[Pair, ...] = ()
    different: tuple[Pair, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything was judged."""
        return bool(self.same or self.different)


@dataclass(frozen=True, slots=True)
class Ruling:
    """All judgements taken together."""

    pairs: JudgedPairs
    status: Mapping[str, Status]  # by decision
    contradictions: tuple[tuple[str, ...], ...]  # decisions that cannot all hold
    decision_of: Mapping[Pair, str]  # by pair, the decision that says so


def rule(judgements: Sequence[AnchoredJudgement]) -> Ruling:
    """Return what follows from judgements."""
    usable = [one for one in judgements if one.is_complete]
    knots = _contradictions(usable)
    knotted = {decision for knot in knots for decision in knot}
    status = {
        one.judgement.decision_id: Status.WITHOUT_RECORDS
        if not one.is_complete
        else Status.CONTRADICTED
        if one.judgement.decision_id in knotted
        else Status.APPLIED
        for one in judgements
    }
    applied = [one for one in usable if one.judgement.decision_id not in knotted]
    decision_of: dict[Pair, str] = {}
    same: dict[Pair, None] = {}
    different: dict[Pair, None] = {}
    for one in applied:
        into = same if one.judgement.word is Word.SAME else different
        for pair in _pairs(one):
            into[pair] = None
            decision_of[pair] = one.judgement.decision_id
    return Ruling(JudgedPairs(tuple(same), tuple(different)), status, tuple(knots), decision_of)


def _pairs(one: AnchoredJudgement) -> Iterable[Pair]:
    """Return the pairs a judgement speaks of: a chain through all, or each with each."""
    if one.judgement.word is Word.SAME:
        together = sorted({*one.left, *one.right})
        return list(zip(together, together[1:], strict=False))
    crossed = {(left, right) for left in one.left for right in one.right}
    return sorted((min(pair), max(pair)) for pair in crossed)


def _contradictions(judgements: Sequence[AnchoredJudgement]) -> list[tuple[str, ...]]:
    """Return the knots: a difference inside what others say is one person, and those who say it."""
    groups = Groups()
    says_same = [one for one in judgements if one.judgement.word is Word.SAME]
    for one in says_same:
        for left, right in _pairs(one):
            groups.join(left, right)
    knots: dict[str, list[str]] = {}
    for one in judgements:
        if one.judgement.word is Word.DIFFERENT:
            for left, right in _pairs(one):
                if groups.root(left) == groups.root(right):
                    knots.setdefault(groups.root(left), []).append(one.judgement.decision_id)
    for one in says_same:
        root = groups.root(one.left[0])
        if root in knots:
            knots[root].append(one.judgement.decision_id)
    return [tuple(dict.fromkeys(knots[root])) for root in sorted(knots)]
