"""`c360 bench`: measurements as one JSON object or table, to compare version with version."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from orchestration.bench.daily_run import PASSES, bench_daily_run
from orchestration.cli.bench_bi import bi
from orchestration.cli.bench_gates import gates
from orchestration.cli.bench_home import in_a_new_home
from orchestration.cli.bench_identity import identity
from orchestration.cli.bench_marts import identity_errors, marts
from orchestration.cli.bench_names import names
from orchestration.cli.bench_over_time import over_time
from orchestration.cli.bench_sentiment import sentiment
from orchestration.cli.bench_story import story
from orchestration.cli.bench_truth_set import truth_set

bench = typer.Typer(help="Measure, side by side, and print the figures.", no_args_is_help=True)
bench.command("identity")(identity)
bench.command("identity-errors")(identity_errors)
bench.command("names")(names)
bench.command("truth-set")(truth_set)
bench.command("gates")(gates)
bench.command("bi")(bi)
bench.command("marts")(marts)
bench.command("over-time")(over_time)
bench.command("story")(story)
bench.command("sentiment")(sentiment)


@bench.command("run")
def bench_run(
    rows: Annotated[int, typer.Option(help="Customers of the sample company.")] = 20_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure the daily run: first, with nothing new, and with one more day (about 1 %).

    Works in a temporary home that is deleted afterwards; reads nothing of yours.
    """
    figures = in_a_new_home(bench_daily_run, rows)
    if as_json:
        Console(soft_wrap=True).print_json(data=figures)
        return
    stages = sorted({stage for name in PASSES for stage in figures[name]["stages"]})
    table = Table("run", "seconds", "peak MB", *stages, title=f"{rows:,} customers")
    for name in PASSES:
        measured = figures[name]
        shares = [f"{measured['stages'].get(stage, 0):.1f}" for stage in stages]
        table.add_row(
            name.replace("_", " "),
            f"{measured['seconds']:.1f}",
            f"{measured['peak_rss_mb']:,}",
            *shares,
        )
    Console().print(table)
