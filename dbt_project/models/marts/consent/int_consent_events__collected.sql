-- Grain: one row per consent event about marketing, or unsubscribe.
with consents as (

    select * from {{ ref('int_consents__unioned') }}

),

interactions as (

    select * from {{ ref('int_interactions__unioned') }}

),

final as (

    select
        consent_id as consent_event_id,
        'consent' as event_source,
        subject_type,
        subject_value,
        channel,
        consent_status,
        changed_at
    from consents
    where consent_purpose = 'marketing'

    union all

    -- the link at the foot of an e-mail is a withdrawal like any other
    select
        interaction_id as consent_event_id,
        'unsubscribe' as event_source,
        case when source_record_id is not null then 'source_record_id' else 'email' end
            as subject_type,
        coalesce(source_record_id, email) as subject_value,
        'email' as channel,
        'withdrawn' as consent_status,
        occurred_at as changed_at
    from interactions
    where
        channel = 'email'
        and interaction_type = 'unsubscribe'

)

select * from final
