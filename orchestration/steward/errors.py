"""What can go wrong with the steward's decisions.

Messages name kinds, subjects, authors and files; never the payload of a decision, which may hold a
person's data.
"""


class StewardError(Exception):
    """A decision could not be made, kept or read; the base of every error of this package."""


class InvalidDecisionError(StewardError):
    """A decision lacks what every decision has: kind, subject, author, reason."""


class DecisionConflictError(StewardError):
    """Somebody else has decided on the same subject since the author looked."""


class DecisionStoreError(StewardError):
    """The decision store can't be opened, read or written."""


class DecisionStoreLockedError(DecisionStoreError):
    """Another process has been writing the store for longer than we wait."""


class DecisionStoreReplacedError(DecisionStoreError):
    """An older copy, or an empty store, stands in the place of the one that was landed."""


class DecisionStoreDamagedError(DecisionStoreError):
    """The file is not a decision store, or is damaged; it is left as it is."""
