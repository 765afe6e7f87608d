"""What can go wrong while identities are resolved; messages name keys, never a person's values."""


class IdentityError(RuntimeError):
    """Base of every error of this package."""


class RecordsError(IdentityError):
    """Person records break the engine's shape (a column missing, an id empty or twice)."""


class SpecError(IdentityError):
    """A resolve spec cannot be used; the message names the file and the key in it."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        """Build the message from the spec's file, the key in it and what is wrong."""
        super().__init__(f"{file}: {key}: {problem}")
        self.file = file
        self.key = key


class OutputError(IdentityError):
    """What was found cannot be written to the folder that was asked for."""


class EvaluationError(IdentityError):
    """Clusters and truth cannot be compared with each other."""


class ModelError(IdentityError):
    """A model could not be fitted, or does not belong to the records at hand."""


class UnknownRecordError(IdentityError):
    """A record or customer that somebody asks about is not in the warehouse."""
