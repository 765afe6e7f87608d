-- Grain: one row per thing a visitor did on the web site or in the app.
with source as (

    select * from {{ current_rows(source('landing', 'web_events')) }}

),

renamed as (

    select
        -- ids
        'web_events:' || event_id as interaction_id,
        'web' as source_system,
        'webshop:' || {{ trimmed('customer_no') }} as source_record_id,
        {{ trimmed('device_id') }} as device_id,
        {{ trimmed('cookie_id') }} as cookie_id,
        {{ trimmed('campaign_id') }} as campaign_id,

        -- what happened
        lower({{ trimmed('platform') }}) as channel,
        lower({{ trimmed('event_type') }}) as interaction_type,
        case
            when lower({{ trimmed('event_type') }}) = 'search'
                then lower({{ trimmed('search_term') }})
            else {{ trimmed('product_id') }}
        end as subject,

        -- timestamps (utc)
        occurred_at
    from source

)

select * from renamed
