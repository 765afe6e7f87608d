-- Grain: one row per device, profile, kind of event and day, of events past their retention.
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

        -- timestamps (utc)
        first_at,
        last_at
    from source

)

select * from renamed
