"""The verb `identifiers`: block a value that belongs to no one person, such as a shop's number."""

from typing import Annotated

import typer

from orchestration.cli.stewarding import AsJson, Author, Reason, steward_named, store_of_home
from orchestration.cli.terminal import print_json, say
from orchestration.steward.identifiers import BLOCK, UNBLOCK, identifier_of

identifiers = typer.Typer(
    help="Block e-mail addresses and telephone numbers that belong to no one person.",
    no_args_is_help=True,
)

Value = Annotated[
    str, typer.Argument(help="The value as typed, or its id as the gates tell it (phone-4be1...).")
]
Country = Annotated[str | None, typer.Option(help="Country of a number without +, as in KE.")]


@identifiers.command()
def block(
    value: Value, reason: Reason, author: Author, country: Country = None, as_json: AsJson = False
) -> None:
    """Take a value off every record from the next run on; the raw value stays beside it.

    Writes the decision store, also while a run is at work. Only a hash of the value is kept.
    """
    _decide(BLOCK, identifier_of(value, country), (author, reason), as_json=as_json)


@identifiers.command()
def unblock(
    value: Value, reason: Reason, author: Author, country: Country = None, as_json: AsJson = False
) -> None:
    """Let a value count again from the next run on. Writes the decision store."""
    _decide(UNBLOCK, identifier_of(value, country), (author, reason), as_json=as_json)


@identifiers.command("list")
def list_blocked(as_json: AsJson = False) -> None:
    """List the values that are blocked, by their hashes. Reads the decision store."""
    made = store_of_home().decisions(area="identifier")
    latest = {decision.subject: decision for decision in made}
    blocked = [latest[name] for name in sorted(latest) if latest[name].kind == BLOCK]
    if as_json:
        print_json(
            {
                "blocked": [
                    {
                        "identifier_id": each.subject,
                        "author": each.author,
                        "reason": each.reason,
                        "decided_at": each.decided_at,
                    }
                    for each in blocked
                ]
            }
        )
        return
    for each in blocked:
        say(f"{each.subject}  {each.decided_at:%Y-%m-%d %H:%M}  {each.author}: {each.reason}")
    if not blocked:
        say("Nothing is blocked.")


def _decide(kind: str, name: str, by: tuple[str, str], *, as_json: bool) -> None:
    author, reason = by
    kept = steward_named(author).decide(kind, name, reason)
    if as_json:
        print_json({"decision_id": kept.decision_id, "kind": kind, "identifier_id": name})
    else:
        word = "blocked" if kind == BLOCK else "no longer blocked"
        say(f"{name} is {word}: `c360 run --resume` or the next run takes it into account.")
