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

carriers as (

    select
        identifiers.identifier_kind as subject_type,
        identifiers.identifier_value as subject_value,
        identifiers.customer_id,
        owners.owner_status
    from identifiers
    inner join owners
        on
            identifiers.identifier_kind = owners.identifier_kind
            and identifiers.identifier_value = owners.identifier_value
    where
        identifiers.identifier_kind in ('email', 'phone')
        and owners.owner_status in ('sole', 'shared')

    union all

    select
        'source_record_id' as subject_type,
        source_record_id as subject_value,
        customer_id,
        'sole' as owner_status
    from identities

),

final as (

    select
        events.consent_event_id,
        events.event_source,
        events.channel,
        events.consent_status,
        events.changed_at,
        carriers.customer_id
    from events
    left join carriers
        on
            events.subject_type = carriers.subject_type
            and events.subject_value = carriers.subject_value
            and (carriers.owner_status = 'sole' or events.consent_status = 'withdrawn')

)

select * from final
