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

final as (

    select
        consent_id,
        subject_type,
        case subject_type
            when 'email' then {{ normalise_email('subject_value_raw') }}
            when 'phone' then {{ normalise_phone('subject_value_raw', 'null') }}
            else subject_value_raw
        end as subject_value,
        channel,
        consent_purpose,
        consent_status,
        changed_at
    from consents

)

select * from final
