"""What can go wrong at the door. Messages name source, file, line and column; never a value."""


class LandingError(Exception):
    """A delivery could not be landed; the base of every error of this package."""


class ContractError(LandingError):
    """One or more contracts are not well formed; every problem is listed."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Keep the problems apart, so that a caller can show them one by one."""
        self.problems = problems
        super().__init__("\n".join(problems))


class FileRefusedError(LandingError):
    """A whole file can't be taken in; nothing of it enters the warehouse."""

    def __init__(self, reason: str, rows: int | None = None) -> None:
        """Keep the number of rows, where it could be told."""
        self.reason = reason
        self.rows = rows
        super().__init__(reason)


class FileChangedError(LandingError):
    """A file changed while it was being read: it waits for the next run."""


class UnbalancedLoadError(LandingError):
    """Received is not landed + quarantined + refused: the load is rolled back (decision D3)."""


class SourceUnavailableError(LandingError):
    """A database or an HTTP API didn't answer; a later attempt may succeed."""
