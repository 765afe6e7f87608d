"""What can go wrong with segments."""


class SegmentError(ValueError):
    """A segment is written in a way that cannot be used; the message says where and why."""
