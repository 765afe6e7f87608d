"""The identity assets: scored edges, clusters, and the identity map with its history."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.defs.metadata import lineage_metadata, table_metadata
from orchestration.defs.resources import CurrentRun
from orchestration.identity.accounts.account_tables import build_accounts
from orchestration.identity.column_lineage import declared_lineage
from orchestration.identity.customer_ids import assign_customer_ids
from orchestration.identity.households import build_households
from orchestration.identity.judging.judgements import AREA
from orchestration.identity.pipeline import score_pairs
from orchestration.identity.proposing.proposed_changes import propose_changes
from orchestration.identity.record_clusters import build_clusters
from orchestration.steward.decision_store import DecisionStore

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

PERSON_RECORDS = ["conformed", "int_person_records__normalised"]
CLUSTERS, PROPOSED = ["identity", "clusters"], ["identity", "proposed_changes"]
# Not read here, but gated: a value that suddenly many records carry must not reach the ids.
CONTACT_POINTS = ["conformed", "int_contact_points__normalised"]
ORDERS = ["conformed", "int_orders__unioned"]  # how much value a change concerns
BUSINESSES = ["conformed", "int_accounts__unioned"]

DESCRIPTIONS = {
    "scored_edges": "One row per pair that may be one person: probability, weight per field, rule.",
    "models": "One row per fitted model: its version, parameters and settings.",
    "model_comparisons": "One row per model that was fitted after another, with what it changes.",
    "clusters": "One row per person record with the cluster it belongs to in this run.",
    "review_queue": "Pairs that a guard kept apart or the model is unsure of, for the steward.",
    "proposed_changes": "One row per merge, split or re-assignment that the clusters ask for.",
    "identity_map": "One row per person record with its customer id.",
    "id_history": "One row per event in the life of a customer id, from creation on; append-only.",
    "membership_history": "One row per record and stretch of time with one customer, as recorded.",
    "judgements": "One row per judgement in force and what became of it in this run.",
    "customer_aliases": "One row per customer id that was merged away, with the id of today.",
    "households": "One row per person record whose home is shared, with its household.",
    "accounts": "One row per business account, with the account that stands for its business.",
    "account_people": "One row per person record that belongs to a business, with its account.",
}


def identity_spec(table: str, *upstream: list[str]) -> dg.AssetSpec:
    """Return the spec of one identity table."""
    return dg.AssetSpec(
        ["identity", table],
        deps=[dg.AssetKey(key) for key in upstream],
        description=DESCRIPTIONS[table],
        group_name="identity",
        owners=["team:customer-data"],
        kinds={"python", "duckdb"},
        tags={"pii": "false"},
    )


def materialised(
    current_run: CurrentRun, summary: "DataclassInstance", *tables: str
) -> Iterator[dg.MaterializeResult]:
    """Yield one result per table, with its row count, schema and the figures of the step."""
    figures = {name: value for name, value in asdict(summary).items() if value is not None}
    lineage = declared_lineage()
    for table in tables:
        metadata = {
            **table_metadata(current_run.released_warehouse(), "identity", table),
            **lineage_metadata(lineage.get(table, {})),
        }
        yield dg.MaterializeResult(asset_key=["identity", table], metadata={**metadata, **figures})


@dg.multi_asset(
    specs=[
        identity_spec("scored_edges", PERSON_RECORDS, CONTACT_POINTS),
        identity_spec("models", PERSON_RECORDS, CONTACT_POINTS),
        identity_spec("model_comparisons", PERSON_RECORDS, CONTACT_POINTS),
    ]
)
def pair_scores(
    context: dg.AssetExecutionContext, current_run: dg.ResourceParam[CurrentRun]
) -> Iterator[dg.MaterializeResult]:
    """Block, compare and score the person records."""
    with current_run.released_warehouse().connect() as connection:
        summary = score_pairs(
            connection,
            as_of=current_run.as_of,
            settings=current_run.engine,
            progress=context.log.info,
        )
    yield from materialised(current_run, summary, "scored_edges", "models", "model_comparisons")


@dg.multi_asset(
    specs=[
        identity_spec("clusters", ["identity", "scored_edges"]),
        identity_spec("review_queue", ["identity", "scored_edges"]),
        identity_spec("judgements", ["identity", "scored_edges"]),
    ]
)
def record_clusters(
    current_run: dg.ResourceParam[CurrentRun],
) -> Iterator[dg.MaterializeResult]:
    """Cluster the edges; what breaks a guard goes to the review queue."""
    with current_run.released_warehouse().connect() as connection:
        decisions = DecisionStore.of(current_run.settings).decisions(area=AREA)
        summary = build_clusters(
            connection,
            as_of=current_run.as_of,
            decisions=decisions,
            settings=current_run.engine,
        )
    yield from materialised(current_run, summary, "clusters", "review_queue", "judgements")


@dg.multi_asset(specs=[identity_spec("proposed_changes", CLUSTERS, ORDERS)])
def proposed_changes(
    current_run: dg.ResourceParam[CurrentRun],
) -> Iterator[dg.MaterializeResult]:
    """Say what the clusters would change, so that its gate can ask the steward beforehand."""
    with current_run.released_warehouse().connect() as connection:
        summary = propose_changes(connection)
    yield from materialised(current_run, summary, "proposed_changes")


@dg.multi_asset(
    specs=[
        identity_spec("identity_map", CLUSTERS, PROPOSED),
        identity_spec("id_history", CLUSTERS, PROPOSED),
        identity_spec("membership_history", CLUSTERS, PROPOSED),
        identity_spec("customer_aliases", CLUSTERS, PROPOSED),
    ]
)
def customer_ids(current_run: dg.ResourceParam[CurrentRun]) -> Iterator[dg.MaterializeResult]:
    """Give every cluster its customer id, kept from run to run."""
    with current_run.released_warehouse().connect() as connection:
        summary = assign_customer_ids(
            connection, run_id=current_run.run_id, as_of=current_run.as_of
        )
    yield from materialised(
        current_run, summary, "identity_map", "id_history", "membership_history", "customer_aliases"
    )


@dg.multi_asset(specs=[identity_spec("households", PERSON_RECORDS, ["identity", "identity_map"])])
def living_together(
    current_run: dg.ResourceParam[CurrentRun],
) -> Iterator[dg.MaterializeResult]:
    """Find out who lives together."""
    with current_run.released_warehouse().connect() as connection:
        summary = build_households(connection)
    yield from materialised(current_run, summary, "households")


@dg.multi_asset(
    specs=[
        identity_spec("accounts", BUSINESSES),
        identity_spec("account_people", BUSINESSES, PERSON_RECORDS),
    ]
)
def business_accounts(
    current_run: dg.ResourceParam[CurrentRun],
) -> Iterator[dg.MaterializeResult]:
    """Resolve the business accounts and link people to them."""
    with current_run.released_warehouse().connect() as connection:
        summary = build_accounts(connection)
    yield from materialised(current_run, summary, "accounts", "account_people")
