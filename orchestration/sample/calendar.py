"""What was asked for, and the days it covers. There is no clock here: the first day is given.

The delivery of a day is exported at midnight UTC on its date and holds what happened before: day 1
holds two years, day N+1 the 24 hours since day N.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from orchestration.sample.draws import Ints, Keys
from orchestration.sample.errors import SampleConfigError

DAY_SECONDS = 86_400
HISTORY_DAYS = 730
STATE_FILE = "sample.json"


@dataclass(frozen=True, slots=True)
class SampleConfig:
    """The whole state of a sample: everything else can be made again from it."""

    seed: int
    customers: int
    days: int
    first_day: str

    @classmethod
    def ending(cls, end_date: date, *, customers: int, days: int, seed: int) -> "SampleConfig":
        """Return the configuration of a sample whose last delivery is dated `end_date`."""
        if customers < 50 or days < 1:
            raise SampleConfigError(f"need 50 customers and 1 day or more: {customers}, {days}")
        first_day = end_date - timedelta(days=days - 1)
        return cls(seed, customers, days, first_day.isoformat())

    @classmethod
    def read(cls, folder: Path) -> "SampleConfig":
        """Read the configuration of the sample in a folder."""
        path = folder / STATE_FILE
        if not path.exists():
            raise SampleConfigError(f"no sample company here: {path} is missing")
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def write(self, folder: Path) -> None:
        """Write the configuration beside the inbox."""
        text = json.dumps(asdict(self), indent=2) + "\n"
        (folder / STATE_FILE).write_text(text, encoding="utf-8")

    def with_next_day(self) -> "SampleConfig":
        """Return the configuration with one more day."""
        return SampleConfig(self.seed, self.customers, self.days + 1, self.first_day)

    def date_of(self, day: int) -> date:
        """Return the date of a delivery."""
        return date.fromisoformat(self.first_day) + timedelta(days=day - 1)

    def closes(self, day: int) -> int:
        """Return the moment (seconds since 1970) before which all in the delivery happened."""
        midnight = datetime.combine(self.date_of(day), datetime.min.time(), UTC)
        return int(midnight.timestamp())

    def opens(self, day: int) -> int:
        """Return the moment from which the delivery of a day holds what happened."""
        length = HISTORY_DAYS if day == 1 else 1
        return self.closes(day) - length * DAY_SECONDS

    def day_of(self, moments: Keys) -> Ints:
        """Return the number of the delivery that a moment belongs to."""
        later = (np.asarray(moments, dtype=np.int64) - self.closes(1)) // DAY_SECONDS + 2
        return np.maximum(later, 1)
