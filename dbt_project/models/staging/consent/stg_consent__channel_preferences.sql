-- Grain: one row per preference a person stated.
with source as (

    select * from {{ current_rows(source('landing', 'consent_channel_preferences')) }}

),

renamed as (

    select
        -- ids
        preference_id,

        -- contact points
        {{ trimmed('email') }} as email_raw,
        {{ trimmed('phone') }} as phone_raw,

        -- preference
        lower({{ trimmed('preferred_channel') }}) as preferred_channel,
        lower({{ trimmed('contact_frequency') }}) as contact_frequency,

        -- timestamps (utc)
        updated_at as source_updated_at
    from source

)

select * from renamed
