"""Quotes of opportunities: drafted, sent, revised, and answered with yes, no or silence."""

from dataclasses import dataclass

import numpy as np

from orchestration.sample.calendar import DAY_SECONDS
from orchestration.sample.draws import Draws, Flags, Ints, repeated
from orchestration.sample.opportunities import Opportunities
from orchestration.sample.orders import NEVER

STATUSES = ("draft", "sent", "accepted", "declined", "revised")
SENT, ACCEPTED, DECLINED, REVISED = 1, 2, 3, 4
VALID_DAYS = 30
SILENT_SHARE = 0.25
PATIENCE = 40 * DAY_SECONDS  # for how long quotes are revised that nobody answers


@dataclass(frozen=True, slots=True)
class Quotes:
    """Quotes in the order of their numbers; `revision` counts from 0 within an opportunity."""

    opportunity: Ints
    revision: Ints
    drafted_at: Ints
    sent_at: Ints
    revised_at: Ints
    answered_at: Ints
    is_accepted: Flags

    @property
    def moments(self) -> tuple[Ints, ...]:
        """When something happened to each quote."""
        return (self.drafted_at, self.sent_at, self.revised_at, self.answered_at)

    def status_at(self, moment: int) -> Ints:
        """Return an index into `STATUSES` for every quote at a moment."""
        status = (self.sent_at < moment).astype(np.int64)
        status = np.where(self.revised_at < moment, REVISED, status)
        answer = np.where(self.is_accepted, ACCEPTED, DECLINED)
        return np.where(self.answered_at < moment, answer, status)


def make_quotes(draws: Draws, opportunities: Opportunities) -> Quotes:
    """Make every quote of the opportunities, also those that are still to be drafted."""
    opportunity, revision = repeated(np.arange(len(opportunities.key)), opportunities.quote_count)
    count, key = opportunities.quote_count[opportunity], opportunities.key[opportunity]
    first, closed = opportunities.proposed_at[opportunity], opportunities.closed_at[opportunity]
    span = (np.where(closed < NEVER, closed, first + PATIENCE) - first) // count
    sent = first + span * revision
    room = np.where(revision == 0, first - opportunities.qualified_at[opportunity], span)
    wait = 0.05 + 0.9 * draws.uniform("quote.draft", key, revision)
    lead = (np.minimum(room, 3 * DAY_SECONDS) * wait).astype(np.int64)
    is_last, is_won = revision == count - 1, opportunities.is_won[opportunity]
    is_silent = draws.chance("quote.silent", SILENT_SHARE, key) & ~is_won
    return Quotes(
        opportunity=opportunity, revision=revision, drafted_at=sent - lead,
        sent_at=sent, revised_at=np.where(is_last, NEVER, sent + span),
        answered_at=np.where(is_last & ~is_silent, closed, NEVER), is_accepted=is_won,
    )  # fmt: skip
