"""The decision store: append-only, written by any process, also while a run holds the warehouse.

A small SQLite file in WAL mode (decision D6), or a PostgreSQL database in its place. How to use it:

    store = DecisionStore.of(Settings())
    seen = store.latest("judgement.same", "crm:7|webshop:9")
    store.append(Draft(...), decided_at=moment)                    # whatever others decided
    store.append(Draft(...), decided_at=moment, seen=seen)         # refused if others decided since
    store.decisions(area="judgement")                              # in the order they were made

Decisions are taken back by a later decision, never by an edit. What decisions mean does not belong
here: the area that owns a kind reads them from the store, or from `landing.steward_decisions` in a
run.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from orchestration.settings import Settings
from orchestration.steward.decision_table import (
    DECISIONS,
    create_table,
    decision_of,
    dialect_of,
    row_of,
)
from orchestration.steward.decisions import Decision, Draft, Looked
from orchestration.steward.errors import (
    DecisionConflictError,
    DecisionStoreDamagedError,
    DecisionStoreError,
    DecisionStoreLockedError,
    DecisionStoreReplacedError,
)

WAIT_SECONDS = 15.0
DAMAGED = ("not a database", "malformed", "disk image", "corrupt")
LOCKED = ("database is locked", "database table is locked", "lock timeout", "lock_not_available")


class DecisionStore:
    """The decisions of all stewards."""

    def __init__(self, url: str, wait_seconds: float = WAIT_SECONDS) -> None:
        """Name the store by its SQLAlchemy URL; nothing is opened yet."""
        try:
            self._url = sqlalchemy.make_url(url)
        except SQLAlchemyError:
            # The text of an address may hold a password.
            message = "C360_DECISION_STORE is not an address such as postgresql://host/database"
            raise DecisionStoreError(message) from None
        self._wait_seconds = wait_seconds

    @classmethod
    def of(cls, settings: Settings) -> "DecisionStore":
        """Return the store that the settings name: PostgreSQL, or the file of this home."""
        settings.home_dir.mkdir(parents=True, exist_ok=True)
        return cls(settings.decision_store_url)

    @property
    def name(self) -> str:
        """Name of the store in messages, without a password."""
        if self._url.drivername.startswith("sqlite"):
            return os.path.basename(self._url.database or "")  # noqa: PTH119 - an address, no path
        return self._url.render_as_string(hide_password=True)

    def append(
        self,
        draft: Draft,
        *,
        decided_at: datetime,
        seen: Decision | Looked | None = Looked.NOT,
    ) -> Decision:
        """Keep a decision, durably, and return it as kept; see `append_all`."""
        return self.append_all([draft], decided_at=decided_at, seen=seen)[0]

    def append_all(
        self,
        drafts: Sequence[Draft],
        *,
        decided_at: datetime,
        seen: Decision | Looked | None = Looked.NOT,
    ) -> list[Decision]:
        """Keep several decisions, all or none, and return them as kept.

        Args:
            drafts: what is decided; one whose `decision_id` is there already is kept once.
            decided_at: the moment, in UTC.
            seen: the latest decision on the subjects that the author saw (None: there was none). If
                somebody has decided on one of the subjects since, nothing is kept.

        Raises:
            InvalidDecisionError: a draft lacks something.
            DecisionConflictError: somebody else decided on the same subject meanwhile.
            DecisionStoreError: the store can't be written; nothing is kept.
        """
        for draft in drafts:
            draft.check()
        rows = [row_of(draft, decided_at) for draft in drafts]
        with self._transaction() as connection:
            known = _known(connection, [draft.decision_id for draft in drafts])
            if seen is not Looked.NOT:
                last = seen.decision_order if isinstance(seen, Decision) else 0
                fresh = [draft for draft in drafts if draft.decision_id not in known]
                _refuse_if_decided_since(connection, fresh, last)
            for row in rows:
                if row["decision_id"] not in known:
                    connection.execute(DECISIONS.insert().values(row))
            kept = _known(connection, [draft.decision_id for draft in drafts])
        return [kept[draft.decision_id] for draft in drafts]

    def put_back(self, lost: Sequence[Decision]) -> int:
        """Keep decisions again that this store has lost, all or none; return how many those are.

        Each comes back under its own order, so that the last word on a subject stays the last.

        Raises:
            DecisionStoreReplacedError: their orders were given to other decisions meanwhile.
            DecisionStoreError: the store can't be written; nothing is kept.
        """
        with self._transaction() as connection:
            there = {
                each.decision_order: each
                for each in map(decision_of, connection.execute(DECISIONS.select()))
            }
            kept = {each.decision_id for each in there.values()}
            missing = [each for each in lost if each.decision_id not in kept]
            if any(each.decision_order in there for each in missing):
                ids = {each.decision_id for each in lost}
                made = [each for each in there.values() if each.decision_id not in ids]
                raise DecisionStoreReplacedError(_made_in_the_copy(self.name, made))
            for each in missing:
                row = {"decision_order": each.decision_order, **row_of(each, each.decided_at)}
                connection.execute(DECISIONS.insert().values(row))
            dialect_of(connection.engine).count_on(connection)
        return len(missing)

    def decisions(
        self,
        *,
        area: str | None = None,
        kind: str | None = None,
        subject: str | None = None,
        after: int = 0,
    ) -> list[Decision]:
        """Return decisions in the order they were made: of an area, a kind, a subject.

        `after` leaves out those up to a `decision_order` that the caller has read before.

        Raises:
            DecisionStoreError: the store can't be read.
        """
        query = DECISIONS.select().where(DECISIONS.c.decision_order > after)
        if area is not None:
            query = query.where(DECISIONS.c.kind.startswith(f"{area}.", autoescape=True))
        if kind is not None:
            query = query.where(DECISIONS.c.kind == kind)
        if subject is not None:
            query = query.where(DECISIONS.c.subject == subject)
        with self._transaction(writes=False) as connection:
            rows = connection.execute(query.order_by(DECISIONS.c.decision_order)).fetchall()
        return [decision_of(row) for row in rows]

    def latest(self, area_or_kind: str, subject: str) -> Decision | None:
        """Return the last decision on a subject, of a kind or of any kind of an area."""
        is_kind = "." in area_or_kind
        found = self.decisions(
            area=None if is_kind else area_or_kind,
            kind=area_or_kind if is_kind else None,
            subject=subject,
        )
        return found[-1] if found else None

    @contextmanager
    def _transaction(self, *, writes: bool = True) -> Iterator[sqlalchemy.Connection]:
        try:
            # No pool: a command lives for a second, and a run must not hold the file open.
            engine = sqlalchemy.create_engine(self._url, poolclass=sqlalchemy.NullPool)
            dialect_of(engine).prepare(engine, self._wait_seconds)
            with engine.connect() as connection:
                create_table(connection)
                with connection.begin():
                    if writes:
                        dialect_of(engine).lock(connection)
                    yield connection
        except SQLAlchemyError as error:
            raise self._told(error) from None
        except ModuleNotFoundError:
            message = (
                f"{self.name}: its driver is not installed: pip install customer-360[postgres]"
            )
            raise DecisionStoreError(message) from None

    def _told(self, error: SQLAlchemyError) -> DecisionStoreError:
        """Return our error; the text of the driver may quote what was to be written."""
        text = str(error.orig if isinstance(error, DBAPIError) else error).lower()
        if any(word in text for word in LOCKED):
            return DecisionStoreLockedError(
                f"{self.name} has been written by another process for {self._wait_seconds:g} "
                "seconds: try again; nothing was changed"
            )
        if any(word in text for word in DAMAGED):
            return DecisionStoreDamagedError(
                f"{self.name} is damaged, or no decision store; it is left as it is. Put a copy "
                "in its place: what was landed from it is still in landing.steward_decisions"
            )
        return DecisionStoreError(
            f"{self.name} can't be opened or written ({type(error).__name__}): check that it "
            "exists, that its folder may be written, and that the disk is not full"
        )


def _known(connection: sqlalchemy.Connection, ids: Sequence[str]) -> dict[str, Decision]:
    rows = connection.execute(DECISIONS.select().where(DECISIONS.c.decision_id.in_(ids)))
    return {decision.decision_id: decision for decision in map(decision_of, rows)}


def _refuse_if_decided_since(
    connection: sqlalchemy.Connection, drafts: Sequence[Draft], last: int
) -> None:
    areas = {draft.kind.split(".")[0] for draft in drafts}
    subjects = sorted({draft.subject for draft in drafts})
    query = (
        DECISIONS.select()
        .where(DECISIONS.c.subject.in_(subjects), DECISIONS.c.decision_order > last)
        .order_by(DECISIONS.c.decision_order.desc())
    )
    for decision in map(decision_of, connection.execute(query)):
        if decision.kind.split(".")[0] in areas:
            raise DecisionConflictError(
                f"{decision.author} has decided on {decision.subject} since you looked "
                f"({decision.kind}, {decision.decided_at:%Y-%m-%d %H:%M} UTC): look again"
            )


def _made_in_the_copy(name: str, made: Sequence[Decision]) -> str:
    told = "; ".join(f"{each.kind} on {each.subject} by {each.author}" for each in made)
    return (
        f"{name} has gone on counting since it took the place of the store that was landed. Move "
        "it away, or name an empty database in C360_DECISION_STORE, give `c360 decisions restore` "
        f"again, and then decide anew what was decided in it: {told}"
    )
