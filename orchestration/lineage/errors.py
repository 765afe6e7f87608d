"""What can go wrong when somebody asks where a figure comes from."""


class LineageError(RuntimeError):
    """The way of a column cannot be shown."""


class UnknownColumnError(LineageError):
    """There is no such column, or its name fits several."""
