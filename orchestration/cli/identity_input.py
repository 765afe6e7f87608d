"""End a verb of the identity engine with exit code 2 when what it was given is at fault."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from orchestration.cli.terminal import complain, print_json
from orchestration.identity.errors import (
    EvaluationError,
    ModelError,
    RecordsError,
    SpecError,
    UnknownRecordError,
)

WRONG_INPUT = 2


@contextmanager
def exit_on_wrong_input(as_json: bool) -> Iterator[None]:
    """Turn a bad spec, bad records or files that do not fit into one sentence and exit code 2."""
    try:
        yield
    except (SpecError, RecordsError, EvaluationError, ModelError, UnknownRecordError) as error:
        if as_json:
            print_json({"error": str(error)})
        complain(f"c360: {error}")
        raise typer.Exit(WRONG_INPUT) from error
