-- Grain: one row per support ticket.
with source as (

    select * from {{ current_rows(source('landing', 'support_tickets')) }}

),

renamed as (

    select
        -- ids
        ticket_id,
        'support' as source_system,
        case
            when
                coalesce(
                    {{ trimmed('requester_name') }},
                    {{ trimmed('requester_email') }},
                    {{ trimmed('requester_phone') }}
                ) is not null
                then 'support:' || ticket_id
        end as source_record_id,
        'webshop:' || {{ trimmed('order_no') }} as order_id,

        -- requester
        {{ trimmed('requester_name') }} as requester_name_raw,
        {{ trimmed('requester_email') }} as requester_email_raw,
        {{ trimmed('requester_phone') }} as requester_phone_raw,
        upper({{ trimmed('requester_country') }}) as country_code,

        -- state
        lower({{ trimmed('category') }}) as category,
        lower({{ trimmed('contact_channel') }}) as contact_channel,
        lower({{ trimmed('priority') }}) as priority,
        lower({{ trimmed('ticket_status') }}) as ticket_status,
        lower({{ trimmed('ticket_status') }}) in ('open', 'pending') as is_open,
        satisfaction,

        -- timestamps (utc)
        opened_at,
        first_response_at,
        resolved_at,
        updated_at as source_updated_at
    from source

)

select * from renamed
