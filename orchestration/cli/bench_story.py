"""`c360 bench story`: the day that went wrong, by the commands that docs/data_boss.md quotes."""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from orchestration.bench.till_story import tell_story


def story(
    customers: Annotated[int, typer.Option(help="Customers of the sample company.")] = 2_000,
    sign_ups: Annotated[int, typer.Option(help="Rows with the shop's own number.")] = 4_000,
    home: Annotated[
        Path | None, typer.Option(help="A new folder that is kept, to look around in it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell a day that went wrong: a shop's own number on thousands of new members.

    Makes a company in a home of its own, publishes it, delivers the bad file, and shows every
    command with its output: the stopped run, the incident, the steward's decision, the resumed run.
    """
    console = Console(soft_wrap=True, highlight=False, stderr=as_json)
    with ExitStack() as stack:
        folder = home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="c360-")))
        figures = tell_story(
            folder,
            customers=customers,
            sign_ups=sign_ups,
            environment=os.environ,
            told=lambda text: console.print(text, markup=False),
        )
    if as_json:
        Console(soft_wrap=True).print_json(data=figures)
        return
    for name, value in figures.items():
        console.print(f"{name.replace('_', ' '):<40}{value}")
