-- Grain: one row per telephone call of the service desk.
with source as (

    select * from {{ current_rows(source('landing', 'support_calls')) }}

),

renamed as (

    select
        -- ids
        'support_calls:' || call_id as interaction_id,
        'support' as source_system,
        {{ trimmed('ticket_id') }} as ticket_id,

        -- what happened
        'phone' as channel,
        lower({{ trimmed('direction') }}) || '_call' as interaction_type,
        duration_seconds,

        -- contact points
        {{ trimmed('caller_phone') }} as phone_raw,
        upper({{ trimmed('country') }}) as country_code,

        -- timestamps (utc)
        started_at as occurred_at
    from source

)

select * from renamed
