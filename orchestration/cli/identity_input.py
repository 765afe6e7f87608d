"""End a verb of the identity engine with one sentence when what it was given is at fault."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import typer

from orchestration.cli.terminal import complain, print_json
from orchestration.identity.errors import (
    EvaluationError,
    ModelError,
    OutputError,
    RecordsError,
    SpecError,
    UnknownRecordError,
)

WRONG_INPUT = 2
FAILED = 1
OUT_OF_MEMORY = "there is not enough memory to go on: give it more, or fewer records at once"
WRONG = (SpecError, RecordsError, EvaluationError, ModelError, OutputError, UnknownRecordError)


@contextmanager
def exit_on_wrong_input(as_json: bool) -> Iterator[None]:
    """Turn a bad spec, bad records or files that do not fit into one sentence and exit code 2.

    Too little memory ends with one sentence too, and code 1.
    """
    try:
        yield
    except WRONG as error:
        raise _exit(str(error), WRONG_INPUT, as_json) from error
    except (MemoryError, duckdb.OutOfMemoryException) as error:
        raise _exit(OUT_OF_MEMORY, FAILED, as_json) from error


def _exit(sentence: str, code: int, as_json: bool) -> typer.Exit:
    if as_json:
        print_json({"error": sentence})
    complain(f"c360: {sentence}")
    return typer.Exit(code)
