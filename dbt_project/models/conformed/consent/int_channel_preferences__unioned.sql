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

contact_values as (

    select * from {{ ref('int_contact_values__spelled') }}

),

final as (

    select
        preferences.preference_id,
        emails.contact_value as email,
        phones.contact_value as phone,
        preferences.preferred_channel,
        preferences.contact_frequency,
        preferences.source_updated_at
    from preferences
    left join contact_values as emails
        on {{ contact_value_key("'email'", 'preferences.email_raw') }} = emails.value_key
    left join contact_values as phones
        on
            {{ contact_value_key("'phone'", 'preferences.phone_raw', 'preferences.country_code') }}
            = phones.value_key

)

select * from final
