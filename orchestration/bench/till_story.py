"""The day that went wrong, told by the commands themselves (docs/data_boss.md).

A sample company is published; overnight the tills deliver sign-ups for the loyalty card that all
bear the shop's own number. The gate stops the run, a reader keeps yesterday's snapshot, the steward
blocks the number, and the run goes on. Everything is done by `c360` in processes of its own.
"""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.bench.fault_files import read_rows, write_rows
from orchestration.bench.measured import BenchmarkError
from orchestration.landing.contract import Contract, load_contracts
from orchestration.settings import PACKAGE_DIR

FIRST_DAY = date(2026, 11, 21)
SHOP_NUMBER = "+254 20 555 0199"
REASON = "the till's own number, says shop 12"
STOPPED = 3

# Customers with the same records before and after, of which the id is another one.
RENAMED = """
    with before as (
        select customer_id, string_agg(source_record_id, '|' order by source_record_id) as records
        from before.marts.customer_identities where is_current group by customer_id
    ),
    after as (
        select customer_id, string_agg(source_record_id, '|' order by source_record_id) as records
        from after.marts.customer_identities where is_current group by customer_id
    )
    select count(*), count(*) filter (where before.customer_id <> after.customer_id)
    from before inner join after on before.records = after.records
"""


@dataclass(slots=True)
class Story:
    """A home in which the day is told, and every command with what it printed."""

    home: Path
    environment: Mapping[str, str]
    told: Callable[[str], None]
    codes: list[int] = field(default_factory=list)

    def command(self, *words: str) -> str:
        """Run a verb of `c360`, tell what it printed, and return that."""
        self.told(f"$ c360 {' '.join(word if ' ' not in word else repr(word) for word in words)}")
        own = {"C360_HOME": str(self.home), "C360_INBOX": str(self.home / "inbox")}
        done = subprocess.run(  # noqa: S603  the command is our own verb
            [sys.executable, "-m", "orchestration.cli.main", *words],
            env={**self.environment, **own, "C360_STEWARD": "ann", "COLUMNS": "110"},
            capture_output=True,
            text=True,
            check=False,
        )
        self.codes.append(done.returncode)
        self.told(done.stdout.rstrip())
        if done.returncode:
            self.told(f"{done.stderr.rstrip()}\n$ echo $?\n{done.returncode}")
        return done.stdout

    @property
    def published(self) -> Path:
        """Return the file behind the stable name, as a reader would find it now."""
        return (self.home / "serving" / "customer_360.duckdb").resolve()


def tell_story(
    home: Path,
    *,
    customers: int,
    sign_ups: int,
    environment: Mapping[str, str],
    told: Callable[[str], None],
) -> dict[str, Any]:
    """Tell the day in a new home, and return what can be counted of it.

    Raises:
        BenchmarkError: a run ended otherwise than the story says.
    """
    story = Story(home, environment, told)
    second_day = FIRST_DAY + timedelta(days=1)
    made = ("--customers", str(customers), "--days", "1", "--end-date", FIRST_DAY.isoformat())
    story.command("sample", *made)
    story.command("run", "--as-of", second_day.isoformat())
    yesterday = story.published
    story.command("sample", "--add-day")
    deliver_sign_ups(home / "inbox", second_day, sign_ups)
    story.command("run", "--as-of", (second_day + timedelta(days=1)).isoformat())
    stopped, kept = story.codes[-1], story.published
    opened = json.loads(story.command("incidents", "list", "--json"))["incidents"]
    grave = [each for each in opened if each["severity"] == "critical"]
    for incident in grave:
        story.command("incidents", "show", incident["incident_id"])
        for key in filter(is_identifier, incident["failing_keys"]):
            story.command("identifiers", "block", key, "--reason", REASON)
    story.command("run", "--resume")
    if (stopped, story.codes[-1]) != (STOPPED, 0):
        raise BenchmarkError(f"the runs ended with {stopped} and {story.codes[-1]}, not 3 and 0")
    for incident in grave:
        story.command("incidents", "show", incident["incident_id"])
    untouched, renamed = _compared(yesterday, story.published)
    return {
        "sign_ups": sign_ups,
        "exit_code_of_the_stopped_run": stopped,
        "incidents_that_stopped_it": len(grave),
        "reader_kept_yesterday": kept == yesterday,
        "published_anew": story.published != yesterday,
        "untouched_customers": untouched,
        "untouched_customers_with_another_id": renamed,
    }


def is_identifier(key: str) -> bool:
    """Say whether a failing key names one value, as `phone-0123456789abcdef` does."""
    return "-" in key


def deliver_sign_ups(inbox: Path, day: date, rows: int) -> None:
    """Put the file of the tills into the inbox, beside the usual one of the day."""
    contract = _members()
    [*_, usual] = sorted(inbox.glob(str(contract.location.files)))
    first = min(inbox.glob(str(contract.location.files)))
    pool = read_rows(first, contract)
    dice = random.Random(3)  # noqa: S311  invented people, the same each time
    moment = f"{(day - timedelta(days=1)).isoformat()} "
    signed = []
    for number in range(rows):
        one, other = dice.choice(pool), dice.choice(pool)
        given, family = str(one["full_name"]).split(" ")[0], str(other["full_name"]).split(" ")[-1]
        born = date(1950, 1, 1) + timedelta(days=dice.randrange(20_000))
        signed.append(
            {
                **one,
                "change_type": "insert",
                "changed_at": f"{moment}{dice.randrange(6, 20):02d}:{dice.randrange(60):02d}:00",
                "member_id": f"LM{70_000_000 + number}",
                "full_name": f"{given} {family}",
                "birth_date": born.isoformat(),
                "email": "",
                "phone": SHOP_NUMBER,
                "street": other["street"],
                "city": other["city"],
                "country": "KE",
            }
        )
    target = usual.with_name(f"{usual.stem}_tills{usual.suffix}")
    target.write_bytes(first.read_bytes())
    write_rows(target, contract, signed)


def _members() -> Contract:
    contracts = load_contracts(PACKAGE_DIR / "sources")
    return next(each for each in contracts if each.landing_name == "loyalty_members")


def _compared(before: Path, after: Path) -> tuple[int, int]:
    with duckdb.connect() as connection:
        for name, path in (("before", before), ("after", after)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        found = connection.execute(RENAMED).fetchall()[0]
    return int(found[0]), int(found[1])
