"""The exceptions of the sample company."""


class SampleError(Exception):
    """Base of every error that making the sample company can raise."""


class SampleConfigError(SampleError):
    """The request, or the sample that lies in the folder, cannot be used."""
