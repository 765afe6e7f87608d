"""Measure what nobody else gates: who was linked, how surely, and which values carry many records.

`quality.identifier_carriers` remembers values on many records by their hashes; the figures of a
run go to `quality.measures`, where they are held against their history.
"""

from datetime import datetime

import duckdb

from orchestration.gates.linked_edges import has_linked_edges
from orchestration.gates.measures import create_measure_tables, store_measures
from orchestration.gates.relations import columns_of

CARRIERS_FROM = 20  # fewer records may well be one family, or one office

CARRIERS = """
    create table if not exists quality.identifier_carriers (
        run_id varchar, as_of timestamp, kind varchar, identifier_id varchar, records bigint
    )
"""

# Grain: one row per value on many records in this run, with how many carried it before.
CARRIER_FACTS = """
    create or replace view quality.identifier_carrier_facts as
    with current_run as (
        select max_by(run_id, started_order) as run_id, max_by(as_of, started_order) as as_of
        from quality.runs
    ),
    -- Of the attempts at a day the last one: an earlier one may have been stopped for its values.
    last_accepted as (
        select max_by(runs.run_id, (runs.as_of, runs.started_order)) as run_id
        from quality.runs as runs
        where
            runs.run_id in (select run_id from quality.accepted_runs)
            and runs.run_id in (select run_id from quality.identifier_carriers)
            and runs.as_of < (select as_of from current_run)
    ),
    before as (
        select identifier_id, records
        from quality.identifier_carriers
        where run_id = (select run_id from last_accepted)
    )
    select
        today.kind,
        today.identifier_id,
        today.records,
        -- Before the first accepted run there is nothing to compare with.
        case when (select run_id from last_accepted) is not null
            then today.records - coalesce(before.records, 0)
        end as records_more
    from quality.identifier_carriers as today
    inner join current_run
        on today.run_id = current_run.run_id
    left join before
        on today.identifier_id = before.identifier_id
    where today.identifier_id <> ''
"""

CARRIED = f"""
    insert into quality.identifier_carriers
    select
        $run_id, $as_of, kind, kind || '-' || left(sha256(kind || ':' || value), 16),
        count(*) as records
    from conformed.int_contact_points__normalised
    group by kind, value
    having count(*) >= {CARRIERS_FROM}
    union all
    -- One row more, so that a run in which no value is carried by many is known to have looked.
    select $run_id, $as_of, '', '', 0
"""

MAP_MEASURES = """
    with members as (
        select map.source_record_id, map.customer_id, map.source_system, records.birth_date,
            records.full_name_raw is not null
                or records.given_name_raw is not null as has_name,
            regexp_matches(
                coalesce(records.full_name_raw, records.given_name_raw, ''), '[^\\x00-\\x{024F}]'
            ) as is_other_script
        from identity.identity_map as map
        inner join conformed.int_person_records__normalised as records
            on map.source_record_id = records.source_record_id
    ),
    customers as (
        select customer_id, count(*) as records,
            count(distinct birth_date) as birth_dates, count(birth_date) as dated
        from members
        group by customer_id
    ),
    linked as (
        select members.*, customers.records > 1 as is_linked
        from members
        inner join customers on members.customer_id = customers.customer_id
    )
    select 'all' as subject, 'records_per_customer' as measure, 'linked otherwise' as family,
        ln(count(*)::double / count(distinct customer_id)) as value, count(*) as rows_seen
    from members
    union all
    select 'all', 'largest_customer', 'strangers linked',
        max(records)::double / sum(records), sum(records)
    from customers
    union all
    select 'all', 'two_birth_dates', 'strangers linked',
        count(*) filter (where birth_dates > 1)::double / nullif(count(*) filter (where dated > 1), 0),
        count(*) filter (where dated > 1)
    from customers
    union all
    select source_system, 'linked', 'linked otherwise', avg(is_linked::int), count(*)
    from linked
    group by source_system
    union all
    select case when is_other_script then 'other scripts' else 'latin script' end, 'linked_by_script',
        'linked otherwise', avg(is_linked::int), count(*)
    from linked
    where has_name
    group by is_other_script
"""  # noqa: E501

EVENT_MEASURES = """
    select event as subject, 'share_of_customers' as measure, 'ids changed' as family,
        (select count(*) from identity.id_history
            where run_id = $run_id and event = events.event)::double
            / (select count(distinct customer_id) from identity.identity_map) as value,
        (select count(distinct customer_id) from identity.identity_map) as rows_seen
    from (values ('created'), ('merged'), ('split'), ('moved'), ('retired')) as events (event)
"""

# The model's own word: how sure it is of the links it made, how many likely ones it left unmade.
SURENESS_MEASURES = """
    select 'all' as subject, 'expected_precision' as measure, 'model less sure' as family,
        avg(probability) filter (where is_linked) as value,
        count(*) filter (where is_linked) as rows_seen
    from linked_edges
    union all
    select 'all', 'expected_recall', 'model less sure',
        sum(probability) filter (where is_linked) / nullif(sum(probability), 0), count(*)
    from linked_edges
    union all
    select source, 'expected_recall_of_source', 'model less sure',
        sum(probability) filter (where is_linked) / nullif(sum(probability), 0), count(*)
    from (
        select probability, is_linked, unnest([left_source, right_source]) as source
        from linked_edges
    )
    group by source
"""


def record_carriers(connection: duckdb.DuckDBPyConnection, run_id: str, as_of: datetime) -> None:
    """Remember which values many records carry in this run."""
    create_measure_tables(connection)
    connection.execute(CARRIERS)
    connection.execute(CARRIER_FACTS)
    if columns_of(connection, "conformed", "int_contact_points__normalised"):
        connection.execute("delete from quality.identifier_carriers where run_id = ?", [run_id])
        connection.execute(CARRIED, {"run_id": run_id, "as_of": as_of})


def measure_identity(connection: duckdb.DuckDBPyConnection, run_id: str, as_of: datetime) -> int:
    """Measure who was linked in this run, and return how many figures that makes.

    How sure the model is of its links is measured where `linked_edges` has been made.
    """
    create_measure_tables(connection)
    needed = (("identity", "identity_map"), ("conformed", "int_person_records__normalised"))
    if not all(columns_of(connection, *table) for table in needed):
        return 0
    found = connection.execute(MAP_MEASURES).fetchall()
    if columns_of(connection, "identity", "id_history"):
        found += connection.execute(EVENT_MEASURES, {"run_id": run_id}).fetchall()
    if has_linked_edges(connection):
        found += connection.execute(SURENESS_MEASURES).fetchall()
    measured = [
        (subject, measure, family, float(value), int(rows))
        for subject, measure, family, value, rows in sorted(found)
        if value is not None
    ]
    return store_measures(connection, ("identity", "identity_map"), (run_id, as_of), measured)
