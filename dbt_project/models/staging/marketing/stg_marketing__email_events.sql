-- Grain: one row per thing that happened to an e-mail of a campaign.
with source as (

    select * from {{ current_rows(source('landing', 'marketing_email_events')) }}

),

renamed as (

    select
        -- ids
        'marketing_email_events:' || event_id as interaction_id,
        'marketing' as source_system,
        {{ trimmed('campaign_id') }} as campaign_id,

        -- what happened
        'email' as channel,
        lower({{ trimmed('event_type') }}) as interaction_type,

        -- contact points
        {{ trimmed('email') }} as email_raw,

        -- timestamps (utc)
        occurred_at
    from source

)

select * from renamed
