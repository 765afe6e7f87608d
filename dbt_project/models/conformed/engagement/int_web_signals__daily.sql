-- Grain: one row per device, profile, channel, kind of event and day.
-- What is kept of a visit for good: raw events go after their retention, and are counted here
-- before and after (decision 0044).
with interactions as (

    {{ union_sources('interactions', {
        'device_id': 'varchar',
        'source_record_id': 'varchar',
        'channel': 'varchar',
        'interaction_type': 'varchar',
        'occurred_at': 'timestamp',
    }) }}

),

folded as (

    {{ union_sources('daily_signals', {
        'device_id': 'varchar',
        'source_record_id': 'varchar',
        'channel': 'varchar',
        'interaction_type': 'varchar',
        'signal_date': 'date',
        'event_count': 'bigint',
        'first_at': 'timestamp',
        'last_at': 'timestamp',
    }) }}

),

kept as (

    select
        device_id,
        source_record_id,
        channel,
        interaction_type,
        cast(occurred_at as date) as signal_date,
        1 as event_count,
        occurred_at as first_at,
        occurred_at as last_at
    from interactions
    where channel in ('web', 'app')

    union all

    select * from folded

),

final as (

    select
        device_id,
        source_record_id,
        channel,
        interaction_type,
        signal_date,
        cast(sum(event_count) as bigint) as event_count,
        min(first_at) as first_at,
        max(last_at) as last_at
    from kept
    group by device_id, source_record_id, channel, interaction_type, signal_date

)

select * from final
