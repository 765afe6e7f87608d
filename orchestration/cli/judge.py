"""The verb `judge`: a steward's word on who is one person and who is not, and how it is undone."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import duckdb
import typer

from orchestration.cli.identity_input import exit_on_wrong_input
from orchestration.cli.terminal import print_json, say
from orchestration.identity.errors import UnknownRecordError
from orchestration.identity.explaining.asked_records import records_of
from orchestration.identity.judging.anchoring import anchor, references_of
from orchestration.identity.judging.constraints import rule
from orchestration.identity.judging.judgements import (
    AREA,
    WITHDRAWN,
    Judgement,
    Word,
    draft_judgement,
    draft_withdrawal,
    judgements_in_force,
)
from orchestration.identity.judging.merge_undo import last_merge
from orchestration.settings import Settings
from orchestration.steward.decision_store import DecisionStore
from orchestration.steward.decisions import Decision, Draft
from orchestration.warehouse import Warehouse

_SHOWN_OF_ID = 12
judge = typer.Typer(
    help="Judge who is one person and who is not; undo a merge. The next run applies it.",
    no_args_is_help=True,
)
One = Annotated[str, typer.Argument(help="A record, such as crm:1042, or a customer id.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the judgement.")]
Author = Annotated[str | None, typer.Option("--author", help="Who judges. [default: you]")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@judge.command("same")
def judge_same(
    one: One, other: One, reason: Reason, author: Author = None, as_json: AsJson = False
) -> None:
    """Judge that two records, or all records of two customers, are one person.

    Reads the warehouse, writes the decision store. Applied, and published, by the next run.
    """
    _judge(Word.SAME, one, other, reason, author, as_json=as_json)


@judge.command("different")
def judge_different(
    one: One, other: One, reason: Reason, author: Author = None, as_json: AsJson = False
) -> None:
    """Judge that two records, or all records of two customers, are not one person.

    Reads the warehouse, writes the decision store. Applied, and published, by the next run.
    """
    _judge(Word.DIFFERENT, one, other, reason, author, as_json=as_json)


@judge.command("undo")
def judge_undo(
    customer: Annotated[str, typer.Argument(help="The customer id that a merge ended.")],
    reason: Reason,
    author: Author = None,
    as_json: AsJson = False,
) -> None:
    """Undo a merge: both customers get back what each had, as if it had never happened.

    Records that came later follow their evidence. Reads the warehouse, writes the decision store.
    """
    with exit_on_wrong_input(as_json):
        settings = Settings()
        with Warehouse.of(settings).connect(read_only=True) as connection:
            merge = last_merge(connection, customer)
            left, right = (references_of(connection, side) for side in (merge.left, merge.right))
            draft = draft_judgement(
                Word.DIFFERENT, left, right, author=author or _user(), reason=reason
            )
            kept = _keep(settings, connection, draft)
    _tell(kept, as_json=as_json)


@judge.command("withdraw")
def judge_withdraw(
    decision_id: Annotated[
        str, typer.Argument(help="The judgement, by its id or the part of it that list shows.")
    ],
    reason: Reason,
    author: Author = None,
    as_json: AsJson = False,
) -> None:
    """Take a judgement in force back; the next run decides without it."""
    store = DecisionStore.of(Settings())
    with exit_on_wrong_input(as_json):
        found = _in_force(store.decisions(area=AREA), decision_id)
    draft = draft_withdrawal(found, author=author or _user(), reason=reason)
    _tell(_Kept(store.append(draft, decided_at=datetime.now(UTC))), as_json=as_json)


@judge.command("list")
def judge_list(as_json: AsJson = False) -> None:
    """List the judgements in force, what became of each, and which contradict one another."""
    settings = Settings()
    judgements = judgements_in_force(DecisionStore.of(settings).decisions(area=AREA))
    with (
        exit_on_wrong_input(as_json),
        Warehouse.of(settings).connect(read_only=True) as connection,
    ):
        anchored = anchor(connection, judgements)
    ruling = rule(anchored)
    rows = [
        {
            "decision_id": one.judgement.decision_id,
            "judgement": one.judgement.word.value,
            "left": list(one.left),
            "right": list(one.right),
            "missing": {record: str(why) for record, why in one.missing.items()},
            "status": ruling.status[one.judgement.decision_id].value,
            "author": one.judgement.author,
            "reason": one.judgement.reason,
            "decided_at": one.judgement.decided_at.isoformat(sep=" ", timespec="minutes"),
        }
        for one in anchored
    ]
    if as_json:
        print_json({"judgements": rows, "contradictions": [list(k) for k in ruling.contradictions]})
        return
    say(*(_line(row) for row in rows) if rows else ("Nothing has been judged yet.",))
    say(*(_knot_line(knot) for knot in ruling.contradictions))


def _judge(  # noqa: PLR0913  what a judgement consists of
    word: Word, one: str, other: str, reason: str, author: str | None, *, as_json: bool
) -> None:
    settings = Settings()
    with (
        exit_on_wrong_input(as_json),
        Warehouse.of(settings).connect(read_only=True) as connection,
    ):
        sides = [references_of(connection, records_of(connection, name)) for name in (one, other)]
        if {r.record_id for r in sides[0]} & {r.record_id for r in sides[1]}:
            raise UnknownRecordError(f"{one} and {other} have a record in common: name records")
        draft = draft_judgement(word, *sides, author=author or _user(), reason=reason)
        kept = _keep(settings, connection, draft)
    _tell(kept, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A decision as kept, the judgements it put an end to, and the contradictions it is in."""

    decision: Decision
    replaced: tuple[Judgement, ...] = ()
    knots: tuple[tuple[str, ...], ...] = ()


def _keep(settings: Settings, connection: duckdb.DuckDBPyConnection, draft: Draft) -> _Kept:
    store = DecisionStore.of(settings)
    kept = store.append(draft, decided_at=datetime.now(UTC))
    decisions = store.decisions(area=AREA)
    in_force = judgements_in_force(decisions)
    known = {one.decision_id for one in in_force}
    without = judgements_in_force(one for one in decisions if one.decision_id != kept.decision_id)
    ruling = rule(anchor(connection, in_force))
    return _Kept(
        kept,
        tuple(one for one in without if one.decision_id not in known),
        tuple(knot for knot in ruling.contradictions if kept.decision_id in knot),
    )


def _in_force(decisions: Sequence[Decision], beginning: str) -> Decision:
    """Return the judgement in force whose id begins so."""
    ids = {one.decision_id for one in judgements_in_force(decisions)}
    found = {beginning} & ids or {one for one in ids if beginning and one.startswith(beginning)}
    if not found:
        raise UnknownRecordError(f"no judgement {beginning} is in force: `c360 judge list`")
    if len(found) > 1:
        raise UnknownRecordError(
            f"{len(found)} judgements begin with {beginning}: write more of the id"
        )
    return next(one for one in decisions if one.decision_id in found)


def _tell(kept: _Kept, *, as_json: bool) -> None:
    decision = kept.decision
    if as_json:
        print_json(
            {
                "decision_id": decision.decision_id,
                "kind": decision.kind,
                "subject": decision.subject,
                "replaces": [one.decision_id for one in kept.replaced],
                "contradictions": [list(knot) for knot in kept.knots],
            }
        )
        return
    say(f"Kept as {decision.decision_id} ({decision.kind}, {decision.subject}).")
    say(*map(_replaced_line, kept.replaced))
    if kept.knots:
        say(*map(_knot_line, kept.knots))
    elif decision.kind == WITHDRAWN:
        say("The next `c360 run` decides without it.")
    else:
        say("The next `c360 run` applies it; `c360 judge withdraw` takes it back.")


def _line(row: dict[str, Any]) -> str:
    sides = " / ".join(", ".join(row[side]) or "nobody" for side in ("left", "right"))
    missing = "".join(f"; {record}: {why}" for record, why in row["missing"].items())
    return (
        f"{row['decision_id'][:_SHOWN_OF_ID]}  {row['judgement']:<9}  {row['status']:<15}  "
        f"{sides}{missing}  "
        f"({row['author']}, {row['decided_at']}: {row['reason']})"
    )


def _replaced_line(replaced: Judgement) -> str:
    return (
        f"It replaces {replaced.word.value} by {replaced.author} of {replaced.decided_at:%Y-%m-%d} "
        f"({replaced.decision_id[:_SHOWN_OF_ID]}: {replaced.reason})."
    )


def _knot_line(knot: tuple[str, ...]) -> str:
    return (
        f"Contradiction between {', '.join(decision for decision in knot)}: none of them is "
        "applied until one is withdrawn."
    )


def _user() -> str:
    return getpass.getuser()
