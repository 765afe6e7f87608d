"""The verb `contracts`: check the contracts of the sources, and what dbt is told about them."""

from enum import StrEnum
from typing import Annotated

import typer

from orchestration.cli.errors import CommandLineError
from orchestration.cli.terminal import print_json, say
from orchestration.landing.contract import load_contracts
from orchestration.landing.dbt_sources import dbt_sources_path, is_current, write_dbt_sources
from orchestration.settings import Settings


class Action(StrEnum):
    """What can be done with contracts."""

    CHECK = "check"


def contracts(
    action: Annotated[Action, typer.Argument(help="What to do.")] = Action.CHECK,
    write_dbt_sources_file: Annotated[
        bool,
        typer.Option("--write-dbt-sources", help="Write what dbt has to know about the tables."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check every contract, and that dbt's description of the landing tables agrees with them.

    Reads the folder of the contracts and the dbt project. Only `--write-dbt-sources` writes, one
    file: `models/staging/_landing__sources.yml`.
    """
    settings = Settings()
    found = load_contracts(settings.sources_dir)
    models_dir = settings.dbt_project_dir / "models"
    if write_dbt_sources_file:
        write_dbt_sources(found, models_dir)
    path = dbt_sources_path(models_dir)
    if not is_current(found, models_dir):
        raise CommandLineError(
            f"{path.name} does not agree with the contracts: "
            "write it with `c360 contracts --write-dbt-sources`"
        )
    if as_json:
        tables = [
            {"table": each.landing_name, "delivery": each.delivery, "columns": len(each.columns)}
            for each in found
        ]
        print_json({"action": action.value, "contracts": tables, "dbt_sources": path})
    else:
        sources = len({each.source for each in found})
        say(f"{len(found)} contracts of {sources} sources are in order; {path.name} agrees.")
