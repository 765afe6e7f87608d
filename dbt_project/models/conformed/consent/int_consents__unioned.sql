-- Grain: one row per consent given or withdrawn.
with consents as (

    {{ union_sources('consents', {
        'consent_id': 'varchar',
        'subject_type': 'varchar',
        'subject_value_raw': 'varchar',
        'channel': 'varchar',
        'consent_purpose': 'varchar',
        'consent_status': 'varchar',
        'changed_at': 'timestamp',
    }) }}

),

contact_values as (

    select * from {{ ref('int_contact_values__spelled') }}

),

final as (

    select
        consents.consent_id,
        consents.subject_type,
        case
            when consents.subject_type in ('email', 'phone') then contact_values.contact_value
            else consents.subject_value_raw
        end as subject_value,
        consents.channel,
        consents.consent_purpose,
        consents.consent_status,
        consents.changed_at
    from consents
    left join contact_values
        on
            {{ contact_value_key('consents.subject_type', 'consents.subject_value_raw') }}
            = contact_values.value_key

)

select * from final
