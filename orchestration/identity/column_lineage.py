"""From which columns the identity step makes which: declared, since no SQL tells it.

A value counts as made of a column when that column's content decides it. What an earlier run left
behind (the ids given out so far) is the step's memory and no source.
"""

from collections.abc import Iterable, Mapping

from orchestration.identity.accounts.account_tables import ACCOUNTS_TABLE
from orchestration.identity.fields import FIELDS, Field
from orchestration.identity.homes import ADDRESS_COLUMNS
from orchestration.identity.identity_tables import MODEL_COMPARISONS
from orchestration.identity.warehouse_records import SOURCE_TABLE

RUN_MOMENT = "quality.runs.as_of"
RUN_ID = "quality.runs.run_id"
# What the engine compares is not always a column of the conformed layer under the same name.
READ_FROM: Mapping[str, tuple[str, ...]] = {
    "generation": ("full_name_raw", "family_name_raw", "given_name_raw"),
    "birth_date": ("birth_date", "birth_year"),
    "email": ("email", "email_raw"),
    "loyalty_id": (),  # the conformed layer has none: only files resolved by a spec bring one
}
DECISION = "landing.steward_decisions"
RECORD_ID = f"{SOURCE_TABLE}.source_record_id"
RECORD_SYSTEM = f"{SOURCE_TABLE}.source_system"


def declared_rows() -> dict[str, tuple[str, ...]]:
    """Return {table of the identity layer: the tables whose rows its rows are}."""
    return {
        "scored_edges": (SOURCE_TABLE,),
        "clusters": (SOURCE_TABLE,),
        "review_queue": ("identity.scored_edges",),
        "judgements": (DECISION,),
        "judged_pairs": (DECISION,),
        "proposed_changes": ("identity.clusters",),
        "identity_map": ("identity.clusters",),
        "membership_history": ("identity.clusters",),
        "id_history": ("identity.clusters",),
        "customer_aliases": ("identity.clusters",),
        "households": (SOURCE_TABLE,),
        "accounts": (ACCOUNTS_TABLE,),
        "account_people": (SOURCE_TABLE,),
    }


def declared_lineage() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return {table of the identity layer: {column: the columns it is made of}}."""
    edges = _scored_edges()
    probability = "identity.scored_edges.probability"
    cluster = "identity.clusters.cluster_id"
    member = "identity.clusters.source_record_id"
    given = (cluster, member)
    return {
        "scored_edges": edges,
        "models": {
            "model_version": edges["model_version"],
            "fitted_at": (RUN_MOMENT,),
            "parameters": edges["model_version"],
            "settings": (),
        },
        "model_comparisons": {
            **dict.fromkeys(MODEL_COMPARISONS.names, edges["model_version"]),
            "compared_at": (RUN_MOMENT,),
        },
        "clusters": {
            "source_record_id": (RECORD_ID,),
            "cluster_id": (
                "identity.scored_edges.left_record_id",
                "identity.scored_edges.right_record_id",
                probability,
                *(f"identity.scored_edges.level_{field.name}" for field in FIELDS),
                "identity.judged_pairs.judgement",
            ),
            "cluster_size": (cluster,),
            "weakest_link": (probability,),
        },
        "review_queue": {
            "left_record_id": ("identity.scored_edges.left_record_id",),
            "right_record_id": ("identity.scored_edges.right_record_id",),
            "probability": (probability,),
            "reason": (probability,),
            "guard": (probability,),
            "created_at": (RUN_MOMENT,),
        },
        **_judgements(),
        "proposed_changes": _proposed_changes(given),
        "membership_history": {
            **_memberships(member, given),
            "valid_from": (RUN_MOMENT,),
            "valid_to": (RUN_MOMENT,),
        },
        "identity_map": _memberships(member, given),
        **_ids_given(given),
        **_relations(),
    }


def _relations() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return who lives together, and who works for which business."""
    owner = "identity.identity_map.customer_id"
    address = _sorted(f"{SOURCE_TABLE}.{name}" for name in ADDRESS_COLUMNS)
    evidence = _sorted((*address, owner, f"{SOURCE_TABLE}.family_name", f"{SOURCE_TABLE}.phone"))
    told = ("account_name", "country_code", "tax_number", "website_domain", "phone", "city")
    compared = _sorted(
        f"{ACCOUNTS_TABLE}.{name}" for name in (*told, "street", "parent_account_id", "account_id")
    )
    people = (f"{SOURCE_TABLE}.account_id", f"{SOURCE_TABLE}.email")
    return {
        "households": {
            "source_record_id": (RECORD_ID,),
            "customer_id": (owner,),
            "household_id": evidence,
            "people_count": evidence,
            "evidence": evidence,
        },
        "accounts": {
            "account_id": (f"{ACCOUNTS_TABLE}.account_id",),
            "resolved_account_id": compared,
            "evidence": compared,
        },
        "account_people": {
            "source_record_id": (RECORD_ID,),
            "account_id": (
                *people,
                "identity.accounts.resolved_account_id",
                f"{ACCOUNTS_TABLE}.website_domain",
            ),
            "evidence": (people[0],),
        },
    }


def _ids_given(given: tuple[str, str]) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        "id_history": {
            "event_id": (*given, RUN_ID),
            "event": given,
            "customer_id": given,
            "related_customer_id": given,
            "occurred_at": (RUN_MOMENT,),
            "run_id": (RUN_ID,),
        },
        "customer_aliases": {
            "customer_id": given,
            "current_customer_id": given,
            "since": (RUN_MOMENT,),
        },
    }


def _proposed_changes(given: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    """Return what clusters would change; who the customers are now is the step's memory."""
    amounts = tuple(
        f"conformed.int_orders__unioned.{name}"
        for name in ("order_amount_usd", "is_cancelled", "is_returned", "source_record_id")
    )
    counted = dict.fromkeys(("change", "customers_before", "customers_after", "records"), given)
    named = dict.fromkeys(("change_id", "customer_ids", "example_record_ids"), given)
    return {**counted, **named, "value_usd": (*given, *amounts), "value_share": (*given, *amounts)}


def _memberships(member: str, given: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    return {
        "source_record_id": (member,),
        "source_system": (RECORD_SYSTEM,),
        "customer_id": given,
        "assigned_at": (RUN_MOMENT,),
        "model_version": ("identity.models.model_version",),
    }


def _judgements() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return what becomes of the steward's decisions: they name records by their contents."""
    word = (f"{DECISION}.kind", f"{DECISION}.payload")
    named = (f"{DECISION}.subject", RECORD_ID)
    decision = (f"{DECISION}.decision_id",)
    return {
        "judgements": {
            "decision_id": decision,
            "judgement": word,
            "status": (*word, *named),
            "left_record_ids": named,
            "right_record_ids": named,
            "missing_record_ids": named,
            "contradicts": decision,
            "author": (f"{DECISION}.author",),
            "reason": (f"{DECISION}.reason",),
            "decided_at": (f"{DECISION}.decided_at",),
        },
        "judged_pairs": {
            "left_record_id": named,
            "right_record_id": named,
            "judgement": word,
            "decision_id": decision,
        },
    }


def _scored_edges() -> dict[str, tuple[str, ...]]:
    compared = _sorted(name for field in FIELDS for name in _columns_read(field))
    return {
        "left_record_id": (RECORD_ID,),
        "right_record_id": (RECORD_ID,),
        "probability": compared,
        "match_weight": compared,
        "rules": compared,
        **{f"weight_{field.name}": _columns_read(field) for field in FIELDS},
        "weight_other": compared,
        **{f"level_{field.name}": _columns_read(field) for field in FIELDS},
        "model_version": compared,
        "scored_at": (RUN_MOMENT,),
    }


def _columns_read(field: Field) -> tuple[str, ...]:
    names = [name for column in field.columns for name in READ_FROM.get(column, (column,))]
    return _sorted(f"{SOURCE_TABLE}.{name}" for name in names)


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
