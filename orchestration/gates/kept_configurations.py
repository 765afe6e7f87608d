"""Let GX's expectations keep their configuration while a suite is judged.

GX makes the configuration of an expectation anew whenever anything asks for it, some seventy times
per expectation and run: a third of what it takes of a gate. An expectation does not change while it
is judged, and nothing in GX changes what it is handed, so the first answer is kept and handed out.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration


@contextmanager
def kept_configurations() -> Iterator[None]:
    """Keep the configurations of expectations until the block ends."""
    made_anew: property = vars(Expectation)["configuration"]
    # The expectation stands beside its configuration, so that no other takes its place in memory.
    kept: dict[int, tuple[Expectation, ExpectationConfiguration]] = {}

    def configuration(self: Expectation) -> ExpectationConfiguration:
        found = kept.get(id(self))
        if found is None:
            found = (self, made_anew.__get__(self))
            kept[id(self)] = found
        return found[1]

    setattr(Expectation, "configuration", property(configuration))  # noqa: B010 - not its type
    try:
        yield
    finally:
        setattr(Expectation, "configuration", made_anew)  # noqa: B010
