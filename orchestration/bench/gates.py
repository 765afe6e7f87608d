"""`c360 bench gates`: how many faults the gates catch before publishing, how often they cry wolf.

Days of a sample company pass one after the other through landing, conformed, identity and marts,
each with its gates; then its last day is broken in every way of the library, each in a copy. What
has been done is kept in a folder, so that a measurement that was cut short goes on from there.
"""

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from orchestration.bench.broken_days import BrokenDays
from orchestration.bench.company_layers import CompanyLayers
from orchestration.bench.day_found import DayFound
from orchestration.bench.faults import Fault
from orchestration.bench.gate_days import GateDays
from orchestration.gates.suites import load_suites
from orchestration.landing.contract import load_contracts
from orchestration.settings import PACKAGE_DIR, PROJECT_DIR

END = date(2026, 6, 30)
FOUND_SHOWN = 8
PARTS = ("stops", "incidents", "plain")


@dataclass(slots=True)
class Measurement:
    """What has been found so far, in a folder that outlives the process."""

    folder: Path
    clean_days: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    clean: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> "Measurement":
        """Return what an earlier process has found in a folder."""
        path = folder / "measurement.json"
        if not path.is_file():
            return cls(folder)
        kept = json.loads(path.read_text(encoding="utf-8"))
        return cls(folder, kept["clean_days"], kept["verdicts"], kept.get("clean", {}))

    def keep(self) -> None:
        """Write down what has been found."""
        path = self.folder / "measurement.json"
        content = {
            "clean_days": self.clean_days,
            "verdicts": self.verdicts,
            "clean": self.clean,
        }
        path.with_suffix(".part").write_text(json.dumps(content, indent=1), encoding="utf-8")
        path.with_suffix(".part").replace(path)


def make_days(home: Path, *, layers: CompanyLayers | None = None) -> GateDays:
    """Return a home in which days pass; without `layers`, landing and its gates only."""
    suites = tuple(
        suite
        for suite in load_suites([PROJECT_DIR / "expectations"])
        if layers is not None or suite.layer in ("landing", "quality")
    )
    contracts = load_contracts(PACKAGE_DIR / "sources")
    return GateDays(home, contracts, suites, layers)


def bench_faults(  # noqa: PLR0913 - the options of the verb
    folder: Path,
    *,
    customers: int,
    clean_days: int,
    faults: tuple[Fault, ...],
    layers: CompanyLayers | None,
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Return how many faults are caught with the right cause, and how many clean days stop.

    A fault counts as caught when a gate stops, or an incident opens, that a clean day has not, at
    the right table and with a cause that names it.
    """
    measured = Measurement.of(folder)
    world = make_days(folder / "home", layers=layers)
    pass_clean_days(world, measured, customers=customers, days=clean_days, progress=progress)
    clean = clean_last_day(world, measured)
    judge_faults(world, measured, clean, faults, progress)
    verdicts = [measured.verdicts[fault.name] for fault in faults]
    stops = {number: each["stops"] for number, each in measured.clean_days.items()}
    caught = sum(verdict["caught"] for verdict in verdicts)
    return {
        "faults": len(faults),
        "caught": caught,
        "caught_share": round(caught / max(1, len(faults)), 3),
        "stopped": sum(verdict["stopped"] for verdict in verdicts),
        "baseline_caught": sum(verdict["baseline_caught"] for verdict in verdicts),
        "clean_days": len(stops),
        "false_stops": sum(bool(each) for each in stops.values()),
        "false_stop_causes": [f"day {day}: {stop}" for day in stops for stop in stops[day]],
        "verdicts": verdicts,
    }


def pass_clean_days(
    world: GateDays,
    measured: Measurement,
    *,
    customers: int,
    days: int,
    progress: Callable[[str], None],
) -> None:
    """Let clean days pass, the first with all that came before it, and note what stopped them.

    A steward waives what stops one, so that the next is judged by itself.
    """
    world.runs = len(measured.clean_days)
    for number in range(world.runs, days):
        following = world.home.with_name("home.next")
        today = world.copy_to(following) if number else make_days(following, layers=world.layers)
        today.contracts, today.suites = world.contracts, world.suites
        today.is_waived = True
        if not number:
            shutil.rmtree(following, ignore_errors=True)
            following.mkdir(parents=True)
            today.begin(customers=customers, day=END - timedelta(days=days))
        found = today.pass_day()
        # A day that is cut short is passed anew: it became the home only when it was over.
        shutil.rmtree(world.home, ignore_errors=True)
        following.rename(world.home)
        world.runs = today.runs
        measured.clean_days[str(number)] = {
            "stops": _lines(found.stops),
            "incidents": _lines(found.incidents),
        }
        measured.keep()
        progress(f"clean day {number}: {len(found.stops)} stops, {len(found.incidents)} warnings")


def clean_last_day(world: GateDays, measured: Measurement) -> DayFound:
    """Return what the gates find on the last day when nothing has broken it."""
    if not measured.clean:
        copy = world.copy_to(measured.folder / "copy")
        found = copy.pass_day()
        shutil.rmtree(copy.home)
        measured.clean = {name: sorted(getattr(found, name)) for name in PARTS}
        measured.keep()
    kept = measured.clean
    return DayFound(*(frozenset((place, cause) for place, cause in kept[name]) for name in PARTS))


def judge_faults(
    world: GateDays,
    measured: Measurement,
    clean: DayFound,
    faults: Iterable[Fault],
    progress: Callable[[str], None],
) -> None:
    """Note what becomes of each fault, on the same last day."""
    broken = BrokenDays(world, measured.folder)
    for fault in faults:
        if fault.name not in measured.verdicts:

            def is_named(found: DayFound, fault: Fault = fault) -> bool:
                return found.beyond(clean).names(fault)

            found = broken.pass_day(fault, is_named).beyond(clean)
            measured.verdicts[fault.name] = _verdict(fault, found)
            measured.keep()
        word = "caught" if measured.verdicts[fault.name]["caught"] else "MISSED"
        progress(f"{word}: {fault.name}")
    broken.clear()


def _verdict(fault: Fault, news: DayFound) -> dict[str, Any]:
    return {
        "fault": fault.name,
        "caught": news.names(fault),
        "stopped": bool(news.stops),
        "baseline_caught": bool(news.plain),
        "found": _lines(news.stops | news.incidents)[:FOUND_SHOWN],
    }


def _lines(found: Iterable[tuple[str, str]]) -> list[str]:
    return sorted(f"{place}: {cause}" for place, cause in found)
