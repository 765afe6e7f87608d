-- Grain: one row per device and person record seen on it.
with interactions as (

    {{ union_sources('interactions', {
        'device_id': 'varchar',
        'source_record_id': 'varchar',
        'occurred_at': 'timestamp',
    }) }}

),

folded as (

    {{ union_sources('daily_signals', {
        'device_id': 'varchar',
        'source_record_id': 'varchar',
        'first_at': 'timestamp',
        'last_at': 'timestamp',
    }) }}

),

orders as (

    select * from {{ ref('int_orders__unioned') }}

),

sightings as (

    select
        device_id,
        source_record_id,
        true as is_login,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at
    from interactions
    where
        device_id is not null
        and source_record_id is not null
    group by device_id, source_record_id

    union all

    -- who logged in on a device is known for good, also when the event is past its retention
    select
        device_id,
        source_record_id,
        true as is_login,
        first_at as first_seen_at,
        last_at as last_seen_at
    from folded
    where
        device_id is not null
        and source_record_id is not null

    union all

    select
        device_id,
        source_record_id,
        not is_guest as is_login,
        min(ordered_at) as first_seen_at,
        max(ordered_at) as last_seen_at
    from orders
    where
        device_id is not null
        and source_record_id is not null
    group by device_id, source_record_id, is_guest

),

links as (

    select
        device_id,
        source_record_id,
        max(case when is_login then 1 else 0 end) as login_count,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from sightings
    group by device_id, source_record_id

),

people as (

    select
        device_id,
        -- every guest checkout is a record of its own, so that only logins tell people apart
        greatest(sum(login_count), 1) as people_count
    from links
    group by device_id

),

final as (

    select
        links.device_id,
        links.source_record_id,
        links.first_seen_at,
        links.last_seen_at,
        cast(people.people_count as integer) as people_count,
        people.people_count > 1 as is_shared
    from links
    inner join people
        on links.device_id = people.device_id

)

select * from final
