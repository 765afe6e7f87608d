-- Grain: one row per e-mail address or telephone number (with its country) as some event has it.
with interactions as (

    {{ union_sources('interactions', {
        'email_raw': 'varchar', 'phone_raw': 'varchar', 'country_code': 'varchar'
    }) }}

),

consents as (

    {{ union_sources('consents', {'subject_type': 'varchar', 'subject_value_raw': 'varchar'}) }}

),

preferences as (

    {{ union_sources('channel_preferences', {
        'email_raw': 'varchar', 'phone_raw': 'varchar', 'country_code': 'varchar'
    }) }}

),

carried as (

    select
        'email' as kind,
        email_raw as value_raw,
        null as country_code
    from interactions

    union all

    select
        'phone' as kind,
        phone_raw as value_raw,
        country_code
    from interactions

    union all

    select
        subject_type as kind,
        subject_value_raw as value_raw,
        null as country_code
    from consents
    where subject_type in ('email', 'phone')

    union all

    select
        'email' as kind,
        email_raw as value_raw,
        null as country_code
    from preferences

    union all

    select
        'phone' as kind,
        phone_raw as value_raw,
        country_code
    from preferences

),

final as (

    select
        {{ contact_value_key('kind', 'value_raw', 'country_code') }} as value_key,
        kind,
        value_raw,
        country_code
    from carried
    where value_raw is not null
    group by kind, value_raw, country_code

)

select * from final
