-- Grain: one row per consent event or unsubscribe and customer it speaks for.
-- A grant counts for the one customer who carries the identifier, a withdrawal for everybody who
-- does; an event that speaks for nobody we know stays, without a customer.
with events as (

    select * from {{ ref('int_consent_events__collected') }}

),

identities as (

    select * from {{ ref('int_identities__current') }}

),

identifiers as (

    select * from {{ ref('int_customer_identifiers__collected') }}

),

owners as (

    select * from {{ ref('int_identifier_owners__resolved') }}

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
