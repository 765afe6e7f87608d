from datetime import UTC, datetime, timedelta

from orchestration.cli.redone_steps import areas_decided_since, steps_to_redo
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Draft

STOPPED = datetime(2026, 11, 21, 3, tzinfo=UTC)
PIPELINE = {
    "landing__pos_receipts": (),
    "landing__pos_receipts_gate": ("landing__pos_receipts",),
    "conformed": ("landing__pos_receipts_gate",),
    "pair_scores": ("conformed",),
    "record_clusters": ("pair_scores",),
    "publishing__snapshot": ("record_clusters",),
}


def test_only_decisions_made_since_the_run_stopped_count(tmp_path):
    store = DecisionStore(f"sqlite:///{tmp_path / 'steward.sqlite'}")
    for hours, kind in ((-1, "judgement.same"), (0, "identifier.block"), (1, "quarantine.waive")):
        draft = Draft(kind, f"subject {hours}", "ann", "because", {})
        store.append(draft, decided_at=STOPPED + timedelta(hours=hours))

    assert areas_decided_since(store, STOPPED) == {"identifier", "quarantine"}


def test_each_area_is_done_again_from_the_first_step_that_reads_it():
    after_clusters = {"record_clusters", "publishing__snapshot"}
    behind_landing = after_clusters | {"conformed", "pair_scores"}

    assert steps_to_redo({"judgement"}, PIPELINE) == after_clusters
    assert steps_to_redo({"identifier"}, PIPELINE) == behind_landing
    assert steps_to_redo({"quarantine"}, PIPELINE) == behind_landing | {
        "landing__pos_receipts_gate"
    }
    assert steps_to_redo({"incident"}, PIPELINE) == frozenset()
