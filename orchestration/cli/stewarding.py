"""What the verbs of a steward share: their options, and the store they decide in."""

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from orchestration.settings import Settings
from orchestration.steward.deciding import Steward
from orchestration.steward.decision_store import DecisionStore

Reason = Annotated[str, typer.Option(help="Why; kept with the decision.")]
Author = Annotated[str, typer.Option("--as", help="Who decides.", envvar="C360_STEWARD")]
Until = Annotated[
    datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day on which it holds.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def store_of_home() -> DecisionStore:
    """Return the decision store of this home."""
    return DecisionStore.of(Settings())


def steward_named(author: str) -> Steward:
    """Return somebody who decides now."""
    return Steward(store_of_home(), author, datetime.now(UTC))


def end_date(until: datetime) -> str:
    """Return an end date as decisions keep it.

    Raises:
        BadParameter: it is over already.
    """
    if until.date() < datetime.now(UTC).date():
        raise typer.BadParameter("the end date is in the past", param_hint="--until")
    return date.isoformat(until.date())
