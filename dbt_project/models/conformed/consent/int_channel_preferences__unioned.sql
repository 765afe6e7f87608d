-- Grain: one row per preference that a person stated.
with preferences as (

    {{ union_sources('channel_preferences', {
        'preference_id': 'varchar',
        'email_raw': 'varchar',
        'phone_raw': 'varchar',
        'country_code': 'varchar',
        'preferred_channel': 'varchar',
        'contact_frequency': 'varchar',
        'source_updated_at': 'timestamp',
    }) }}

),

final as (

    select
        preference_id,
        {{ normalise_email('email_raw') }} as email,
        {{ normalise_phone('phone_raw', 'country_code') }} as phone,
        preferred_channel,
        contact_frequency,
        source_updated_at
    from preferences

)

select * from final
