"""What can go wrong when traits are computed."""


class TraitsError(ValueError):
    """A trait could not be computed from what was given."""


class ModelNotFittedError(TraitsError):
    """A model of how customers buy could not be fitted, since too few of them came back."""
