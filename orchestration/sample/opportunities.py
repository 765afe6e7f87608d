"""Opportunities of sales: what somebody may buy for the account they work for, and how it ends.

The whole course of an opportunity is drawn when it is opened; how it stands on a day follows from
the day. What is offered for it stands in `quotes.py`.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.sample.accounts import Accounts
from orchestration.sample.calendar import DAY_SECONDS
from orchestration.sample.draws import Flags, Ints, repeated
from orchestration.sample.orders import NEVER
from orchestration.sample.registers import Registers
from orchestration.sample.world import World

STAGES = ("prospecting", "qualification", "proposal", "negotiation", "won", "lost")
NEGOTIATION, WON, LOST = 3, 4, 5
LOST_REASONS = ("price", "competitor", "no_budget", "timing", "no_answer", None)
COUNTS = (0.35, 0.35, 0.2, 0.1)
DAILY_SHARE = 0.01
WON_SHARE = 0.4
LOST_AT = (0.3, 0.25, 0.3, 0.15)  # the stage at which talks that come to nothing end
QUOTE_COUNTS = (0.6, 0.28, 0.12)
LOWER_EACH_TIME = 0.93  # what a revised quote comes to, in parts of the one before


@dataclass(frozen=True, slots=True)
class Opportunities:
    """Opportunities by number; `contact` is a row of the CRM register."""

    contact: Ints
    account: Ints
    key: Ints
    day: Ints
    opened_at: Ints
    qualified_at: Ints
    proposed_at: Ints
    negotiated_at: Ints
    closed_at: Ints
    expected_day: Ints
    is_won: Flags
    is_forgotten: Flags
    estimate_cents: Ints
    first_offer_cents: Ints
    quote_count: Ints

    @property
    def moments(self) -> tuple[Ints, ...]:
        """When each opportunity was opened and came to its next stage, one after the other."""
        reached = (self.qualified_at, self.proposed_at, self.negotiated_at, self.closed_at)
        return (self.opened_at, *reached)

    def stage_at(self, moment: int) -> Ints:
        """Return an index into `STAGES` for every opportunity at a moment."""
        stage = np.zeros(len(self.key), dtype=np.int64)
        for reached in self.moments[1 : NEGOTIATION + 1]:
            stage += reached < moment
        return np.where(self.closed_at < moment, np.where(self.is_won, WON, LOST), stage)

    def quoted_cents(self, rows: Ints, revision: Ints) -> Ints:
        """Return what quotes of some opportunities come to; revision 0 is the first."""
        lowered = self.first_offer_cents[rows] * LOWER_EACH_TIME**revision
        return np.asarray((lowered // 100 * 100).astype(np.int64))


def make_opportunities(world: World, registers: Registers, accounts: Accounts) -> Opportunities:
    """Make every opportunity up to the last day."""
    draws, config, crm = world.draws, world.config, registers.crm
    contact, nth, day = _talks(world, registers, accounts)
    key = crm.key[contact] * 8192 + nth
    began = np.maximum(crm.created_at[contact], accounts.created_at[accounts.of_contact[contact]])
    closes = config.closes(1) + (day - 1) * DAY_SECONDS
    opens = np.where(day == 1, began, np.maximum(began, closes - DAY_SECONDS))
    opened = opens + (draws.uniform("opportunity.at", key) * (closes - opens)).astype(np.int64)
    gone = registers.states(crm, config.days, can_delete=True).deleted_at[contact]
    kept = (gone == 0) | (opened < gone)
    contact, key, day, opened = contact[kept], key[kept], day[kept], opened[kept]
    rank = np.lexsort((key, opened, day))
    return _with_courses(world, accounts, (contact[rank], key[rank], day[rank], opened[rank]))


def _talks(world: World, registers: Registers, accounts: Accounts) -> tuple[Ints, Ints, Ints]:
    """Return contact, n-th talk and day of everything that may be sold to an account."""
    draws, crm = world.draws, registers.crm
    working = np.flatnonzero(accounts.of_contact >= 0)
    number = draws.choice("opportunity.count", COUNTS, crm.key[working])
    number = np.where(crm.day[working] == 1, number, np.minimum(number, 1))
    contact, nth = repeated(working, number)
    batches = [(contact, nth, crm.day[contact])]
    for day in range(2, world.config.days + 1):
        known = working[crm.day[working] < day]
        days = np.full(len(known), day)
        again = known[draws.chance("opportunity.again", DAILY_SHARE, crm.key[known], days)]
        batches.append((again, np.full(len(again), 100 + day), np.full(len(again), day)))
    columns = [np.concatenate([batch[index] for batch in batches]) for index in range(3)]
    return columns[0], columns[1], columns[2]


def _with_courses(
    world: World, accounts: Accounts, columns: tuple[Ints, Ints, Ints, Ints]
) -> Opportunities:
    """Draw how far each opportunity gets, when, and what it may bring."""
    contact, key, day, opened = columns
    draws, account = world.draws, accounts.of_contact[contact]
    is_forgotten = world.dirt.strikes(draws, "forgotten_opportunity", "crm", key)
    is_won = draws.chance("opportunity.won", WON_SHARE, key) & ~is_forgotten
    reached = np.where(is_won, NEGOTIATION, draws.choice("opportunity.lost_at", LOST_AT, key))
    length = (14 + 160 * draws.uniform("opportunity.length", key)) * DAY_SECONDS
    ends = [low + 0.2 * draws.uniform(f"opportunity.{low}", key) for low in (0.1, 0.4, 0.7)]
    ends.append(np.ones(len(key)))
    steps = [opened + (length * share).astype(np.int64) for share in ends]
    met = [np.where(reached > stage, steps[stage], NEVER) for stage in range(NEGOTIATION)]
    planned = length * (0.6 + 0.7 * draws.uniform("opportunity.expected", key))
    hoped = (20 + 40 * draws.uniform("opportunity.hoped", key)) * DAY_SECONDS
    expected = opened + np.where(is_forgotten, hoped, planned).astype(np.int64)
    rates = np.array([one.units_per_usd for one in world.places.countries])
    usd = 250 * 80 ** draws.uniform("opportunity.size", key)
    estimate = (usd * rates[accounts.country[account]]).astype(np.int64) * 100
    offered = estimate * (0.9 + 0.3 * draws.uniform("opportunity.offer", key))
    count = 1 + draws.choice("opportunity.quotes", QUOTE_COUNTS, key)
    return Opportunities(
        contact=contact, account=account, key=key, day=day, opened_at=opened,
        qualified_at=met[0], proposed_at=met[1], negotiated_at=met[2],
        closed_at=np.where(is_forgotten, NEVER, np.choose(reached, steps)),
        expected_day=expected // DAY_SECONDS, is_won=is_won, is_forgotten=is_forgotten,
        estimate_cents=estimate, first_offer_cents=offered.astype(np.int64),
        quote_count=np.where(met[1] < NEVER, count, 0),
    )  # fmt: skip
