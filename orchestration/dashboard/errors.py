"""What can keep the dashboard from showing something; each says what to do."""


class DashboardError(RuntimeError):
    """The dashboard cannot show what was asked."""


class SnapshotUnavailableError(DashboardError):
    """There is no snapshot that can be read; `title` is what a person reads first."""

    def __init__(self, title: str, advice: str) -> None:
        """Say what is wrong, and what to do."""
        super().__init__(f"{title} {advice}")
        self.title = title
        self.advice = advice


class MissingFromSnapshotError(DashboardError):
    """The snapshot was made before the mart or the column was there."""
