-- Grain: one row per consent event or unsubscribe and customer it speaks for.
-- A grant counts for the one customer who carries the identifier, a withdrawal for everybody who
-- does; an event that speaks for nobody we know stays, without a customer.
with consents as (

    select * from {{ ref('int_consents__unioned') }}

),

interactions as (

    select * from {{ ref('int_interactions__unioned') }}

),

identities as (

    select * from {{ ref('customer_identities') }}

),

identifiers as (

    select * from {{ ref('int_customer_identifiers__collected') }}

),

owners as (

    select * from {{ ref('int_identifier_owners__resolved') }}

),

events as (

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

),

owned as (

    select
        events.consent_event_id,
        events.event_source,
        events.consent_status,
        events.subject_type,
        events.subject_value,
        owners.owner_status,
        owners.customer_id
    from events
    inner join owners
        on
            events.subject_type = owners.identifier_kind
            and events.subject_value = owners.identifier_value

),

spoken_for as (

    select
        owned.event_source,
        owned.consent_event_id,
        owned.customer_id
    from owned
    where owned.owner_status = 'sole'

    union all

    select
        owned.event_source,
        owned.consent_event_id,
        identifiers.customer_id
    from owned
    inner join identifiers
        on
            owned.subject_type = identifiers.identifier_kind
            and owned.subject_value = identifiers.identifier_value
    where
        owned.owner_status = 'shared'
        and owned.consent_status = 'withdrawn'

    union all

    select
        events.event_source,
        events.consent_event_id,
        identities.customer_id
    from events
    inner join identities
        on events.subject_value = identities.source_record_id
    where events.subject_type = 'source_record_id'

),

final as (

    select
        events.consent_event_id,
        events.event_source,
        events.channel,
        events.consent_status,
        events.changed_at,
        spoken_for.customer_id
    from events
    left join spoken_for
        on
            events.event_source = spoken_for.event_source
            and events.consent_event_id = spoken_for.consent_event_id

)

select * from final
