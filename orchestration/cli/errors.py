"""What can go wrong on the command line itself."""


class CommandLineError(RuntimeError):
    """A verb can't do what it was asked."""


class NothingToResumeError(CommandLineError):
    """There is no failed run to continue."""


class HistoryDamagedError(CommandLineError):
    """Dagster's own databases can't be read."""


class WarehouseHeldError(CommandLineError):
    """A run is at work, and nobody else may look into the warehouse."""
