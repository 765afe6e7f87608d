"""Support tickets: after an order, or out of the blue; each one is a sighting of a person."""

from dataclasses import dataclass

import numpy as np

from orchestration.sample.calendar import DAY_SECONDS
from orchestration.sample.draws import Flags, Ints
from orchestration.sample.orders import NEVER, Orders, last_before
from orchestration.sample.registers import Registers
from orchestration.sample.world import World

ORDER_SHARE = 0.09
MEMBER_SHARE = 0.07
DAILY_SHARE = 0.0008
STATUSES = ("open", "pending", "solved", "closed")


@dataclass(frozen=True, slots=True)
class Tickets:
    """Tickets in the order of their numbers; `order` is -1 where the ticket is about no order."""

    person: Ints
    order: Ints
    key: Ints
    day: Ints
    opened_at: Ints
    answered_at: Ints
    solved_at: Ints
    closed_at: Ints
    is_unanswered: Flags

    @property
    def count(self) -> int:
        """Number of tickets."""
        return len(self.key)

    def status_at(self, moment: int) -> Ints:
        """Return an index into `STATUSES` for every ticket at a moment."""
        status = (self.answered_at < moment).astype(np.int64)
        status = np.where(self.solved_at < moment, 2, status)
        return np.where(self.closed_at < moment, 3, status)

    def updated_at(self, moment: int) -> Ints:
        """Return when every ticket last changed before a moment."""
        changes = (self.opened_at, self.answered_at, self.solved_at, self.closed_at)
        return last_before(changes, moment)


def make_tickets(world: World, registers: Registers, orders: Orders) -> Tickets:
    """Make every ticket up to the last day."""
    draws, config = world.draws, world.config
    about = np.flatnonzero(draws.chance("ticket.order", ORDER_SHARE, orders.key))
    wait = (0.2 + 8 * draws.uniform("ticket.wait", orders.key[about])) * DAY_SECONDS
    opened = orders.ordered_at[about] + wait.astype(np.int64)
    loyalty = registers.loyalty
    asking = np.flatnonzero(draws.chance("ticket.member", MEMBER_SHARE, loyalty.key))
    batches = [
        (orders.person[about], about, orders.key[about] * 2, opened),
        (
            loyalty.person[asking],
            np.full(len(asking), -1),
            loyalty.key[asking] * 8192 + 1,
            world.moment_in("ticket.at", loyalty.day[asking], loyalty.key[asking]),
        ),
    ]
    for day in range(2, config.days + 1):
        known = np.arange(loyalty.upto(day - 1))
        days = np.full(len(known), day)
        again = known[draws.chance("ticket.again", DAILY_SHARE, loyalty.key[known], days)]
        moment = world.moment_in("ticket.again.at", np.full(len(again), day), loyalty.key[again])
        key = (loyalty.key[again] * 4096 + day) * 2 + 1
        batches.append((loyalty.person[again], np.full(len(again), -1), key, moment))
    person, order, key, opened = (np.concatenate(part) for part in zip(*batches, strict=True))
    kept = opened < config.closes(config.days)
    person, order, key, opened = person[kept], order[kept], key[kept], opened[kept]
    came = config.day_of(opened)
    rank = np.lexsort((key, opened, came))
    return _with_lives(world, (person[rank], order[rank], key[rank], came[rank], opened[rank]))


def _with_lives(world: World, columns: tuple[Ints, Ints, Ints, Ints, Ints]) -> Tickets:
    """Draw when each ticket is answered, solved and closed; a few never are."""
    person, order, key, day, opened = columns
    draws = world.draws
    answered = (
        opened + (3600 * 30 * draws.uniform("ticket.answered", key) ** 2).astype(np.int64) + 60
    )
    solved = answered + (DAY_SECONDS * 6 * draws.uniform("ticket.solved", key) ** 2).astype(
        np.int64
    )
    stays = draws.chance("ticket.stays_open", 0.03, key)
    unanswered = stays & draws.chance("ticket.unanswered", 0.4, key)
    return Tickets(
        person=person, order=order, key=key, day=day, opened_at=opened,
        answered_at=np.where(unanswered, NEVER, answered),
        solved_at=np.where(stays, NEVER, solved),
        closed_at=np.where(stays, NEVER, solved + 7 * DAY_SECONDS),
        is_unanswered=unanswered,
    )  # fmt: skip
