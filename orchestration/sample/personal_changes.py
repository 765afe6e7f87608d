"""Which of a person's successive numbers or dwellings was in use at a moment."""

from dataclasses import dataclass

from orchestration.sample.draws import Ints
from orchestration.sample.people import Changes


@dataclass(frozen=True, slots=True)
class PersonalChanges:
    """Changes of everybody, by person."""

    changes: Changes

    def slot_of(self, person: Ints, moments: Ints) -> Ints:
        """Return the slot each person used at a moment: 0 in the past, 1 today, 2 later."""
        return Changes(self.changes.before[person], self.changes.after[person]).slot(moments)
