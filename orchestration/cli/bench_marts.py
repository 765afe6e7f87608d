"""The verbs `bench marts` and `bench identity-errors`: the marts held against the truth."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from orchestration.bench.identity_errors import bench_identity_errors
from orchestration.bench.marts import bench_marts
from orchestration.cli.bench_home import in_a_new_home
from orchestration.cli.terminal import print_json


def marts(
    rows: Annotated[int, typer.Option(help="Customers of the sample company.")] = 20_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure a full build of the marts and one of a day later; hold metrics against the truth.

    The links are the truth's own, so that what differs is the fault of the marts. Works in a
    temporary home that is deleted afterwards; reads nothing of yours.
    """
    figures = in_a_new_home(bench_marts, rows)
    if as_json:
        print_json(figures)
        return
    table = Table("figure", "value", title=f"Marts of {rows:,} customers")
    for name, value in figures.items():
        if not isinstance(value, dict):
            table.add_row(name.replace("_", " "), f"{value:,}")
    for model, seconds in figures["slowest_models"].items():
        table.add_row(model, f"{seconds:.2f} s")
    Console().print(table)


def identity_errors(
    rows: Annotated[int, typer.Option(help="Customers of the sample company.")] = 20_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Hold every customer's metrics against the truth, by our own links and by the truth's.

    Works in a temporary home that is deleted afterwards; reads nothing of yours.
    """
    found = in_a_new_home(bench_identity_errors, rows)
    if as_json:
        print_json(found)
        return
    ours, perfect = found["ours"], found["perfect"]
    table = Table("figure", "our links", "the truth's", title=f"{ours['people']:,} people")
    for name, share in ours["wrong_share"].items():
        label = f"{name.replace('_', ' ')} wrong for"
        table.add_row(label, f"{share:.2%}", f"{perfect['wrong_share'][name]:.2%}")
    for name in ours["totals"]:
        told = [side["totals"][name] for side in (ours, perfect)]
        table.add_row(name.replace("_", " "), *("" if one is None else f"{one:,}" for one in told))
    Console().print(table)
