"""Break the same last day in one way after another, each time from where the fault sets in.

What a fault cannot touch is done once: the other tables are landed, the layers before it built. A
copy of that state is broken, and goes on as any day does, with every gate that can see it.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.bench.company_layers import LAYERS_BEHIND
from orchestration.bench.day_found import DayFound
from orchestration.bench.faults import Fault
from orchestration.bench.gate_days import GateDays
from orchestration.gates.suites import Suite

JUDGED = "_judged"


@dataclass(slots=True)
class BrokenDays:
    """Copies of the last day, each with what was done before a fault sets in."""

    world: GateDays
    folder: Path
    _states: dict[str, GateDays] = field(default_factory=dict)

    def pass_day(self, fault: Fault, enough: Callable[[DayFound], bool]) -> DayFound:
        """Return what the gates find on the last day when a fault has broken it."""
        today = self._before(fault).copy_to(self.folder / "copy")
        try:
            if fault.days_late:
                found = today.pass_day(fault, enough=enough)
                for _ in range(fault.days_late):
                    found = today.pass_day(fault, enough=enough)
                return found
            with today.warehouse.connect():
                return self._go_on(today, fault, enough)
        finally:
            shutil.rmtree(today.home)

    def clear(self) -> None:
        """Delete the copies."""
        for state in self._states.values():
            shutil.rmtree(state.home, ignore_errors=True)
        self._states.clear()

    def _before(self, fault: Fault) -> GateDays:
        """Return the last day as it stood before a fault; a fault of a late source needs it all."""
        if fault.days_late:
            return self.world
        if fault.spoils:
            layer = next(each for each in LAYERS_BEHIND if each in fault.spoils)
            return self._built(layer)
        return self._built("conformed", JUDGED) if fault.threshold else self._landed_but(fault)

    def _go_on(self, today: GateDays, fault: Fault, enough: Callable[[DayFound], bool]) -> DayFound:
        if fault.spoils:
            layer = next(each for each in LAYERS_BEHIND if each in fault.spoils)
            today.spoil(layer, fault)
            behind = LAYERS_BEHIND[LAYERS_BEHIND.index(layer) + 1 :]
            return today.go_on(today.judge_layer(layer), fault, enough, behind)
        if fault.threshold:
            return today.go_on(DayFound(), fault, enough, LAYERS_BEHIND[1:])
        today.break_delivered(fault)
        landed = today.land(
            contract for contract in today.contracts if contract.landing_name == fault.table
        )
        today.measure(suite for suite in today.suites if _speaks_of(suite, fault.table))
        return today.go_on(today.judge(today.landing_suites(landed)), fault, enough)

    def _landed_but(self, fault: Fault) -> GateDays:
        """Return the day on which everything has landed and been measured but one table."""
        known = self._states.get(fault.table)
        if known:
            return known
        state = self._begun(f"without_{fault.table}")
        with state.warehouse.connect():
            state.open_run()
            state.land(each for each in state.contracts if each.landing_name != fault.table)
            state.measure(each for each in state.suites if each.table != fault.table)
        self._states[fault.table] = state
        return state

    def _built(self, layer: str, asked: str = "") -> GateDays:
        """Return the day up to a layer that is built and not judged, or judged as well."""
        name = layer + asked
        if name in self._states:
            return self._states[name]
        if asked:
            state = self._built(layer).copy_to(self.folder / name)
            with state.warehouse.connect():
                state.judge_layer(layer)
        else:
            state = self._up_to(layer)
        self._states[name] = state
        return state

    def _up_to(self, layer: str) -> GateDays:
        before = LAYERS_BEHIND.index(layer)
        if before:
            earlier = LAYERS_BEHIND[before - 1]
            state = self._built(earlier, JUDGED).copy_to(self.folder / layer)
            with state.warehouse.connect():
                state.build(layer)
            return state
        state = self._begun(layer)
        with state.warehouse.connect():
            state.open_run()
            landed = state.land(state.contracts)
            state.measure(state.suites)
            state.judge(state.landing_suites(landed))
            state.build(layer)
        return state

    def _begun(self, name: str) -> GateDays:
        state = self.world.copy_to(self.folder / name)
        state.deliver()
        state.runs += 1
        return state


def _speaks_of(suite: Suite, table: str) -> bool:
    """Say whether a suite measures a table, or holds another against it."""
    named = re.compile(rf"\blanding\.{table}\b")
    return suite.table == table or any(named.search(each["sql"]) for each in suite.figures)
