"""What happens to files on their way: some come a day late, some come twice, some are cut short.

From the second day on, so that the history is whole. Which table it hits follows from the day.
"""

from dataclasses import dataclass

from orchestration.sample.business import Business
from orchestration.sample.dirt import Dirt
from orchestration.sample.inbox import Inbox

LATE = ("web/events", "support/calls")
REPEATED = ("marketing/email_events", "pos/receipts", "loyalty/cards", "billing/payments")
TRUNCATED = ("support/chats", "consent/consents")
FIRST_CUT, CUT_EVERY = 3, 5


def late_table(day: int) -> str | None:
    """Return the table of a day that arrives with the next day."""
    return LATE[day % len(LATE)] if day > 1 else None


@dataclass(frozen=True, slots=True)
class Transport:
    """Brings the files of a day into the inbox, and spoils some."""

    business: Business
    inbox: Inbox

    @property
    def _dirt(self) -> Dirt:
        return self.business.world.dirt

    def repeat(self, day: int) -> None:
        """Deliver one file a second time: yesterday's, or on the second day one of its own."""
        if day == 1:
            return
        name = REPEATED[day % len(REPEATED)]
        sent_on = self.business.world.config.date_of(max(day - 1, 2))
        path = self.inbox.path_of(name, sent_on)
        if path.exists():
            self.inbox.repeat(path, "_resent")
            self._dirt.note("repeated_file", name.split("/")[0], 1)

    def truncate(self, day: int) -> None:
        """Cut the last line of one file on some days: the first of two lines or more."""
        if day < FIRST_CUT or (day - FIRST_CUT) % CUT_EVERY:
            return
        for name in TRUNCATED:
            path = self.inbox.path_of(name, self.business.world.config.date_of(day))
            if path.exists() and path.read_bytes().count(b"\n") > 1:
                self.inbox.truncate(path)
                self._dirt.note("truncated_file", name.split("/")[0], 1)
                return
