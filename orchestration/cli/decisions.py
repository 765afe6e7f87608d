"""The verb `decisions`: put the stewards' decisions back after their store was lost."""

import typer

from orchestration.cli.errors import CommandLineError
from orchestration.cli.stewarding import AsJson, store_of_home
from orchestration.cli.terminal import print_json, say
from orchestration.run_lock import RunLock
from orchestration.settings import Settings
from orchestration.steward.landed_decisions import landed_decisions
from orchestration.warehouse import Warehouse

decisions = typer.Typer(
    help="The store of all that stewards decided: put it back when it was lost.",
    no_args_is_help=True,
)


@decisions.command()
def restore(as_json: AsJson = False) -> None:
    """Put decisions back that a run has landed and the decision store has lost.

    For a store that is gone, or an older copy of it. Reads the warehouse, which no run may hold
    meanwhile, and writes the decision store. What was decided after the last run began was landed
    nowhere, and has to be decided anew.
    """
    settings = Settings()
    if not settings.warehouse_path.exists():
        raise CommandLineError("nothing has been landed here yet: there is nothing to put back")
    with (
        RunLock(settings.home_dir).acquire("decisions-restore"),
        Warehouse.of(settings).connect(read_only=True) as connection,
    ):
        landed = landed_decisions(connection)
        store = store_of_home()
        count = store.put_back(landed)
    if as_json:
        print_json({"landed": len(landed), "put_back": count})
        return
    say(f"{count} of {len(landed)} landed decisions were missing in {store.name}, and are back.")
    if count:
        say("What was decided after the last run began was not landed: decide it anew.")
