"""What can go wrong with the description of a use case."""


class UseCaseError(ValueError):
    """A use case is written in a way that cannot be used; the message says where and why."""
