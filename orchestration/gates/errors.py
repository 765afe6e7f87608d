"""What can go wrong with a gate.

Messages name files, tables, columns and expectations; never a value of a row.
"""


class GateError(Exception):
    """A gate could not do its work; the base of every error of this package."""


class GateConfigurationError(GateError):
    """One or more suite files are not well formed; every problem is told with its place."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Keep the problems apart, so that a caller can show them one by one."""
        self.problems = problems
        super().__init__("\n".join(problems))


class UnsupportedPatternError(GateError):
    """A regular expression can't be written in DuckDB's dialect with the same meaning."""


class MissingRelationError(GateError):
    """The table that a suite speaks about is not in the warehouse."""


class IncidentOverError(GateError):
    """Somebody decides on an incident that is over."""
