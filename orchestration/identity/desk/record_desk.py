"""Say at once who a single record is, from the stored state: for a service desk, or a stream.

    with warehouse.connect(read_only=True) as connection:
        desk = RecordDesk(connection)
    desk.resolve({"given_name": "Amina", "email": "amina@mail.org"})

Everything a question needs is read when the desk opens, and held in memory; it then answers without
the warehouse. Nothing is written: the next run decides, by the same model and the same rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.identity.arrays import Floats, Integers
from orchestration.identity.clustering import cluster_records
from orchestration.identity.desk.key_lookup import KeyLookup
from orchestration.identity.desk.known_customers import KnownCustomers, Links
from orchestration.identity.desk.typed_person import typed_person
from orchestration.identity.edge_table import cluster_edges
from orchestration.identity.edges import edges_of
from orchestration.identity.errors import RecordsError
from orchestration.identity.judging.judged_labels import JudgedPositions
from orchestration.identity.scoring import DECIMALS, probability
from orchestration.identity.state.applied_model import AppliedModel, apply_model, keys_under
from orchestration.identity.state.model_store import read_usable_model
from orchestration.identity.warehouse_records import read_person_records


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the same person, and whose it is."""

    source_record_id: str
    customer_id: str | None
    probability: float


@dataclass(frozen=True, slots=True)
class DeskAnswer:
    """Who a record is."""

    customer_id: str | None  # None: nobody whom we know
    also_joins: tuple[str, ...]  # customers whom the record would bring together with that one
    candidates: tuple[Candidate, ...]  # the likeliest first
    compared: int
    model_version: str


class RecordDesk:
    """Answers any number of questions about single records."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Read model, keys, records, links and customers.

        Raises:
            ModelError: no run of this engine has fitted a model here.
        """
        in_use = read_usable_model(connection)
        self._model, self._settings = in_use.model, in_use.settings
        self._keys = KeyLookup.of(connection, len(self._model.rules))
        self._records = read_person_records(connection).combine_chunks()
        if not self._records["source_record_id"].combine_chunks().equals(self._keys.ids):
            raise RecordsError(
                "the people of the warehouse are newer than their links: `c360 run` first"
            )
        clustering = self._settings.clustering
        at_least = clustering.kept_from, clustering.threshold
        self._known = KnownCustomers.of(connection, self._keys.ids, at_least)

    def resolve(self, values: Mapping[str, object]) -> DeskAnswer:
        """Return who a person is, by values by role as the spec of `c360 resolve` names them.

        Raises:
            RecordsError: a role is not known, or no value is given.
        """
        asked = typed_person(values)
        keys = keys_under(self._model, asked)
        partners = self._keys.partners(keys[:, 0], self._settings.blocking.block_records)
        chances = self._chances(asked, partners)
        around = self._known.around(partners[chances >= self._settings.clustering.threshold])
        joined = self._joined(asked, around, (partners, chances)) if len(around) else around
        customers = self._known.customers_of(joined)
        return DeskAnswer(
            customers[0] if customers else None,
            tuple(customers[1:]),
            self._candidates(partners, chances),
            len(partners),
            self._model.version,
        )

    def _chances(self, asked: pa.Table, places: Integers) -> Floats:
        """Return how likely the asked record is the person of each of some records."""
        if not len(places):
            return np.empty(0)
        scorer = self._applied(asked, places).scorer
        left = np.zeros(len(places), dtype=np.int32)
        odds = scorer.log_odds(left, np.arange(1, len(places) + 1, dtype=np.int32))
        return np.asarray(np.round(probability(odds), DECIMALS))

    def _applied(self, asked: pa.Table, places: Integers) -> AppliedModel:
        """Apply the model to the asked record, which comes first, and to some others."""
        table = pa.concat_tables([asked, self._records.take(pa.array(places))]).combine_chunks()
        applied = apply_model(self._model, table, self._settings)
        limit = self._settings.blocking.block_records
        return applied.without_blocks(self._keys.oversized(applied.keys, limit))

    def _joined(self, asked: pa.Table, around: Integers, met: tuple[Integers, Floats]) -> Integers:
        """Return who would be one cluster with the asked record, of whole components around it."""
        partners, chances = met
        clustering = self._settings.clustering
        near = np.isin(partners, around) & (chances >= clustering.kept_from)
        mine = (
            np.zeros(int(near.sum()), dtype=np.int32),
            (np.searchsorted(around, partners[near]) + 1).astype(np.int32),
            chances[near],
        )
        links = _together(mine, self._known.links_among(around))
        applied = self._applied(asked, around)
        edges = edges_of(applied.scorer, links, clustering)
        judged = self._known.judged_among(around)
        found = cluster_records(
            len(around) + 1,
            cluster_edges(edges, applied.scorer.comparer.fields),
            clustering,
            judged=JudgedPositions(*(_shifted(pairs) for pairs in (judged.same, judged.different))),
        )
        return np.asarray(around[found.labels[1:] == found.labels[0]])

    def _candidates(self, places: Integers, chances: Floats) -> tuple[Candidate, ...]:
        order = np.lexsort((places, -chances))
        kept = order[chances[order] >= self._settings.clustering.kept_from]
        return tuple(
            Candidate(
                self._keys.ids[int(places[position])].as_py(),
                self._known.customers[int(places[position])],
                float(chances[position]),
            )
            for position in kept.tolist()
        )


def _together(mine: Links, others: Links) -> Links:
    """Return links of the asked record and of the others, who come after it."""
    left, right, chances = others
    return (
        np.concatenate([mine[0], left + 1]).astype(np.int32),
        np.concatenate([mine[1], right + 1]).astype(np.int32),
        np.concatenate([mine[2], chances]),
    )


def _shifted(pairs: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    return tuple((left + 1, right + 1) for left, right in pairs)
