-- Grain: one row per device, profile, channel, kind of event, day and run that folded the events.
with source as (

    select * from {{ source('landing', 'web_events_daily') }}

),

renamed as (

    select
        -- ids
        'web' as source_system,
        'webshop:' || {{ trimmed('customer_no') }} as source_record_id,
        {{ trimmed('device_id') }} as device_id,

        -- what happened
        lower({{ trimmed('platform') }}) as channel,
        lower({{ trimmed('event_type') }}) as interaction_type,
        signal_date,
        event_count,
        _folded_by as folded_by,

        -- timestamps (utc)
        first_at,
        last_at
    from source

)

select * from renamed
