"""Which steps a continued run does again: those whose input a steward has changed since it stopped.

Nothing here runs a step; the driver of Dagster asks.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from orchestration.steward.decision_store import DecisionStore

# The first step that reads what decisions of an area change; gates of landing judge what came back.
FIRST_STEPS: Mapping[str, str] = {
    "identifier": "conformed",
    "quarantine": "conformed",
    "load": "conformed",
    "judgement": "record_clusters",
}
LANDING_GATES = ("landing__", "_gate")


def areas_decided_since(store: DecisionStore, moment: datetime) -> set[str]:
    """Return the areas in which stewards have decided since a moment."""
    since = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return {made.kind.partition(".")[0] for made in store.decisions() if made.decided_at >= since}


def steps_to_redo(
    areas: Collection[str], dependencies: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """Return the steps that read what was decided on, and all that follow from them.

    Args:
        areas: areas in which somebody has decided.
        dependencies: for each step of the pipeline, the steps it waits for.
    """
    first = {FIRST_STEPS[area] for area in areas if area in FIRST_STEPS}
    if {"quarantine", "load"} & set(areas):
        begin, end = LANDING_GATES
        first |= {step for step in dependencies if step.startswith(begin) and step.endswith(end)}
    return frozenset(_with_followers(first & set(dependencies), dependencies))


def _with_followers(first: Iterable[str], dependencies: Mapping[str, Collection[str]]) -> set[str]:
    reached = set(first)
    while True:
        following = {
            step
            for step, waits_for in dependencies.items()
            if step not in reached and reached & set(waits_for)
        }
        if not following:
            return reached
        reached |= following
