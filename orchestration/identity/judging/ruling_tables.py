"""Write down what became of each judgement in a run, and the pairs that must or must not be one.

`identity.judgements` has a row per judgement in force, `identity.judged_pairs` one per pair of
today's records.
"""

from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.identity.identity_tables import TIMESTAMP, read_table, replace_table
from orchestration.identity.judging.anchoring import AnchoredJudgement, anchor
from orchestration.identity.judging.constraints import JudgedPairs, Ruling, rule
from orchestration.identity.judging.judged_labels import JudgedPositions
from orchestration.identity.judging.judgements import Word, judgements_in_force
from orchestration.steward.decisions import Decision

JUDGEMENTS = pa.schema(
    [
        ("decision_id", pa.string()),
        ("judgement", pa.string()),
        ("status", pa.string()),
        ("left_record_ids", pa.string()),
        ("right_record_ids", pa.string()),
        ("missing_record_ids", pa.string()),
        ("contradicts", pa.string()),
        ("author", pa.string()),
        ("reason", pa.string()),
        ("decided_at", TIMESTAMP),
    ]
)
JUDGED_PAIRS = pa.schema(
    [
        ("left_record_id", pa.string()),
        ("right_record_id", pa.string()),
        ("judgement", pa.string()),
        ("decision_id", pa.string()),
    ]
)


def rule_on_today(
    connection: duckdb.DuckDBPyConnection, decisions: Iterable[Decision]
) -> tuple[Ruling, list[AnchoredJudgement]]:
    """Return what follows today from the decisions of stewards."""
    anchored = anchor(connection, judgements_in_force(decisions))
    return rule(anchored), anchored


def write_ruling(
    connection: duckdb.DuckDBPyConnection, ruling: Ruling, anchored: Sequence[AnchoredJudgement]
) -> None:
    """Write what became of judgements; call inside a transaction."""
    rows = [
        {
            "decision_id": one.judgement.decision_id,
            "judgement": one.judgement.word.value,
            "status": ruling.status[one.judgement.decision_id].value,
            "left_record_ids": ", ".join(one.left),
            "right_record_ids": ", ".join(one.right),
            "missing_record_ids": ", ".join(
                f"{record} ({why})" for record, why in sorted(one.missing.items())
            ),
            "contradicts": ", ".join(_others(ruling, one.judgement.decision_id)),
            "author": one.judgement.author,
            "reason": one.judgement.reason,
            "decided_at": one.judgement.decided_at,
        }
        for one in anchored
    ]
    replace_table(connection, "judgements", pa.Table.from_pylist(rows, JUDGEMENTS))
    replace_table(connection, "judged_pairs", _pairs_table(ruling))


def read_judged_pairs(
    connection: duckdb.DuckDBPyConnection, table: str = "judged_pairs"
) -> JudgedPairs:
    """Return the pairs that a run applied."""
    rows = read_table(connection, table, JUDGED_PAIRS).to_pylist()
    by_word = {
        word: tuple(
            (row["left_record_id"], row["right_record_id"])
            for row in rows
            if row["judgement"] == word
        )
        for word in Word
    }
    return JudgedPairs(by_word[Word.SAME], by_word[Word.DIFFERENT])


def positions_of(pairs: JudgedPairs, ids: pa.Array) -> JudgedPositions:
    """Return judged pairs by the position of their records among sorted ids."""
    names = sorted({name for pair in (*pairs.same, *pairs.different) for name in pair})
    found = pc.index_in(pa.array(names, pa.string()), ids).to_pylist()
    places = dict(zip(names, found, strict=True))
    known = [
        tuple(
            (places[left], places[right])
            for left, right in chosen
            if places[left] is not None and places[right] is not None
        )
        for chosen in (pairs.same, pairs.different)
    ]
    return JudgedPositions(known[0], known[1])


def _others(ruling: Ruling, decision_id: str) -> list[str]:
    return [
        other
        for knot in ruling.contradictions
        if decision_id in knot
        for other in knot
        if other != decision_id
    ]


def _pairs_table(ruling: Ruling) -> pa.Table:
    words = ((Word.SAME, ruling.pairs.same), (Word.DIFFERENT, ruling.pairs.different))
    rows = [
        {
            "left_record_id": left,
            "right_record_id": right,
            "judgement": word.value,
            "decision_id": ruling.decision_of[(left, right)],
        }
        for word, pairs in words
        for left, right in sorted(pairs)
    ]
    return pa.Table.from_pylist(rows, JUDGED_PAIRS)
