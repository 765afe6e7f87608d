"""Find the judgements that bear on two records, or on others of their customers."""

from collections.abc import Collection

import duckdb

from orchestration.identity.explaining.explanation import JudgementNote
from orchestration.identity.identity_tables import read_table
from orchestration.identity.judging.judgements import Word
from orchestration.identity.judging.ruling_tables import JUDGED_PAIRS, JUDGEMENTS


class Judged:
    """The judgements that the last run applied."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Read them; there are as many as stewards made, not as many as records."""
        rulings = read_table(connection, "judgements", JUDGEMENTS).to_pylist()
        self._notes = {
            row["decision_id"]: JudgementNote(
                row["judgement"], row["author"], row["reason"], f"{row['decided_at']:%Y-%m-%d}"
            )
            for row in rulings
        }
        self._pairs = read_table(connection, "judged_pairs", JUDGED_PAIRS).to_pylist()

    def between(
        self, word: Word, one: Collection[str], other: Collection[str]
    ) -> tuple[JudgementNote, ...]:
        """Return the judgements of a kind about a record of the one and a record of the other."""
        decisions = dict.fromkeys(
            row["decision_id"]
            for row in self._pairs
            if row["judgement"] == word
            and (
                (row["left_record_id"] in one and row["right_record_id"] in other)
                or (row["left_record_id"] in other and row["right_record_id"] in one)
            )
        )
        return tuple(self._notes[decision] for decision in decisions if decision in self._notes)
