"""Give a first run something to work on: the sample company, when no source has delivered yet.

How the sample is made belongs to `orchestration/sample`.
"""

import shutil
from datetime import datetime

from orchestration.cli.terminal import say
from orchestration.settings import Settings

CUSTOMERS = 20_000
DAYS = 3
UNFINISHED = ".sample-being-made"


def has_deliveries(settings: Settings) -> bool:
    """Return whether a source has delivered anything into the inbox."""
    return settings.inbox_dir.is_dir() and any(
        path.is_file() for path in settings.inbox_dir.rglob("*")
    )


def deliver_sample_if_empty(settings: Settings, moment: datetime, *, quiet: bool) -> None:
    """Make the default sample, up to the date of the run, when the inbox of this home is empty.

    An inbox elsewhere, and the one of a company, are never filled with invented customers. The
    sample is made aside and moved in when it is whole: a killed attempt leaves the inbox empty.
    """
    is_own_inbox = settings.inbox_dir == settings.home_dir / "inbox"
    if settings.company_dir or not is_own_inbox or has_deliveries(settings):
        return
    from orchestration.sample.company import make_sample

    if not quiet:
        say(
            f"The inbox is empty: making the sample company, {CUSTOMERS:,} customers over {DAYS} "
            "days (`c360 sample` makes others)."
        )
    unfinished = settings.home_dir / UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    make_sample(unfinished, customers=CUSTOMERS, days=DAYS, end_date=moment.date())
    shutil.rmtree(settings.home_dir / "truth", ignore_errors=True)
    shutil.rmtree(settings.inbox_dir)
    # The inbox comes last: once it is there, nobody makes a sample again.
    for part in sorted(unfinished.iterdir(), key=lambda path: path.name == "inbox"):
        part.rename(settings.home_dir / part.name)
    unfinished.rmdir()
