"""`c360 bench gates`: how many faults the gates of landing catch, and how often they cry wolf."""

import shutil
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from orchestration.bench.faults import FAULTS, Fault
from orchestration.bench.gate_days import DayFound, GateDays
from orchestration.gates.suites import load_suites
from orchestration.landing.contract import load_contracts
from orchestration.sample.company import make_sample
from orchestration.settings import PACKAGE_DIR, PROJECT_DIR

SEED = 7
END = date(2026, 6, 30)


def make_days(folder: Path, *, customers: int, days: int, end: date) -> GateDays:
    """Make a sample company of so many days, and a home in which they can pass."""
    make_sample(
        folder / "sample",
        customers=customers,
        days=days,
        seed=SEED,
        end_date=end,
        progress=lambda _: None,
    )
    suites = tuple(
        suite
        for suite in load_suites([PROJECT_DIR / "expectations"])
        if suite.layer in ("landing", "quality")
    )
    home = folder / "home"
    home.mkdir()
    contracts = load_contracts(PACKAGE_DIR / "sources")
    return GateDays(home, folder / "sample" / "inbox", contracts, suites)


def bench_faults(
    folder: Path,
    *,
    customers: int,
    clean_days: int,
    faults: tuple[Fault, ...] = FAULTS,
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Return how many faults are caught with the right cause, and how many clean days stop.

    A fault counts as caught when a gate stops, or an incident opens, that a clean day has not, at
    the right table and with a cause that names it.
    """
    world = make_days(folder, customers=customers, days=clean_days + 1, end=END)
    stops = pass_clean_days(world, range(clean_days), clean_days, progress)
    clean = broken_day(world, folder, END, None)
    stops += [f"day {clean_days}: {place}: {cause}" for place, cause in sorted(clean.stops)]
    verdicts = judge_faults(world, folder, clean, faults, progress)
    caught = sum(verdict["caught"] for verdict in verdicts)
    return {
        "faults": len(faults),
        "caught": caught,
        "caught_share": round(caught / max(1, len(faults)), 3),
        "stopped": sum(verdict["stopped"] for verdict in verdicts),
        "baseline_caught": sum(verdict["baseline_caught"] for verdict in verdicts),
        "clean_days": clean_days,
        "false_stops": len({line.partition(":")[0] for line in stops}),
        "false_stop_causes": stops,
        "verdicts": verdicts,
    }


def pass_clean_days(
    world: GateDays, numbers: Iterable[int], clean_days: int, progress: Callable[[str], None]
) -> list[str]:
    """Let clean days pass, the first with all that came before it; return what stopped them."""
    stops: list[str] = []
    for number in numbers:
        day = END - timedelta(days=clean_days - number)
        found = world.pass_day(day, is_first=number == 0)
        stops += [f"day {number}: {place}: {cause}" for place, cause in sorted(found.stops)]
        progress(f"clean day {number}: {len(found.stops)} stops, {len(found.incidents)} warnings")
    return stops


def judge_faults(
    world: GateDays,
    folder: Path,
    clean: DayFound,
    faults: Iterable[Fault],
    progress: Callable[[str], None],
) -> list[dict[str, Any]]:
    """Return what became of each fault, on the same last day."""
    verdicts = []
    for fault in faults:
        verdicts.append(_verdict(fault, broken_day(world, folder, END, fault), clean))
        progress(f"{'caught' if verdicts[-1]['caught'] else 'MISSED'}: {fault.name}")
    return verdicts


def broken_day(world: GateDays, folder: Path, day: date, fault: Fault | None) -> DayFound:
    """Return what the gates find on a day, broken or not, in a copy of the home."""
    copy = world.copy_to(folder / "copy")
    if fault is not None:
        # The other tables are as clean as on the clean day.
        copy.contracts = tuple(each for each in copy.contracts if each.landing_name == fault.table)
    try:
        found = copy.pass_day(day, fault)
        for late in range(fault.days_late if fault else 0):
            found = copy.pass_day(day + timedelta(days=late + 1), fault)
        return found
    finally:
        shutil.rmtree(copy.home)


def _verdict(fault: Fault, found: DayFound, clean: DayFound) -> dict[str, Any]:
    news = DayFound(
        found.stops - clean.stops - clean.incidents,
        found.incidents - clean.incidents - clean.stops,
        found.plain - clean.plain,
    )
    return {
        "fault": fault.name,
        "caught": news.names(fault),
        "stopped": bool(news.stops),
        "baseline_caught": bool(news.plain),
        "found": sorted(f"{place}: {cause}" for place, cause in news.stops | news.incidents)[:8],
    }
