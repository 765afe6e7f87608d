"""Make the sample company: its deliveries in the inbox and, apart from them, the truth."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from orchestration.sample import (
    billing,
    catalogue,
    consent,
    crm,
    loyalty,
    marketing,
    pos,
    social,
    support,
    thirdparty,
    web,
    webshop,
)
from orchestration.sample.business import Business
from orchestration.sample.calendar import STATE_FILE, SampleConfig
from orchestration.sample.errors import SampleConfigError
from orchestration.sample.inbox import Inbox
from orchestration.sample.transport import Transport, late_table
from orchestration.sample.truth import Truth
from orchestration.sample.world import build_world

Progress = Callable[[str], None]
Export = Callable[[Business, int], pa.Table]

UNFINISHED = ".sample-unfinished"  # beside a sample whose making was cut short

EXPORTS: dict[str, Export] = {
    "webshop/customers": webshop.customers_table,
    "webshop/orders": webshop.orders_table,
    "webshop/order_lines": webshop.order_lines_table,
    "pos/receipts": pos.receipts_table,
    "pos/receipt_lines": pos.receipt_lines_table,
    "loyalty/members": loyalty.members_table,
    "loyalty/cards": loyalty.cards_table,
    "marketing/campaigns": marketing.campaigns_table,
    "marketing/email_events": marketing.email_events_table,
    "marketing/ad_spend": marketing.ad_spend_table,
    "marketing/leads": marketing.leads_table,
    "support/tickets": support.tickets_table,
    "support/chats": support.chats_table,
    "support/calls": support.calls_table,
    "billing/invoices": billing.invoices_table,
    "billing/payments": billing.payments_table,
    "web/events": web.events_table,
    "social/mentions": social.mentions_table,
    "consent/consents": consent.consents_table,
    "consent/channel_preferences": consent.channel_preferences_table,
}


@dataclass(frozen=True, slots=True)
class SampleSummary:
    """What was made."""

    folder: Path
    first_day: date
    last_day: date
    customers: int
    person_records: int
    rows: dict[str, int]


def make_sample(
    out_dir: Path,
    *,
    customers: int = 20_000,
    days: int = 3,
    seed: int = 7,
    end_date: date,
    progress: Progress | None = None,
) -> SampleSummary:
    """Make a sample company of any size in a folder, replacing the one that is there."""
    config = SampleConfig.ending(end_date, customers=customers, days=days, seed=seed)
    unfinished = out_dir / UNFINISHED
    _check_is_ours(out_dir)
    out_dir.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    (out_dir / STATE_FILE).unlink(missing_ok=True)
    for part in ("inbox", "truth"):
        shutil.rmtree(out_dir / part, ignore_errors=True)
    summary = _deliver(out_dir, config, range(1, days + 1), progress)
    unfinished.unlink()
    return summary


def _check_is_ours(out_dir: Path) -> None:
    """Refuse to replace an inbox that no sample was delivered to."""
    inbox = out_dir / "inbox"
    if (out_dir / STATE_FILE).exists() or (out_dir / UNFINISHED).exists():
        return
    if inbox.is_dir() and any(path.is_file() for path in inbox.rglob("*")):
        raise SampleConfigError(
            f"{inbox} holds deliveries that are no sample's ({STATE_FILE} is missing beside it): "
            "name another folder, or move them away"
        )


def add_day(out_dir: Path, progress: Progress | None = None) -> SampleSummary:
    """Add the next day to the sample company in a folder."""
    config = SampleConfig.read(out_dir).with_next_day()
    if not (out_dir / "inbox").exists():
        raise SampleConfigError(f"the inbox of {out_dir} is gone: make the sample again")
    return _deliver(out_dir, config, range(config.days, config.days + 1), progress)


def _deliver(
    out_dir: Path, config: SampleConfig, days: range, progress: Progress | None
) -> SampleSummary:
    """Write the deliveries of some days and the truth as of the last one."""
    say = progress or (lambda message: None)
    say("people")
    business = Business(build_world(config))
    truth = Truth(out_dir / "truth", business)
    inbox = Inbox(out_dir / "inbox")
    rows: dict[str, int] = {}
    for day in days:
        for name, count in _deliver_day(business, inbox, day, say).items():
            rows[name] = rows.get(name, 0) + count
        truth.note_dirt(day)
    say("truth")
    records = truth.write()
    config.write(out_dir)
    return SampleSummary(
        folder=out_dir,
        first_day=config.date_of(1),
        last_day=config.date_of(config.days),
        customers=business.world.people.count,
        person_records=records,
        rows=rows,
    )


def _exports_of(business: Business, day: int) -> dict[str, Export]:
    """Return what is exported as files on a day."""
    exports = dict(EXPORTS)
    if catalogue.comes_on(day):
        exports["webshop/products"] = lambda it, on: catalogue.products_table(
            it.world, it.catalogue, on
        )
        exports["billing/credit_limits"] = billing.credit_limits_table
    if thirdparty.comes_on(day):
        exports["thirdparty/demographics"] = thirdparty.demographics_table
    return exports


def _deliver_day(business: Business, inbox: Inbox, day: int, say: Progress) -> dict[str, int]:
    """Write every table that arrives on a day; empty ones are not delivered."""
    transport = Transport(business, inbox)
    config = business.world.config
    say(f"{config.date_of(day)} crm")
    rows = crm.deliver(business, inbox.root, day)
    arriving = [(name, export, day) for name, export in _exports_of(business, day).items()]
    arriving = [one for one in arriving if one[0] != late_table(day)]
    late = late_table(day - 1)
    if late:
        arriving.append((late, EXPORTS[late], day - 1))
        business.world.dirt.note("late_file", late.split("/")[0], 1)
    for name, export, exported_on in arriving:
        say(f"{config.date_of(day)} {name}")
        table = export(business, exported_on)
        rows[name] = table.num_rows
        if table.num_rows:
            inbox.write(name, config.date_of(exported_on), table)
    transport.repeat(day)
    transport.truncate(day)
    return rows
