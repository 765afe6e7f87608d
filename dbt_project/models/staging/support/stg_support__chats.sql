-- Grain: one row per chat with the service desk.
with source as (

    select * from {{ current_rows(source('landing', 'support_chats')) }}

),

renamed as (

    select
        -- ids
        'support_chats:' || chat_id as interaction_id,
        'support' as source_system,
        {{ trimmed('ticket_id') }} as ticket_id,
        {{ trimmed('device_id') }} as device_id,

        -- what happened
        'chat' as channel,
        'chat' as interaction_type,
        message_count,

        -- contact points
        {{ trimmed('customer_email') }} as email_raw,

        -- timestamps (utc)
        started_at as occurred_at,
        ended_at
    from source

)

select * from renamed
