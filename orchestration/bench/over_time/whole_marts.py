"""Undo wrong merges in a whole home, and hold every mart against a home that never had them.

Both homes get the same files on the same days. In the one, customers are merged by a word that is
wrong, some of them in a chain, days pass, and the words are taken back; and merges that the
evidence made are undone. The other one is told before it could happen, or never hears of it.
"""

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.bench.daily_run import END_DATE, verb
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Decision, Draft

# What may differ: when it was recorded who is who, and ids that exist only since the error.
COMPARED = {
    "customer_identities": "select * exclude (valid_from, valid_to)"
    " from {home}.marts.customer_identities where is_current",
    "customer_aliases": "select * from {home}.marts.customer_aliases"
    " where customer_id in (select recorded_customer_id from never.marts.customer_identities)",
}
_EVERYTHING = "select * from {home}.marts.{table}"
# Customers who bought, so that the merges move orders, segments and sums; a word on each couple.
_CHOSEN = """
    select customer_id from marts.customer_360
    where order_count > 0 and record_count > 1 and not is_business_contact
    order by customer_id asc
    limit 6
"""
_MERGED = """
    select customer_id from identity.id_history
    where event = 'merged' and occurred_at > ? and customer_id not in (select unnest(?))
        and customer_id in (select customer_id from identity.customer_aliases)
    order by customer_id asc
"""
FIRST_DAY = date.fromisoformat(END_DATE) + timedelta(days=1)


class Home:
    """A home that is run day by day."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Take a folder; its state may be there already."""
        self.folder = folder
        self._environment = environment

    def told(self, *words: str) -> dict[str, Any]:
        """Run a verb and return what it printed.

        Raises:
            BenchmarkError: it failed, or a gate stopped it.
        """
        return verb(self._environment, self.folder, *words).printed

    def next_day(self, day: int) -> None:
        """Let the files of a day arrive, and run."""
        self.told("sample", "--add-day")
        self.run(day)

    def run(self, day: int) -> None:
        """Run as of a day."""
        self.told("run", "--as-of", (FIRST_DAY + timedelta(days=day)).isoformat())

    def asked(self, query: str, *values: object) -> list[str]:
        """Return the first column of a query to the warehouse."""
        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as warehouse:
            return [row[0] for row in warehouse.execute(query, list(values)).fetchall()]

    @property
    def decisions(self) -> DecisionStore:
        """The steward's word."""
        return DecisionStore(f"sqlite:///{self.folder / 'steward.sqlite'}")

    @property
    def published(self) -> Path:
        """The snapshot that readers have."""
        return (self.folder / "serving" / "customer_360.duckdb").resolve()


def whole_marts(
    folder: Path,
    *,
    customers: int,
    environment: Mapping[str, str],
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Return which marts differ when all is undone; works below a folder."""
    merged, never = (Home(folder / name, environment) for name in ("merged", "never"))
    progress(f"a first run of {customers:,} customers")
    merged.told("sample", "--customers", str(customers), "--days", "1", "--end-date", END_DATE)
    merged.run(0)
    shutil.copytree(merged.folder, never.folder, symlinks=True)
    undone, words = _err_and_undo(merged, progress)
    for word in undone:
        _tell_beforehand(never, word)
    for day in range(1, 5):
        progress(f"the world without the merges: day {day}")
        never.next_day(day)
    differing = differing_marts(merged.published, never.published)
    return {
        "whole_marts": len(_tables(never.published)),
        "whole_marts_merges": words,
        "whole_marts_merges_by_evidence": len(undone),
        "whole_marts_differing": differing,
    }


def differing_marts(one: Path, never: Path) -> dict[str, int]:
    """Return the marts in which two snapshots differ, and how many rows only one of them has."""
    found = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as merged (read_only)")
        connection.execute(f"attach '{never}' as never (read_only)")
        for table in _tables(never):
            query = COMPARED.get(table, _EVERYTHING)
            ours, theirs = (query.format(home=home, table=table) for home in ("merged", "never"))
            row = connection.execute(
                f"select (select count(*) from ({ours} except all {theirs}))"
                f" + (select count(*) from ({theirs} except all {ours}))"
            ).fetchone()
            if row and row[0]:
                found[table] = int(row[0])
    return found


def _err_and_undo(home: Home, progress: Callable[[str], None]) -> tuple[list[Decision], int]:
    """Merge wrongly, let days pass, undo; return the words on merges that the evidence made."""
    one, other, third, fourth, fifth, sixth = home.asked(_CHOSEN)
    progress("two couples are taken for one person each")
    words = [_same(home, one, other), _same(home, third, fourth)]
    home.next_day(1)
    progress("a third joins the first couple, and a fourth the second")
    words += [_same(home, one, fifth), _same(home, sixth, third)]
    home.next_day(2)
    progress("half is undone")
    undone = []
    for customer in home.asked(_MERGED, FIRST_DAY, [one, other, third, fourth, fifth, sixth]):
        kept = home.told("judge", "undo", customer, "--reason", "two people")["decision_id"]
        undone += [each for each in home.decisions.decisions() if each.decision_id == kept]
    for word in words[1:3]:
        home.told("judge", "withdraw", word, "--reason", "an error")
    home.next_day(3)
    progress("the rest is undone")
    for word in (words[0], words[3]):
        home.told("judge", "withdraw", word, "--reason", "an error")
    home.next_day(4)
    return undone, len(words)


def _same(home: Home, one: str, other: str) -> str:
    told = home.told("judge", "same", one, other, "--reason", "one person, it seems")
    return str(told["decision_id"])


def _tell_beforehand(home: Home, word: Decision) -> None:
    draft = Draft(word.kind, word.subject, word.author, word.reason, word.payload, word.decision_id)
    home.decisions.append(draft, decided_at=datetime.combine(FIRST_DAY, datetime.min.time(), UTC))


def _tables(snapshot: Path) -> list[str]:
    with duckdb.connect(str(snapshot), read_only=True) as connection:
        rows = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts' order by all"
        )
        return [name for (name,) in rows.fetchall()]
