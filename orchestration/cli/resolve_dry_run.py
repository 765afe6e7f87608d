"""`c360 resolve --dry-run`: what other settings, pending judgements or a new model would change."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table

from orchestration.cli.identity_input import exit_on_wrong_input
from orchestration.cli.terminal import print_json, say
from orchestration.identity.judging.judgements import AREA
from orchestration.identity.proposing.dry_run import DryRun, dry_run
from orchestration.identity.settings import read_settings
from orchestration.settings import Settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.warehouse import Warehouse

SHOWN = 15


def show_dry_run(settings_file: Path | None, *, new_model: bool, as_json: bool) -> None:
    """Print what the next run would change under these settings; the warehouse is only read."""
    settings = Settings()
    with exit_on_wrong_input(as_json):
        found = dry_run(
            Warehouse.of(settings),
            read_settings(settings_file or settings.identity_settings_path),
            as_of=datetime.now(UTC).replace(tzinfo=None),
            decisions=DecisionStore.of(settings).decisions(area=AREA),
            new_model=new_model,
            shown=SHOWN,
        )
    if as_json:
        print_json(asdict(found))
        return
    _tell(found)


def _tell(found: DryRun) -> None:
    summary = found.summary
    if not summary.changes:
        say("Nobody would merge, split or change hands.")
        return
    counted = ", ".join(f"{count:,} {kind}s" for kind, count in summary.changes.items())
    model = "a new model" if found.is_new_model else "the model in use"
    say(
        f"With {model} and threshold {found.threshold}: {counted}.",
        f"They concern {summary.customers_concerned:,} customers with "
        f"{summary.records_concerned:,} records, and {summary.value_usd:,.0f} USD of sales "
        f"({summary.value_share:.1%} of all).",
    )
    sizes = Table("change", "records", "changes", "value USD", box=None, pad_edge=False)
    for row in found.sizes:
        value = f"{row['value_usd']:,.0f}"
        sizes.add_row(row["change"], f"{row['records']:,}", f"{row['changes']:,}", value)
    largest = Table("most at stake", "value USD", "customers", "records", box=None, pad_edge=False)
    for row in found.largest:
        largest.add_row(
            row["change"],
            f"{row['value_usd']:,.0f}",
            row["customer_ids"],
            row["example_record_ids"],
        )
    say(sizes, largest, "`c360 explain` tells of two keys why. Nothing was written.")
