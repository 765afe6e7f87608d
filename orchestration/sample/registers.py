"""Who is in which system, since when, and how often the record there changed or went away."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from orchestration.sample.draws import Flags, Ints
from orchestration.sample.world import World

# Share of people who join a source when they come, and share of people who do on any later day.
MEMBERSHIP = {
    "crm": (0.13, 0.0004),
    "webshop": (0.2, 0.0008),
    "loyalty": (0.22, 0.0008),
    "leads": (0.06, 0.0003),
    "guest": (0.05, 0.0003),
    "social": (0.05, 0.0002),
    "thirdparty": (0.12, 0.0),
}
FIRST_CONTACT = ("crm", "webshop", "loyalty", "leads", "guest")
FALLBACK = (0.06, 0.36, 0.36, 0.08, 0.14)
DAILY_TOUCHES = 0.004
DELETED_BEFORE, DELETED_DAILY = 0.008, 0.0005


@dataclass(frozen=True, slots=True)
class Register:
    """Records of one source in the order of their numbers."""

    source: str
    person: Ints
    key: Ints
    day: Ints
    created_at: Ints

    @property
    def number(self) -> Ints:
        """Running number of each record, from 1."""
        return np.arange(1, len(self.person) + 1)

    def upto(self, day: int) -> int:
        """Return how many records exist at the end of a day (they are in order of their days)."""
        return int(np.searchsorted(self.day, day, side="right"))


@dataclass(frozen=True, slots=True)
class RecordStates:
    """How the records of a register stand at the end of a day."""

    updated_at: Ints
    confirmed_at: Ints
    deleted_at: Ints
    is_changed: Flags
    is_new: Flags

    @property
    def delivered(self) -> Ints:
        """Rows that an incremental export of the day holds."""
        return np.flatnonzero(self.is_changed | self.is_new)


@dataclass
class Registers:
    """The registers of every source that keeps people."""

    world: World

    @cached_property
    def _joined(self) -> dict[str, Ints]:
        """Return, by source, the day each person joins it (0 is never)."""
        world = self.world
        person, came = np.arange(world.people.count), world.people.day
        joined = {}
        for source, (base, daily) in MEMBERSHIP.items():
            chance = world.draws.uniform(f"join.{source}", person)
            later = np.zeros(len(person), dtype=np.int64)
            if daily:
                later = came + 1 + np.maximum((chance - base) / daily, 0).astype(np.int64)
            day = np.where(chance < base, came, later)
            joined[source] = np.where(day <= world.config.days, day, 0)
        at_once = np.zeros(len(person), dtype=np.bool_)
        for source in FIRST_CONTACT:
            at_once |= joined[source] == came
        chosen = world.draws.choice("join.first", FALLBACK, person)
        for number, source in enumerate(FIRST_CONTACT):
            joined[source] = np.where(~at_once & (chosen == number), came, joined[source])
        return joined

    def _register(self, source: str) -> Register:
        world, joined = self.world, self._joined[source]
        person = np.flatnonzero(joined)
        twice = person[world.dirt.strikes(world.draws, "duplicate", source, person)]
        key = np.concatenate([person * 2, twice * 2 + 1])
        person = np.concatenate([person, twice])
        day = joined[person]
        created_at = world.moment_in(f"created.{source}", day, key)
        order = np.lexsort((key, created_at, day))
        return Register(source, person[order], key[order], day[order], created_at[order])

    @cached_property
    def crm(self) -> Register:
        """CRM contacts."""
        return self._register("crm")

    @cached_property
    def webshop(self) -> Register:
        """Registered web shop customers."""
        return self._register("webshop")

    @cached_property
    def loyalty(self) -> Register:
        """Loyalty members."""
        return self._register("loyalty")

    @cached_property
    def leads(self) -> Register:
        """Leads."""
        return self._register("leads")

    @cached_property
    def guest(self) -> Register:
        """People who buy without registering."""
        return self._register("guest")

    @cached_property
    def social(self) -> Register:
        """Profiles on social networks."""
        return self._register("social")

    @cached_property
    def thirdparty(self) -> Register:
        """Records that vendors sell."""
        return self._register("thirdparty")

    def states(self, register: Register, day: int, *, can_delete: bool) -> RecordStates:
        """Return how the records existing on a day stand at its end."""
        world, draws = self.world, self.world.draws
        count = register.upto(day)
        key, source = register.key[:count], register.source
        updated = register.created_at[:count].copy()
        confirmed = updated.copy()
        old = register.day[:count] == 1
        room = world.config.closes(1) - updated
        since = (draws.uniform(f"history.update.{source}", key) * room).astype(np.int64)
        touched = old & draws.chance(f"history.updated.{source}", 0.35, key)
        updated = np.where(touched, updated + since, updated)
        confirmed = np.where(
            touched & draws.chance("history.confirmed", 0.5, key), updated, confirmed
        )
        deleted = self._deletions(register, count) if can_delete else np.zeros(count, np.int64)
        is_changed = np.zeros(count, dtype=np.bool_)
        for later in range(2, day + 1):
            is_changed, refreshed = self._changed(register, count, later)
            goes = (deleted > 0) & (world.config.day_of(deleted) == later)
            gone = (deleted > 0) & (world.config.day_of(deleted) < later)
            is_changed = (is_changed | goes) & ~gone
            moment = world.moment_in(f"updated.{source}", np.full(count, later), key)
            updated = np.where(is_changed, np.where(goes, deleted, moment), updated)
            confirmed = np.where(is_changed & refreshed, world.config.closes(later) - 1, confirmed)
        past = (deleted > 0) & (deleted < world.config.closes(1))
        updated = np.where(past, np.maximum(deleted, updated), updated)
        deleted = np.where(deleted < world.config.closes(day), deleted, 0)
        return RecordStates(updated, confirmed, deleted, is_changed, register.day[:count] == day)

    def _changed(self, register: Register, count: int, day: int) -> tuple[Flags, Flags]:
        """Return which records change on a day, and which of them for a new address or number."""
        world, source = self.world, register.source
        key, person = register.key[:count], register.person[:count]
        opens, closes = world.config.opens(day), world.config.closes(day)
        refreshed = np.zeros(count, dtype=np.bool_)
        for changes in (world.moves.changes, world.phone_changes.changes):
            after = changes.after[person]
            refreshed |= (after >= opens) & (after < closes)
        days = np.full(count, day)
        refreshed &= world.draws.chance(f"change.told.{source}", 0.7, key, days)
        touched = world.draws.chance(f"change.touched.{source}", DAILY_TOUCHES, key, days)
        return (refreshed | touched) & (register.day[:count] < day), refreshed

    def _deletions(self, register: Register, count: int) -> Ints:
        """Return when records are deleted; 0 is never."""
        world, source = self.world, register.source
        key, created = register.key[:count], register.created_at[:count]
        chance = world.draws.uniform(f"deleted.{source}", key)
        day = np.where(
            chance < DELETED_BEFORE, 1, 2 + (chance - DELETED_BEFORE) / DELETED_DAILY
        ).astype(np.int64)
        room = world.config.closes(1) - created
        early = created + (world.draws.uniform(f"deleted.at.{source}", key) * room).astype(np.int64)
        known = (day > register.day[:count]) | ((day == 1) & (register.day[:count] == 1))
        soon = np.minimum(day, world.config.days + 1)
        moment = np.where(day == 1, early, world.moment_in(f"deleted.on.{source}", soon, key))
        return np.where(known & (day <= world.config.days), moment, 0)
