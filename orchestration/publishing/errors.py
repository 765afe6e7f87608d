"""What can go wrong while publishing; in every case readers keep the snapshot they have."""


class PublishingError(RuntimeError):
    """Nothing was published, and the published snapshot is unchanged."""


class GateNotPassedError(PublishingError):
    """The marts stand behind a gate that was not passed."""


class SnapshotNotFoundError(PublishingError):
    """There is no such snapshot."""


class SnapshotDamagedError(PublishingError):
    """The snapshot that readers open cannot be read; the message says the way out."""


class TargetError(PublishingError):
    """A target beside the snapshot could not be loaded; the snapshot is published all the same."""
