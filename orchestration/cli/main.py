"""The program `c360`: its verbs, and how it ends when something goes wrong.

A verb is a module of this folder with a function, or a Typer application, of the same name. Modules
are imported when their verb is asked for, since some of them import large libraries.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from orchestration.cli.failures import describe_exception, exit_code_of
from orchestration.cli.terminal import complain, print_json

WANTS_JSON = "c360.wants_json"
VERBS = (
    "run",
    "ui",
    "status",
    "snapshots",
    "rollback",
    "export",
    "targets",
    "serve",
    "dashboard",
    "docs",
    "lineage",
    "sample",
    "contracts",
    "segments",
    "incidents",
    "quarantine",
    "identifiers",
    "decisions",
    "resolve",
    "explain",
    "judge",
    "evaluate",
    "estimate",
    "bench",
)


class Verbs(TyperGroup):
    """Find verbs by name, and turn every failure into one sentence and an exit code."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Return the verbs that are there, in the order of a first day with the program."""
        return [verb for verb in VERBS if find_spec(f"orchestration.cli.{verb}")]

    def get_command(  # type: ignore[override]
        self, ctx: typer.Context, cmd_name: str
    ) -> TyperCommand | TyperGroup | None:
        """Return one verb; none when there is no such verb."""
        if cmd_name not in self.list_commands(ctx):
            return None
        verb = getattr(import_module(f"orchestration.cli.{cmd_name}"), cmd_name)
        if isinstance(verb, typer.Typer):
            command = get_group(verb)
        else:
            application = typer.Typer(add_completion=False, rich_markup_mode="markdown")
            application.command(cmd_name)(verb)
            command = cast("TyperGroup", get_command(application))
        command.name = cmd_name
        return command

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Let `--debug` stand anywhere, also behind the verb."""
        ctx.meta[WANTS_JSON] = "--json" in args
        rest = [argument for argument in args if argument != "--debug"]
        return super().parse_args(ctx, ["--debug", *rest] if len(rest) < len(args) else args)

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run the verb; nobody meets a traceback who did not ask for it."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            # Typer has its own ways to end: usage, exit, abort, a reader that closed the pipe.
            is_for_typer = isinstance(error, typer.Abort | BrokenPipeError)
            if is_for_typer or hasattr(error, "exit_code") or ctx.params.get("debug"):
                raise
            message = describe_exception(error)
            if ctx.meta.get(WANTS_JSON):
                print_json({"error": message})
            complain(f"c360: {message}")
            raise typer.Exit(exit_code_of(error)) from error


app = typer.Typer(
    cls=Verbs,
    name="c360",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(
    epilog="Exit codes: 0 done; 1 error; 2 wrong usage or input; 3 a gate stopped the run."
)
def main(
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of an error."),
) -> None:
    """Customer 360: land every source, decide who is who, gate each day, publish one customer 360.

    All state lies below C360_HOME (default: .c360/ in the project).
    """


if __name__ == "__main__":
    app()
